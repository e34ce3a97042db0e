"""The inside of a model, for one text: tokens, token vectors by layer, attention by head, poolings.

Read ``inspection.py`` first: what is seen. ``inspector.py`` opens a model, ``words.py`` follows one word.
"""

from embedlab.inspection.inspection import Inspection, Token
from embedlab.inspection.inspector import Inspector, load_inspector
from embedlab.inspection.words import find_word, shared_words, word_divergence

__all__ = ["Inspection", "Inspector", "Token", "find_word", "load_inspector", "shared_words", "word_divergence"]
