"""Which cells of a column mean that nothing is known: blank ones, and words such as ``NaN`` or ``N/A``."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from embedlab.texts import is_blank

if TYPE_CHECKING:
    from numpy.typing import NDArray

MISSING_WORDS = (
    *("NaN", "NA", "N/A", "n.a.", "#N/A", "#NA", "<NA>", "NaT", "null", "#NULL!", "\\N", "None", "nil", "undefined"),
    *("-", "--", "---", "–", "—", "#NV", "#DIV/0!", "#VALUE!", "#REF!", "k. A.", "k.A.", "keine Angabe"),
)
"""The words that mean a missing cell where nobody says other ones, in capitals or not."""

# Regions of sales, among which NA is North America.
_REGIONS = frozenset({"EMEA", "APAC", "LATAM", "AMER"})
_CODE = re.compile("[A-Z]{2}")
_QUESTION = re.compile(r"[?？]\s*$")


@dataclass(frozen=True, eq=False)
class Missing:
    """What is missing in a column.

    Parameters
    ----------
    rows : bool array of shape (n,)
        Whether each cell is missing.
    words : dict of str to int
        Words that were taken for missing, as they stand, and how often; not the blank cells.
    kept : dict of str to int
        Words of the list that are values here, and how often.
    """

    rows: NDArray[np.bool_]
    words: Mapping[str, int] = field(default_factory=dict)
    kept: Mapping[str, int] = field(default_factory=dict)


def find_missing(cells: Sequence[str] | NDArray, words: Sequence[str] | None = None, name: str = "") -> Missing:
    """Find the cells of a column that mean that nothing is known.

    Parameters
    ----------
    cells : sequence of str of length n
    words : sequence of str, optional
        What means missing beside blank cells, in capitals or not; ``MISSING_WORDS`` where not given. Words that are
        given always count. Of the usual ones two are values where the column says so: ``NA`` among codes of two
        capitals (Namibia) or regions of sales, and ``None`` where it is not written as Python writes it, or blank
        cells stand beside it, or the column is named by a question: there somebody has answered "none".
    name : str, default=""
        What the column is called.

    Returns
    -------
    Missing

    Examples
    --------
    >>> find_missing(["good", "N/A", "", "bad"]).rows.tolist()
    [False, True, True, False]
    >>> find_missing(["DE", "NA", "FR", "ES"]).kept
    {'NA': 1}
    >>> find_missing(["Peanuts", "none"], words=["None"]).words
    {'none': 1}
    """
    import pandas as pd

    codes, found = pd.factorize(np.asarray(cells, dtype=object))
    different = list(map(str.strip, map(str, found.tolist())))
    counts = np.bincount(codes, minlength=len(different))
    listed = {word.strip().casefold() for word in (MISSING_WORDS if words is None else words)}
    longest = max(map(len, listed), default=0)  # no word is shorter in small letters
    blank = np.array(list(map(is_blank, different)), dtype=bool)
    meant = np.array([len(cell) <= longest and cell.casefold() in listed for cell in different], dtype=bool) & ~blank
    kept = np.zeros(len(different), dtype=bool)
    if words is None and meant.any():
        others = [cell for cell, out in zip(different, meant | blank, strict=True) if not out]
        kept[meant] = [_is_value(cell, others, bool(blank.any()), name) for cell in np.array(different)[meant]]
    missing = blank | (meant & ~kept)
    taken, left = (_counted(different, counts, which) for which in (meant & ~kept, kept))
    return Missing(missing[codes], taken, left)


def _is_value(word: str, others: Sequence[str], has_blank: bool, name: str) -> bool:
    """Whether a word of the usual ones is a value of its column."""
    if word == "NA":
        codes = sum(bool(_CODE.fullmatch(cell)) for cell in others)
        return not _REGIONS.isdisjoint(others) or 2 * codes > len(others)
    if word.casefold() in ("none", "nil"):
        # Python writes a missing cell as None, and then all of them so.
        return word != "None" or has_blank or bool(_QUESTION.search(name))
    return False


def _counted(words: Sequence[str], counts: NDArray[np.int64], which: NDArray[np.bool_]) -> dict[str, int]:
    """Return the chosen words with the number of their cells, the most frequent first."""
    found: dict[str, int] = {}
    for place in np.flatnonzero(which).tolist():
        found[words[place]] = found.get(words[place], 0) + int(counts[place])
    return dict(sorted(found.items(), key=lambda item: -item[1]))
