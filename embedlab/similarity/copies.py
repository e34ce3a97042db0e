"""Which rows are copies of one another: the same text, embedded once or in several batches."""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING

import numpy as np

from embedlab.compute import one_blas_thread
from embedlab.rows import row_blocks

if TYPE_CHECKING:
    from numpy.typing import NDArray

APART = 1e-5
"""Euclidean distance from which two rows of length 1 are different; one text in two batches lies within 4e-6."""

# What float32 products of two rows of length 1 round.
_ROUNDING = 1e-6


def different_rows(unit: NDArray[np.float32]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Tell the different rows from the repeated ones.

    A row at most ``APART`` from one that counts already is equal to it. Rounding each row to some decimals would not
    do: among hundreds of numbers one always lies at an edge, where the last digit decides.

    Parameters
    ----------
    unit : float32 array of shape (n, d)
        Rows of length 1, or zeros.

    Returns
    -------
    first : int64 array
        First position of each different row, rising.
    inverse : int64 array of shape (n,)
        For each row, which of these it equals.

    Notes
    -----
    Projected on a direction, two rows lie no farther apart than they are. So only rows that are near in the order of
    one random projection are looked at, only those of them near in a second one are compared, and none is missed.
    """
    order, near, also = _projections(unit)
    earlier = np.arange(len(unit))  # among the sorted rows, one before each that it equals
    open_ = np.arange(len(unit))
    for lag in count(1):
        open_ = open_[open_ >= lag]
        open_ = open_[near[open_] - near[open_ - lag] <= APART + _ROUNDING]
        if not len(open_):
            break
        close = open_[np.abs(also[open_] - also[open_ - lag]) <= APART + _ROUNDING]
        equal = close[_distances(unit, order[close], order[close - lag]) <= APART]
        earlier[equal] = equal - lag
        open_ = open_[earlier[open_] == open_]
    while not np.array_equal(earlier, earlier[earlier]):
        earlier = earlier[earlier]
    groups = np.empty(len(unit), dtype=np.int64)
    groups[order] = earlier
    _, found, inverse = np.unique(groups, return_index=True, return_inverse=True)
    rising = np.argsort(found)
    return found[rising], np.argsort(rising)[inverse]


@one_blas_thread
def _projections(unit: NDArray[np.float32]) -> tuple[NDArray[np.int64], NDArray[np.float32], NDArray[np.float32]]:
    """Return the order of the rows by one random projection, and both projections in that order."""
    directions = np.random.default_rng(0).standard_normal((unit.shape[1], 2)).astype(np.float32)
    directions /= np.linalg.norm(directions, axis=0)
    projected = unit @ directions
    order = np.argsort(projected[:, 0], kind="stable")
    return order, projected[order, 0], projected[order, 1]


def _distances(unit: NDArray[np.float32], a: NDArray[np.int64], b: NDArray[np.int64]) -> NDArray[np.float32]:
    """Return the distance of some rows from others, shape (m,)."""
    parts = [np.linalg.norm(unit[a[block]] - unit[b[block]], axis=1) for block in row_blocks(len(a), unit.shape[1])]
    return np.concatenate(parts) if parts else np.zeros(0, dtype=np.float32)
