"""Which rows of a table are looked at: those whose cells are among some values, in a range, or hold some words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from embedlab.columns import read_scale
from embedlab.errors import InvalidInputError
from embedlab.texts import fold

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True)
class Filter:
    """A condition on the cells of one column.

    Parameters
    ----------
    column : str
    values : tuple of str, optional
        The cell is one of these; a cell of several labels holds one of them, or none where ``""`` is among these.
    limits : (float, float), optional
        The cell's number, or its date in seconds since 1970, lies between these, ends included; a blank one does not.
    contains : str, default=""
        The cell holds this, compared as :func:`embedlab.texts.fold` has it: in capitals or not, in any form of Unicode.
    """

    column: str
    values: tuple[str, ...] | None = None
    limits: tuple[float, float] | None = None
    contains: str = ""


def matching_rows(columns: Mapping[str, Sequence[Any]], filters: Sequence[Filter]) -> NDArray[np.int64]:
    """Return the rows that pass every filter.

    Parameters
    ----------
    columns : mapping of str to sequence of length n
        The table, at least the columns that are filtered by. A column may hold numbers already, and a cell several
        labels as a tuple.
    filters : sequence of Filter

    Returns
    -------
    int64 array
        Positions, rising.

    Raises
    ------
    InvalidInputError
        When a column does not exist, or has limits and holds something else than numbers and dates.

    Examples
    --------
    >>> matching_rows({"animal": ["cat", "dog", "Catfish"]}, [Filter("animal", contains="cat")]).tolist()
    [0, 2]
    """
    n = len(next(iter(columns.values()), ()))
    passing = np.ones(n, dtype=bool)
    for condition in filters:
        if condition.column not in columns:
            raise InvalidInputError(f"There is no column {condition.column!r} to filter by.")
        passing &= _passes(columns[condition.column], condition)
    return np.flatnonzero(passing)


def _passes(cells: Sequence[Any], condition: Filter) -> NDArray[np.bool_]:
    passing = np.ones(len(cells), dtype=bool)
    if condition.values is not None:
        passing &= np.fromiter(_among(cells, frozenset(condition.values)), dtype=bool, count=len(cells))
    if condition.contains:
        words = fold(condition.contains)
        passing &= np.fromiter((words in fold(str(cell)) for cell in cells), dtype=bool, count=len(cells))
    if condition.limits is not None:
        low, high = condition.limits
        numbers = _numbers(cells, condition.column)
        passing &= (numbers >= low) & (numbers <= high)
    return passing


def _among(cells: Sequence[Any], values: frozenset[str]) -> Iterator[bool]:
    for cell in cells:
        if isinstance(cell, tuple):
            yield not values.isdisjoint(cell or ("",))
        else:
            yield str(cell) in values


def _numbers(cells: Sequence[Any], column: str) -> NDArray[np.float64]:
    if isinstance(cells, np.ndarray) and cells.dtype == np.float64:
        return cells
    scale = read_scale(cells, name=column)
    if scale is None:
        raise InvalidInputError(f"The column {column!r} holds more than numbers and dates.")
    return scale.numbers
