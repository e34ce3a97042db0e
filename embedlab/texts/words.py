"""Words of a text, in any script that puts something between them."""

from __future__ import annotations

import re
import unicodedata

import regex

# Joiners are invisible, and inside of words: Persian and the scripts of India join and part letters with them.
_MARK, _LETTER, _ANY = r"[\p{M}\u200c\u200d]", r"[\p{L}\p{N}]", r"[\p{L}\p{N}\p{M}\u200c\u200d]"
# Marks in front are looked at from the first one only, or a long run of them without a letter would take minutes.
_WORD = regex.compile(rf"{_LETTER}{_ANY}*+|(?<!{_MARK}){_MARK}++{_LETTER}{_ANY}*+")

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
    return [word.span() for word in _WORD.finditer(text)]


def fold(word: str) -> str:
    """Return the form in which words are compared: without case and width, and with accents written one way.

    Examples
    --------
    >>> fold("ＡＢＣ１２３"), fold("İstanbul") == fold("istanbul")
    ('abc123', True)
    """
    # The dotted capital İ would become an i with a second dot.
    folded = unicodedata.normalize("NFKC", word).replace("İ", "i").casefold()
    return unicodedata.normalize("NFKC", folded)
