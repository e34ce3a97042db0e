"""What the cells of one table mean, column by column: labels, several labels, numbers and dates, or nothing."""

from __future__ import annotations

from collections.abc import Callable
from itertools import count
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

from embedlab.columns.labels import has_several_labels, read_labels
from embedlab.columns.missing import Missing, find_missing
from embedlab.columns.scale import Scale, read_scale

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

T = TypeVar("T")
_KEYS = count()


class Meanings:
    """How the columns of a table are understood, each found once; the cells themselves stay as they are.

    Parameters
    ----------
    frame : DataFrame of str with n rows
    missing : tuple of str, optional
        Words that mean a missing cell; see :func:`find_missing`.
    day_first : bool, optional
        How ``03/04/2024`` is read; see :func:`read_scale`.

    Attributes
    ----------
    key : int
        Names this reading of this table while the program runs, for what is kept of it elsewhere.
    """

    def __init__(
        self, frame: pd.DataFrame, missing: tuple[str, ...] | None = None, day_first: bool | None = None
    ) -> None:
        self.key = next(_KEYS)
        self.frame, self._words, self._day_first = frame, missing, day_first
        self._found: dict[tuple[str, str], Any] = {}

    def of(self, frame: pd.DataFrame) -> Meanings:
        """Return how another table is understood with the same words."""
        return Meanings(frame, self._words, self._day_first)

    def missing(self, column: str) -> Missing:
        """Return which cells of a column are missing."""
        return self._once("missing", column, lambda: find_missing(self._cells(column), self._words, column))

    def labels(self, column: str) -> NDArray[np.object_]:
        """Return the cells of a column, ``""`` for missing ones, shape (n,)."""
        return self._once("labels", column, lambda: np.where(self.missing(column).rows, "", self._cells(column)))

    def label_sets(self, column: str) -> NDArray[np.object_] | None:
        """Return the labels of each cell as a tuple, shape (n,); None for a column of one label a cell."""
        return self._once("sets", column, lambda: self._read_sets(column))

    def scale(self, column: str) -> Scale | None:
        """Return a column as numbers, dates or times of day; None where it is one of categories."""
        words, day_first = self._words, self._day_first
        return self._once(
            "scale",
            column,
            lambda: read_scale(self._cells(column), name=column, missing=words, day_first=day_first),
        )

    def _cells(self, column: str) -> NDArray[np.object_]:
        return self.frame[column].to_numpy(dtype=object)

    def _read_sets(self, column: str) -> NDArray[np.object_] | None:
        import pandas as pd

        codes, found = pd.factorize(self.labels(column))
        if not has_several_labels(found.tolist()):
            return None
        sets = np.empty(len(found), dtype=object)
        sets[:] = [read_labels(cell) for cell in found]
        return sets[codes]

    def _once(self, what: str, column: str, find: Callable[[], T]) -> T:
        key = what, column
        if key not in self._found:
            self._found[key] = find()
        found: T = self._found[key]
        return found
