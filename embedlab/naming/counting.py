"""The words of texts, counted for their names."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

# Letters and digits of any script, joined by hyphens and apostrophes: T-shirt, LABO-288-PRO, customer's.
_WORD = re.compile(r"[^\W_]+(?:[-'’][^\W_]+)*")
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
    found = [_SHORT_FORM.sub("", match) for match in _WORD.findall(text)]
    spelled = [word for word in found if len(word) > 1 and not word.replace("-", "").isdigit()]
    tokens = [word.lower() for word in spelled]
    words = [word for word in tokens if word not in _stop_words()]
    counts.words.update(words)
    counts.texts.update(set(words))
    counts.pairs.update(pair for pair in pairwise(tokens) if _stop_words().isdisjoint(pair))
    counts.spellings.update(spelled)


@cache
def _stop_words() -> frozenset[str]:
    from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS

    return ENGLISH_STOP_WORDS.union(_GERMAN_STOP_WORDS.split())
