"""Texts before a model reads them: the prompts it wants in front, and long texts as passages.

Read ``prompts.py`` first, then ``passages.py``, which ``splitting.py`` cuts.
"""

from embedlab.encoders.preparing.passages import Pieces, split_corpus, split_passages
from embedlab.encoders.preparing.prompts import Prompted, choose_prompt, prompts_of

__all__ = ["Pieces", "Prompted", "choose_prompt", "prompts_of", "split_corpus", "split_passages"]
