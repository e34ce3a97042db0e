"""Words of a text, in any script that puts something between them."""

from __future__ import annotations

import re
import unicodedata
from itertools import pairwise

import regex

# Signs that cannot be seen, such as joiners, soft hyphens and the marks of direction, part no word (Unicode, annex 29);
# only the zero-width space does.
_UNSEEN, _LETTER, _INNER = r"[\p{Cf}--\u200b]", r"[\p{L}\p{N}]", r"[\p{L}\p{N}\p{M}]"
_MARK = r"[\p{M}[\p{Cf}--\u200b]]"
# Hebrew writes a quotation mark into what is abbreviated: דו"ח.
_ABBREVIATED = r"(?<=\p{Hebrew})[\"'״׳](?=\p{Hebrew})"
_REST = rf"{_INNER}*+(?:{_UNSEEN}++{_INNER}++|{_ABBREVIATED}{_INNER}++)*+"
# Marks in front are looked at from the first one only, or a long run of them without a letter would take minutes.
_MARKS_FIRST = rf"(?<!{_MARK}){_UNSEEN}*+\K\p{{M}}{_MARK}*+{_LETTER}{_REST}"
# An emoji with all that changes it is a word; signs such as © and →, which can be emoji too, are none.
_EMOJI = r"(?=[\p{Emoji_Presentation}[\p{Extended_Pictographic}&&[\u2600-\u27bf\U0001f000-\U0001faff]]])\X"
_WORD = regex.compile(rf"{_LETTER}{_REST}|(?=[^\x00-\x7f])(?:{_MARKS_FIRST}|{_EMOJI})", regex.V1)
# Written or left out as one likes: vowel points of Hebrew and Arabic, the line that stretches Arabic words, accents of
# Greek, which capitals lack, and what cannot be seen. The dots of Russian ё go below.
_SIGNS = r"\u0591-\u05c7\u0640\u064b-\u0652\u0670\p{Default_Ignorable_Code_Point}"
_HAS_OPTIONAL = regex.compile(rf"[\p{{Greek}}{_SIGNS}]")
_OPTIONAL = regex.compile(rf"(\p{{Greek}})\p{{Mn}}++|[{_SIGNS}]")

UNSPACED = (
    r"\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
)
"""Scripts without spaces between words, for a class of a regular expression: Thai, Lao, Burmese, Khmer, kana, Han."""

IS_UNSPACED = re.compile(rf"[{UNSPACED}]")
# Korean has spaces, but writes its particles onto the words; parts of two syllables find 냉장고 in 냉장고는 too.
_BY_PAIRS = re.compile(rf"([{UNSPACED}\uac00-\ud7a3]+)")


def word_spans(text: str) -> list[tuple[int, int]]:
    """Return where the words of a text begin and end.

    A word is a run of letters, digits and the marks that combine with them, or an emoji. Where a language writes
    without spaces, as Chinese does, a whole phrase counts as one.

    Examples
    --------
    >>> word_spans("Die Bank, 2 Ufer")
    [(0, 3), (4, 8), (10, 11), (12, 16)]
    >>> word_spans("Thanks👍🏽")
    [(0, 6), (6, 8)]
    """
    return [word.span() for word in _WORD.finditer(text)]


def fold(word: str) -> str:
    """Return the form in which words are compared: without case, width and what one may leave out.

    Accents are written one way; vowel points of Hebrew and Arabic, accents of Greek and what cannot be seen are gone.

    Examples
    --------
    >>> fold("ＡＢＣ１２３"), fold("İstanbul") == fold("istanbul"), fold("الثَّلاجة") == fold("الثلاجة")
    ('abc123', True, True)
    """
    if word.isascii():
        return word.lower()
    # The dotted capital İ would become an i with a second dot.
    folded = unicodedata.normalize("NFKC", word).replace("İ", "i").casefold()
    folded = folded.replace("’", "'").replace("׳", "'").replace("״", '"').replace("ё", "е")
    if _HAS_OPTIONAL.search(folded):
        folded = _OPTIONAL.sub(r"\1", unicodedata.normalize("NFD", folded))
    return unicodedata.normalize("NFKC", folded)


def in_pairs(word: str) -> list[str]:
    """Cut a word into pairs of characters where its script has no spaces, and in Korean; other words stay whole.

    Examples
    --------
    >>> in_pairs("냉장고는"), in_pairs("parcel")
    (['냉장', '장고', '고는'], ['parcel'])
    """
    if word.isascii():
        return [word]
    parts: list[str] = []
    for place, run in enumerate(_BY_PAIRS.split(word)):
        if place % 2 and len(run) > 1:
            parts += ["".join(pair) for pair in pairwise(run)]
        elif run:
            parts.append(run)
    return parts
