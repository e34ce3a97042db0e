"""Texts in, embeddings out: transformers, and the baselines they have to beat.

Read ``base.py`` first: what every encoder is. ``loading.py`` makes one from a name.
"""

from embedlab.encoders.base import Encoder, Progress
from embedlab.encoders.hosted import HostedEncoder
from embedlab.encoders.loading import find_files, load_encoder
from embedlab.encoders.precomputed import PrecomputedEncoder
from embedlab.encoders.preparing import choose_prompt, prompts_of, split_corpus, split_passages
from embedlab.encoders.running import Unread
from embedlab.encoders.shrinking import say_cut, shrink
from embedlab.encoders.static import StaticEncoder
from embedlab.encoders.tfidf import TfidfEncoder
from embedlab.encoders.transformer import TokenVectors, TransformerEncoder

__all__ = [
    "Encoder",
    "HostedEncoder",
    "PrecomputedEncoder",
    "Progress",
    "StaticEncoder",
    "TfidfEncoder",
    "TokenVectors",
    "TransformerEncoder",
    "Unread",
    "choose_prompt",
    "find_files",
    "load_encoder",
    "prompts_of",
    "say_cut",
    "shrink",
    "split_corpus",
    "split_passages",
]
