"""What the cells of a column are: numbers, dates, or names of categories."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

MAX_NAMED_VALUES = 15
"""A column of so many different numbers or fewer is one of categories, such as marks from 1 to 5."""


@dataclass(frozen=True, eq=False)
class Scale:
    """A column of numbers or dates.

    Parameters
    ----------
    numbers : float64 array of shape (n,)
        Dates are seconds since 1970; NaN where a cell is blank.
    ends : (str, str)
        The cells with the least and the largest number.
    is_date : bool
    """

    numbers: NDArray[np.float64]
    ends: tuple[str, str]
    is_date: bool


def read_scale(values: Sequence[Any] | NDArray[Any]) -> Scale | None:
    """Return a column as numbers where every cell is a number or a date, or blank, and there are many.

    Parameters
    ----------
    values : sequence of length n

    Returns
    -------
    Scale or None
        None for a column of categories.
    """
    cells = [str(value).strip() for value in values]
    if len(set(cells)) <= MAX_NAMED_VALUES:
        return None
    for read, is_date in ((_as_numbers, False), (_as_dates, True)):
        numbers = read(cells)
        if numbers is not None and np.isfinite(numbers).any():
            order = np.argsort(np.where(np.isfinite(numbers), numbers, np.inf))
            last = int(np.isfinite(numbers).sum()) - 1
            return Scale(numbers, (cells[order[0]], cells[order[last]]), is_date)
    return None


def _as_numbers(cells: list[str]) -> NDArray[np.float64] | None:
    try:
        return np.array([float(cell) if cell else np.nan for cell in cells])
    except ValueError:
        return None


def _as_dates(cells: list[str]) -> NDArray[np.float64] | None:
    try:
        days = np.array([cell or "NaT" for cell in cells], dtype="datetime64[s]")
    except ValueError:
        return None
    return np.where(np.isnat(days), np.nan, days.astype(np.int64).astype(np.float64))
