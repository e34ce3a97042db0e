r"""Does a reading of bytes look like a language? A wrong encoding leaves letters that no one language has together.

``\xe8`` is ``è`` in Western and ``č`` in Central European files, and detectors mistake one for the other. But no
language writes both ``č`` and ``ę``, so French read the wrong way shows itself by the company its letters keep.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

_LATIN = (
    "äöüß",  # German
    "àâæçèéêëîïôœùûüÿ",  # French
    "áéíñóúü",  # Spanish
    "áâãàçéêíóôõúü",  # Portuguese
    "àèéìíîòóùú",  # Italian
    "àçèéíïòóúü",  # Catalan
    "áéèêëïíóôöüú",  # Dutch
    "åäæöøéü",  # Danish, Norwegian, Swedish, Finnish
    "áðéíóúýþæö",  # Icelandic
    "ąćęłńóśźż",  # Polish
    "áäčďéěíĺľňóôŕřšťúůýž",  # Czech, Slovak
    "áéíóöőúüű",  # Hungarian
    "ăâîșțşţ",  # Romanian
    "čćđšž",  # Croatian, Slovene
    "çğıöşüâîû",  # Turkish
    "ąčęėįšųūž",  # Lithuanian
    "āčēģīķļņšūž",  # Latvian
    "äõöüšž",  # Estonian
)
_CYRILLIC = "абвгдеёжзийклмнопрстуфхцчшщъыьэюяієїґўђјљњћџ"
_GREEK = "αβγδεζηθικλμνξοπρσςτυφχψωάέήίόύώϊϋΐΰ"
_HEBREW = "".join(map(chr, [*range(0x05B0, 0x05C8), *range(0x05D0, 0x05F5), 0x200E, 0x200F])) + "₪"
_ARABIC = "".join(map(chr, [0x060C, 0x061B, 0x061F, *range(0x0621, 0x0653), 0x200C, 0x200D])) + "ٹپچژڈگڑکھںہےۀ"
_THAI = "".join(map(chr, [*range(0x0E01, 0x0E3B), *range(0x0E3F, 0x0E50)]))
_ALPHABETS = tuple(map(frozenset, _LATIN))
_PURE_ALPHABETS = tuple(map(frozenset, (_CYRILLIC, _GREEK, _HEBREW, _ARABIC, _THAI)))
# What the letters of Hebrew read as in Cyrillic and Greek encodings. The last of a line are rare there, and stand for
# some of the most frequent ones of Hebrew.
_LIKE_HEBREW = (
    (frozenset("абвгдежзийклмнопрстуфхцчшщъ"), "щъ"),
    (frozenset("αβγδεζηθικλμνξοπρςστυφχψωϊΰ"), "ΰ"),
)
_RARE_SHARE = 1 / 25
# Marks where they stand in English, and thus in no word that another encoding could make of their bytes.
_MARKS_IN_PLACE = re.compile(
    r"""(?<=[A-Za-z0-9.,!?)])[’”]|[‘“](?=[A-Za-z0-9(])|(?<=[A-Za-z0-9])[–—](?=[A-Za-z0-9])|…|\u00a0
    |(?<=\s)[–—•·](?=\s)|^•|(?<![^\W_])[£€](?![^\W\d_])|(?<=\d)\s?[°€]|(?<=m)[²³](?!\w)|[©®™](?!\w)|½(?!\w)
    |(?<=[\d\s])×(?=[\d\s])|±(?=\s?\d)""",
    re.VERBOSE | re.MULTILINE,
)
# 6ºA: Python takes the signs of ordinals for small letters.
_NO_ORDINALS = str.maketrans("", "", "ªº")
_MARKS = frozenset("’‘“”„‚–—…«»‹›€£°¡¿·• \u00a0。、，．！？：；（）「」『』ー")


def is_credible(words: Sequence[str]) -> bool:
    """Return whether words with foreign letters could all be of one language.

    Parameters
    ----------
    words : sequence of str
        Each holds at least one character beyond ASCII.

    Returns
    -------
    bool

    Examples
    --------
    >>> is_credible(["très", "élève"]), is_credible(["trčs", "élčve", "foręt"])
    (True, False)
    """
    words = [word.translate(_NO_ORDINALS) for word in words]
    # str.lower() makes two characters of the Turkish capital I with a dot.
    letters = {char.replace("İ", "ı").lower() for word in words for char in word if char > "\x7f"} - _MARKS
    if not letters or any(map(_changes_case, words)):
        return False
    if any(letters <= alphabet for alphabet in _ALPHABETS):
        return True
    if any(letters <= alphabet for alphabet in _PURE_ALPHABETS):
        # Russian read in the other Cyrillic encoding is all capitals.
        is_small = 2 * sum(map(str.isupper, words)) < len(words)
        return is_small and not any(map(_is_mixed, words)) and not _is_hebrew(letters, words)
    return _is_east_asian(letters)


def is_punctuated(text: str) -> bool:
    """Return whether everything foreign in a text is a mark that stands where such a mark stands.

    Parameters
    ----------
    text : str

    Returns
    -------
    bool

    Examples
    --------
    >>> is_punctuated("It’s £5 – or less"), is_punctuated("Itťs Ł5 – or less"), is_punctuated("£ukasz")
    (True, False, False)
    """
    return not text.isascii() and _MARKS_IN_PLACE.sub("", text).isascii()


def _changes_case(word: str) -> bool:
    """Whether a capital follows a small letter and either is foreign: ``schŠn``."""
    pairs = zip(word, word[1:], strict=False)
    return any(a.islower() and b.isupper() and (a > "\x7f" or b > "\x7f") for a, b in pairs)


def _is_mixed(word: str) -> bool:
    """Whether Latin letters touch foreign ones or their points, as ``cafй``: French misread as Cyrillic."""
    written = [char.isalpha() or (char > "\x7f" and char not in _MARKS) for char in word]
    pairs = zip(word, word[1:], written, written[1:], strict=False)
    return any(is_one and is_next and a.isascii() != b.isascii() for a, b, is_one, is_next in pairs)


def _is_hebrew(letters: set[str], words: Sequence[str]) -> bool:
    """Whether Cyrillic or Greek letters are Hebrew ones misread."""
    text = "".join(words)
    n_letters = sum(char > "\x7f" for char in text)
    return any(
        letters <= alike and sum(map(text.count, rare)) > _RARE_SHARE * n_letters for alike, rare in _LIKE_HEBREW
    )


def _is_east_asian(letters: set[str]) -> bool:
    """Korean is syllables of everyday use, Japanese has kana, Chinese is neither and uses the whole of its first plane.

    Everyday Korean syllables lie where Chinese keeps its first characters by pronunciation, a to n; a Chinese text goes
    on to z.
    """
    if all("가" <= char <= "힣" for char in letters):
        return all(len(_encoded(char, "euc_kr")) == 2 for char in letters)
    kana = {char for char in letters if "\u3040" <= char <= "\u30ff"}
    han = {char for char in letters if "\u4e00" <= char <= "\u9fff"}
    if letters - kana - han:
        return False
    if kana:
        return all(b"\x88" <= _encoded(char, "shift_jis")[:1] <= b"\x97" for char in han)
    leads = {_encoded(char, "gb2312")[:1] for char in han}
    return b"" not in leads and max(leads) > b"\xc8" and max(leads) <= b"\xd7"


def _encoded(char: str, encoding: str) -> bytes:
    return char.encode(encoding, "ignore")
