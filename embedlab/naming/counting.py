"""The words of texts, counted for their names."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING

from embedlab.naming.segmenting import is_japanese, segment
from embedlab.texts import UNSPACED, fold, word_spans

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

# What joins words to one name: T-shirt, LABO-288-PRO, customer's.
_LINKS = frozenset("-'’")
# A sign of Chinese or a syllable of Korean is a word.
_IS_WORD = re.compile(rf"[{UNSPACED}\uac00-\ud7a3]")
_SHORT_FORM = re.compile(r"(n['’]t|['’]\w+)$")
_GERMAN_STOP_WORDS = """
    aber alle allem allen aller alles als also am an andere anderen auch auf aus bei beim bereits bin bis bist bitte
    da dabei damit dann das dass dem den denn der deren des dessen die dies diese diesem diesen dieser dieses doch
    dort du durch ein eine einem einen einer eines er es etwas euch für ganz gegen hab habe haben hat hatte hatten
    hier ich ihm ihn ihnen ihr ihre ihrem ihren ihrer im immer in ins ist ja jede jeden jeder jedes kann keine
    keinen können könnte man mehr mein meine meinem meinen meiner mich mir mit muss nach nicht noch nun nur ob oder
    ohne schon sehr sein seine seinem seinen seiner seit sich sie sind so soll sollte sondern statt trotz um und uns
    unser unsere unter vom von vor wann war waren warum was weil welche welcher welches wenn wer werden wie wieder
    will wir wird wo wurde wurden während zu zum zur zwischen über
"""
"""The commonest function words; scikit-learn brings a list for English only."""


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
    for text, group in zip(texts, groups.tolist(), strict=True):
        _count(text, counts[group])
    return counts


def _count(text: str, counts: WordCounts) -> None:
    text = unicodedata.normalize("NFKC", text)
    seen: set[str] = set()
    for spelled in _runs(text):
        tokens = [fold(word) for word in spelled]
        words = [word for word in tokens if word not in _stop_words()]
        counts.words.update(words)
        seen.update(words)
        counts.pairs.update(pair for pair in pairwise(tokens) if _stop_words().isdisjoint(pair))
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
            run += filter(_is_telling, segment(_SHORT_FORM.sub("", text[start:end]), is_japanese=has_kana))
            if first == last or not between.isspace():
                yield run
                run = []
        start, end = first, last


def _is_telling(word: str) -> bool:
    """Whether a word may stand in a name: no number, and no single letter, but a syllable or a sign that is a word."""
    return not word.replace("-", "").isdigit() and (len(word) > 1 or _IS_WORD.search(word) is not None)


@cache
def _stop_words() -> frozenset[str]:
    from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS

    return ENGLISH_STOP_WORDS.union(_GERMAN_STOP_WORDS.split())
