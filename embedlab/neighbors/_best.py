"""The best columns of each row of a similarity matrix that passes by in blocks and is never held as a whole.

Numbers of rows and columns are those within a block whose first row and column lie on the diagonal of the matrix. Each
row keeps its best so far in ``values``, best first, with their columns in ``indices`` and the last of them in
``floors``: nearly all other numbers are turned away by one comparison.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from embedlab.compute import compiled

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats: TypeAlias = NDArray[np.float32]
    Integers: TypeAlias = NDArray[np.int64]


# Below every cosine, rounding included; compiled loops that may reorder sums must not meet infinity.
_NOTHING = np.float32(-2)


def nothing_yet(n_rows: int, k: int) -> tuple[Integers, Floats, Floats]:
    """Return the indices, values and floors that the functions below fill."""
    return np.empty((n_rows, k), np.int64), np.full((n_rows, k), _NOTHING), np.full(n_rows, _NOTHING)


@compiled
def offer_to_rows(
    first: int, last: int, scores: Floats, upper: bool, offset: int, indices: Integers, values: Floats, floors: Floats
) -> None:
    """Offer each row from ``first`` to ``last`` its columns, only those above the diagonal if ``upper``."""
    for row in range(first, last):
        for column in range(row + 1 if upper else 0, scores.shape[1]):
            if scores[row, column] > floors[row]:
                _insert(row, column + offset, scores[row, column], indices, values, floors)


@compiled
def offer_to_columns(
    first: int, last: int, scores: Floats, offset: int, indices: Integers, values: Floats, floors: Floats
) -> None:
    """Offer each column from ``first`` to ``last`` its rows above the diagonal: a cosine counts for both its ends."""
    for row in range(len(scores)):
        for column in range(max(first, row + 1), last):
            if scores[row, column] > floors[column]:
                _insert(column, row + offset, scores[row, column], indices, values, floors)


@compiled
def _insert(place: int, number: int, value: float, indices: Integers, values: Floats, floors: Floats) -> None:
    """Put a number among the best of a place, after its equals, and drop the last."""
    at = values.shape[1] - 1
    while at > 0 and values[place, at - 1] < value:
        values[place, at], indices[place, at] = values[place, at - 1], indices[place, at - 1]
        at -= 1
    values[place, at], indices[place, at] = value, number
    floors[place] = values[place, -1]
