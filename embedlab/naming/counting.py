"""The words of texts, counted for their names."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING

from embedlab.naming.segmenting import is_japanese, segment
from embedlab.naming.stop_words import stop_words
from embedlab.texts import UNSPACED, fold, word_spans

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

# What joins words to one name: T-shirt, LABO-288-PRO, customer's.
_LINKS = frozenset("-'’")
# A sign of Chinese or a syllable of Korean is a word.
_IS_WORD = re.compile(rf"[{UNSPACED}\uac00-\ud7a3]")
# What English writes onto a word, and French and Italian in front of it: customer's, don't, l'eau, qu'une, dell'acqua.
_SHORT_FORM = re.compile(
    r"n['’]t$|['’](?:s|t|d|m|ll|re|ve|em)$|^(?:[cdjlmnst]|\w*qu|(?:de|da|ne|su|co|que|a)ll|un)['’](?=\w\w)",
    re.IGNORECASE,
)


@dataclass
class WordCounts:
    """The words of a cluster: how often each stands there, in how many texts, beside which word, in which spelling."""

    words: Counter[str] = field(default_factory=Counter)
    texts: Counter[str] = field(default_factory=Counter)
    pairs: Counter[tuple[str, ...]] = field(default_factory=Counter)
    spellings: Counter[str] = field(default_factory=Counter)

    def add(self, other: WordCounts) -> None:
        """Count the words of other texts as well."""
        self.words.update(other.words)
        self.texts.update(other.texts)
        self.pairs.update(other.pairs)
        self.spellings.update(other.spellings)


def count_words(texts: Sequence[str], groups: NDArray[np.int64]) -> list[WordCounts]:
    """Count the words of each group of texts; groups are numbered from 0."""
    counts = [WordCounts() for _ in range(int(groups.max(initial=-1)) + 1)]
    left_out = stop_words(texts)
    for text, group in zip(texts, groups.tolist(), strict=True):
        _count(text, counts[group], left_out)
    return counts


def _count(text: str, counts: WordCounts, left_out: frozenset[str]) -> None:
    text = unicodedata.normalize("NFKC", text)
    seen: set[str] = set()
    for spelled in _runs(text):
        tokens = [fold(word) for word in spelled]
        words = [word for word in tokens if word not in left_out]
        counts.words.update(words)
        seen.update(words)
        counts.pairs.update(pair for pair in pairwise(tokens) if left_out.isdisjoint(pair))
        counts.spellings.update(spelled)
    counts.texts.update(seen)


def _runs(text: str) -> Iterator[list[str]]:
    """Give the telling words of a text in runs that no punctuation parts; what a hyphen joins is one word."""
    run: list[str] = []
    start = end = -1
    has_kana = is_japanese(text)
    for first, last in [*word_spans(text), (len(text), len(text))]:
        between = text[end:first]
        if end >= 0 and first < last and between in _LINKS:
            end = last
            continue
        if end >= 0:
            word = _SHORT_FORM.sub("", text[start:end])
            parts = segment(word, is_japanese=has_kana)
            run += filter(_is_telling, parts)
            # Behind a particle that is left out, the next word does not stand beside this one.
            if first == last or not between.isspace() or "".join(parts) != word:
                yield run
                run = []
        start, end = first, last


def _is_telling(word: str) -> bool:
    """Whether a word may stand in a name: no number, no single letter; but a sign that is a word, and an emoji."""
    if len(word) == 1:
        return _IS_WORD.search(word) is not None or not word.isalnum()
    return not word.replace("-", "").isdigit()
