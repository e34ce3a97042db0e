"""Search: by meaning, by words, by both, and the words that carry a match.

Read ``dense.py`` first: exact search among embeddings. ``lexical.py`` is BM25, ``fusion.py`` makes one list of several,
``ways.py`` searches in any of these ways.
"""

from embedlab.search.dense import Hit, SearchIndex
from embedlab.search.fusion import DEPTH, FusedHit, K, fuse_rankings, search_both
from embedlab.search.lexical import LexicalIndex
from embedlab.search.matching import MatchedWord, TokenMatch, match_tokens
from embedlab.search.queries import read_queries
from embedlab.search.ways import By, check_min_score, search_by

__all__ = [
    "By",
    "DEPTH",
    "FusedHit",
    "Hit",
    "K",
    "LexicalIndex",
    "MatchedWord",
    "SearchIndex",
    "TokenMatch",
    "check_min_score",
    "fuse_rankings",
    "match_tokens",
    "read_queries",
    "search_both",
    "search_by",
]
