"""Sums of rows by group, which need no copy of the rows in another order."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from embedlab.compute.kernels import compiled

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from embedlab.compute.threads import Threads

    Floats: TypeAlias = NDArray[np.float32]
    Sums: TypeAlias = NDArray[np.float64]
    Integers: TypeAlias = NDArray[np.int64]

# Fewer rows are added before other threads have woken up.
_FEW_ROWS = 500


def sum_groups(rows: Floats, labels: Integers, n_groups: int, threads: Threads) -> Sums:
    """Return the sum of the rows of each group, shape (n_groups, d); rows of a label below 0 are in none."""
    sums = np.zeros((n_groups, rows.shape[1]))
    move_rows(rows, np.flatnonzero(labels >= 0), np.full(len(rows), -1), labels, sums, threads)
    return sums


def move_rows(rows: Floats, moved: Integers, old: Integers, new: Integers, sums: Sums, threads: Threads) -> None:
    """Take some rows out of the sums of their old groups and into those of their new ones.

    Threads share the dimensions, each adding up in the order of the rows: the same bits on any number of them.

    Parameters
    ----------
    rows : float32 array of shape (n, d)
    moved : int64 array
        The positions of those that are moved.
    old, new : int64 array of shape (n,)
        The group of each row; an old one below 0 is none.
    sums : float64 array of shape (n_groups, d)
        Changed in place.
    threads : Threads
    """
    bounds = threads.cut(rows.shape[1]) if len(moved) > _FEW_ROWS else [0, rows.shape[1]]
    threads.run(_move, bounds, rows, moved, old, new, sums)


@compiled
def _move(first: int, last: int, rows: Floats, moved: Integers, old: Integers, new: Integers, sums: Sums) -> None:
    """Do so in the dimensions from ``first`` to ``last``."""
    for row in moved:
        for d in range(first, last):
            sums[new[row], d] += rows[row, d]
        if old[row] >= 0:
            for d in range(first, last):
                sums[old[row], d] -= rows[row, d]
