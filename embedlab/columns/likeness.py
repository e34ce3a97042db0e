"""How much the cells of a column are language, and not addresses, ids, code, numbers or names of programs."""

from __future__ import annotations

import re
from collections.abc import Sequence

import regex

from embedlab.texts import IS_UNSPACED

_TAG = re.compile(r"<[^<>]{1,500}>")
_WORD = regex.compile(r"\p{L}[\p{L}\p{M}\u200c\u200d]*+(?:['’-]\p{L}[\p{L}\p{M}]*+)*+")
# What stands for a thing, and says nothing itself; only as a whole cell.
_THINGS = (
    r"\S+@\S+\.\w+",  # an e-mail address
    r"(?:\w+:)?//\S+|www\.\S+|\S+\.(?:com|org|net|de|io|co|kr|jp)(?:/\S*)?",  # the address of a page
    r"(?:[A-Za-z]:|~|\.{1,2})?[\\/](?:[^\\/]+[\\/])+[^\\/]*\.\w{1,5}",  # a file path
    r"(?:[^\s\\/]+[\\/])+[^\s\\/]*\.\w{1,5}|(?:[\\/][^\s\\/]+){2,}",
    r"[0-9a-fA-F-]{16,}|(?=\S*\d)[A-Za-z0-9+/_-]{20,}={0,2}",  # a hash, a UUID, a token
    r"[\w.-]+=[^=\s&;,]*(?:[&;,\s]+[\w.-]+=[^=\s&;,]*)+",  # settings, a query
)
_THING = re.compile("|".join(f"(?:{thing})" for thing in _THINGS))
# JSON, by its ends; markup that draws.
_ENDS = (("{", "}"), ("[", "]"), ("<svg", ">"), ("<?xml", ">"))
_PROGRAM = re.compile(r"^(?:Mozilla|Opera|curl|okhttp|Dalvik|python-requests|PostmanRuntime|Googlebot)/\d")
_VERSIONS = re.compile(r"\b[A-Za-z][\w.-]*/\d+\.\d")
_LOOKED_AT = 2_000
# Letters of a script that is written without spaces make a text of themselves.
_ENOUGH_UNSPACED = 4


def language_likeness(cell: str) -> float:
    """Return how much a cell looks like language: 1 for a sentence, less for a word or two, 0 for what is no language.

    Parameters
    ----------
    cell : str
        Not blank, without white space around it.

    Examples
    --------
    >>> language_likeness("The parcel never came."), language_likeness("shipping"), language_likeness('{"a": "b c d"}')
    (1.0, 0.2, 0.0)
    """
    begun = cell[:_LOOKED_AT]
    if any(cell.startswith(start) and cell.endswith(end) for start, end in _ENDS) or _PROGRAM.match(cell):
        return 0.0
    if _THING.fullmatch(begun) or len(_VERSIONS.findall(begun)) > 1:
        return 0.0
    plain = _TAG.sub(" ", begun) if "<" in begun else begun
    words = _WORD.findall(plain)
    if not words or sum(map(len, words)) < 0.4 * len("".join(plain.split())):
        return 0.0
    if len(IS_UNSPACED.findall(plain)) >= _ENOUGH_UNSPACED:
        return 1.0
    return (0.2, 0.4, 0.7, 1.0)[min(len(words), 4) - 1]


def lack_letters(cells: Sequence[str]) -> list[bool]:
    """Return whether each cell has digits and no letter, as numbers and dates have, in whatever form."""
    return [not any(char.isalpha() for char in cell) and any(char.isdigit() for char in cell) for cell in cells]


def mean_likeness(cells: Sequence[str]) -> float:
    """Return the mean likeness of cells, 0 where there are none."""
    return sum(map(language_likeness, cells)) / len(cells) if cells else 0.0
