"""Words of a text, in any script that puts something between them."""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from itertools import chain, groupby

# Invisible, and inside of words: Persian and the scripts of India join and part letters with them.
_JOINERS = "\u200c\u200d"


UNSPACED = (
    r"\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
)
"""Scripts without spaces between words, for a class of a regular expression: Thai, Lao, Burmese, Khmer, kana, Han."""


IS_UNSPACED = re.compile(rf"[{UNSPACED}]")


def word_spans(text: str) -> list[tuple[int, int]]:
    """Return where the words of a text begin and end.

    A word is a run of letters, digits and the marks that combine with them. Where a language writes without spaces, as
    Chinese does, a whole phrase counts as one.

    Examples
    --------
    >>> word_spans("Die Bank, 2 Ufer")
    [(0, 3), (4, 8), (10, 11), (12, 16)]
    """
    found = (run.span() for run in _runs().finditer(text))
    return [
        (start, end) for start, end in found if text[start].isalnum() or any(char.isalnum() for char in text[start:end])
    ]


def fold(word: str) -> str:
    """Return the form in which words are compared: without case, and with accents written one way."""
    return unicodedata.normalize("NFC", word.casefold())


@cache
def _runs() -> re.Pattern[str]:
    """Return what finds runs of letters, digits, marks and joiners; a regular expression by itself knows no marks."""
    # Planes 2 and 3 hold ideographs alone; of the rest only the selectors of plane 14 are given out.
    planes = chain(range(0x20000), range(0xE0000, 0xE1000))
    points = [point for point in planes if unicodedata.category(chr(point))[0] == "M"]
    ranges = []
    for _, group in groupby(enumerate(points), key=lambda pair: pair[1] - pair[0]):
        run = [point for _, point in group]
        ranges.append(f"\\U{run[0]:08x}-\\U{run[-1]:08x}")
    return re.compile(rf"(?:[^\W_]+|[{''.join(ranges)}{_JOINERS}]+)+")
