"""Exact neighbours by a distance: what matrix products do for cosines, a loop does for sums of differences."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from embedlab.compute import Threads, compiled
from embedlab.rows import row_blocks

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats: TypeAlias = NDArray[np.float32]


def nearest_by_distance(
    rows: NDArray[np.float32], k: int, metric: str, progress: Callable[[int, int], None] | None = None
) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """Return the ``k`` nearest others of each row and how far they are, nearest first, each of shape (n, k).

    ``metric`` is ``"euclidean"`` or ``"manhattan"``. The time grows with the square of the number of rows.
    """
    n, is_squared = len(rows), metric == "euclidean"
    indices, distances = np.empty((n, k), np.int64), np.empty((n, k), np.float32)
    with Threads() as threads:
        for block in row_blocks(n, n):
            found = np.empty((block.stop - block.start, n), np.float32)
            # Columns are shared out, so that each thread reads its own rows again and again.
            threads.run(_measure, threads.cut(n), rows, block.start, is_squared, found)
            found[np.arange(len(found)), np.arange(block.start, block.stop)] = np.inf
            near = np.argpartition(found, k - 1, axis=1)[:, :k]
            order = np.argsort(np.take_along_axis(found, near, axis=1), axis=1, kind="stable")
            indices[block] = np.take_along_axis(near, order, axis=1)
            distances[block] = np.take_along_axis(found, indices[block], axis=1)
            if progress:
                progress(block.stop, n)
    return indices, np.sqrt(distances) if is_squared else distances


@compiled
def _measure(first: int, last: int, rows: Floats, start: int, is_squared: bool, found: Floats) -> None:
    """Write the distances, or their squares, of a block of rows that begins at ``start`` to those in a range."""
    for j in range(first, last):
        for i in range(len(found)):
            total = np.float32(0)
            for d in range(rows.shape[1]):
                difference = rows[start + i, d] - rows[j, d]
                total += difference * difference if is_squared else abs(difference)
            found[i, j] = total
