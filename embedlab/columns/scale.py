"""Columns that lie along a scale: numbers, dates or times of day, read by what most of the cells are."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from embedlab.columns.dates import read_dates, read_times
from embedlab.columns.missing import find_missing
from embedlab.columns.numbers import as_arrow, read_numbers
from embedlab.rows import sample_positions

if TYPE_CHECKING:
    import pyarrow as pa
    from numpy.typing import NDArray

MAX_NAMED_VALUES = 15
"""A column of so many different numbers or fewer is one of categories, such as marks from 1 to 5."""

# Three quarters of the different cells have to fit, and more than half of all.
_MOST = 0.75
_LOOKED_AT = 500
_DATE_NAME = re.compile(
    r"date|time|datum|zeit|timestamp|created|updated|modified|published|posted|_at$|fecha|날짜|일시|시간|日期|時間|日付"
    r"|^(ts|when|day|epoch|am)$",
    re.IGNORECASE,
)
Kind = Literal["number", "date", "time"]


@dataclass(frozen=True, eq=False)
class Scale:
    """A column of numbers, dates or times of day.

    Parameters
    ----------
    numbers : float64 array of shape (n,)
        Dates are seconds since 1970, times of day seconds since midnight; NaN where a cell is missing or does not fit.
    ends : (str, str)
        The cells with the least and the largest number.
    kind : str
        ``"number"``, ``"date"`` or ``"time"``.
    unread : dict of str to int
        Cells that do not fit and how often each stands there, the most frequent first; missing ones are not among them.
    day_first : bool or None
        How ``03/04/2024`` was read; None where no cell is written so.
    note : str
        What was decided without a cell that settles it, as a sentence; empty where nothing was.
    """

    numbers: NDArray[np.float64]
    ends: tuple[str, str]
    kind: Kind
    unread: Mapping[str, int] = field(default_factory=dict)
    day_first: bool | None = None
    note: str = ""

    @property
    def is_date(self) -> bool:
        """Whether its numbers are seconds since 1970."""
        return self.kind == "date"

    @property
    def remark(self) -> str:
        """What does not fit, as a sentence; empty where everything does."""
        if not self.unread:
            return ""
        n_unread, n_read = sum(self.unread.values()), int(np.isfinite(self.numbers).sum())
        shown = ", ".join(f"{cell[:40]!r} ({number:,})" for cell, number in list(self.unread.items())[:3])
        more = f" and {len(self.unread) - 3:,} others" if len(self.unread) > 3 else ""
        what = {"number": "numbers", "date": "dates", "time": "times"}[self.kind]
        return f"{n_unread:,} of {n_unread + n_read:,} cells are no {what}: {shown}{more}."


def read_scale(
    values: Sequence[Any] | NDArray[Any],
    *,
    name: str = "",
    missing: Sequence[str] | None = None,
    day_first: bool | None = None,
    least_different: int = MAX_NAMED_VALUES + 1,
) -> Scale | None:
    """Return a column as numbers where most of its cells are numbers, dates or times, and there are many different.

    Parameters
    ----------
    values : sequence of length n
    name : str, default=""
        What the column is called: seconds since 1970 and ``20241231`` are dates under the name of one only.
    missing : sequence of str, optional
        Words that mean a missing cell; see :func:`find_missing`.
    day_first : bool, optional
        Whether ``03/04/2024`` is the third of April; decided by the column where not given.
    least_different : int, default=16
        A column of fewer different numbers is one of categories, such as marks from 1 to 5.

    Returns
    -------
    Scale or None
        None for a column of categories. Three quarters of the different cells have to fit, and more than half of all
        that are not missing.

    Examples
    --------
    >>> days = [f"{day}.12.2024" for day in range(1, 32)]
    >>> scale = read_scale([*days, "unknown"])
    >>> scale.kind, scale.ends, dict(scale.unread)
    ('date', ('1.12.2024', '31.12.2024'), {'unknown': 1})
    """
    import pandas as pd

    cells = np.array(list(map(str.strip, map(str, values))), dtype=object)
    codes, found = pd.factorize(cells)
    if len(found) < least_different:
        return None
    known = np.flatnonzero(~find_missing(found, missing, name).rows)
    ways = _ways(name, day_first)
    # Texts are told by a few: of cells that mostly fit, hardly a draw of 500 has a third that does.
    drawn = known[sample_positions(len(known), _LOOKED_AT, random_state=0)]
    drawn_cells = as_arrow(found[drawn].tolist())
    for kind, way in ways.items():
        if 2 * np.isfinite(way(drawn_cells)[0]).sum() < len(drawn):
            continue
        read, settled_by, note = way(as_arrow(found[known].tolist()))
        values_of = np.full(len(found), np.nan)
        values_of[known] = read
        fits = np.isfinite(values_of)
        counts = np.bincount(codes, minlength=len(found))
        if fits.sum() < _MOST * len(known) or 2 * counts[fits].sum() <= counts[known].sum():
            continue
        if len(np.unique(values_of[fits])) < least_different:
            return None
        order = np.argsort(np.where(fits, values_of, np.inf), kind="stable")
        ends = found[order[0]], found[order[int(fits.sum()) - 1]]
        left = known[~fits[known]]
        left = left[np.argsort(-counts[left], kind="stable")]
        unread = {str(found[place]): int(counts[place]) for place in left.tolist()}
        return Scale(values_of[codes], ends, kind, unread, settled_by, note)
    return None


_Way = Callable[["pa.Array"], tuple["NDArray[np.float64]", bool | None, str]]


def _ways(name: str, day_first: bool | None) -> dict[Kind, _Way]:
    """Return how cells are read, what is tried first first: under the name of a date also a number can be one."""

    def as_numbers(cells: pa.Array) -> tuple[NDArray[np.float64], bool | None, str]:
        read = read_numbers(cells)
        signs = "the comma as the decimal sign" if read.has_comma else "the point as the decimal sign"
        note = f"Numbers such as 1.234 and 1,234 are read with {signs}; no cell settles it." if read.n_one_group else ""
        return read.values, None, note

    def as_dates(cells: pa.Array) -> tuple[NDArray[np.float64], bool | None, str]:
        read = read_dates(cells, day_first=day_first, is_named=is_named)
        order = "day first" if read.day_first else "month first" if read.day_first is False else "year first"
        is_open = day_first is None and not read.is_settled
        note = f"Dates are read with the {order}; no cell settles whether the day or the month comes first."
        return read.values, read.day_first, note if is_open else ""

    def as_times(cells: pa.Array) -> tuple[NDArray[np.float64], bool | None, str]:
        return read_times(cells), None, ""

    is_named = bool(_DATE_NAME.search(name.strip()))
    ways: dict[Kind, _Way] = {"number": as_numbers, "date": as_dates, "time": as_times}
    return {kind: ways[kind] for kind in (("date", "number", "time") if is_named else ways)}
