"""Search: by meaning, by words, by both, and the words that carry a match.

Read ``dense.py`` first: exact search among embeddings. ``lexical.py`` is BM25, ``fusion.py`` makes one list of several.
"""

from embedlab.search.dense import Hit, SearchIndex
from embedlab.search.fusion import DEPTH, By, FusedHit, K, fuse_rankings, search_both, search_by
from embedlab.search.lexical import LexicalIndex
from embedlab.search.matching import MatchedWord, TokenMatch, match_tokens
from embedlab.search.queries import read_queries

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
    "fuse_rankings",
    "match_tokens",
    "read_queries",
    "search_both",
    "search_by",
]
