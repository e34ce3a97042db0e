"""The tree of shortest connections that HDBSCAN cuts: Prim's algorithm, compiled, and free of Python's lock."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from embedlab.compute import compiled

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from scipy.sparse import csr_array

    Floats: TypeAlias = NDArray[np.float32]
    Integers: TypeAlias = NDArray[np.int64]

# Points that join the tree between two reports.
_STEPS_PER_REPORT = 1_000


def spanning_tree(points: Floats, min_samples: int, progress: Callable[[int, int], None] | None = None) -> csr_array:
    """Return the minimum spanning tree by mutual reachability, symmetric, shape (n, n).

    The distance of two points is the largest of theirs and how far each is from its ``min_samples``-th nearest point,
    itself included.
    """
    from scipy.sparse import csr_array
    from sklearn.neighbors import NearestNeighbors

    n = len(points)
    near, _ = NearestNeighbors(n_neighbors=min_samples).fit(points).kneighbors(points)
    core = np.square(near[:, -1]).astype(np.float32)
    left, columns = np.arange(n), points.T.astype(np.float32, order="C")
    apart, nearest = np.full(n, np.finfo(np.float32).max), np.zeros(n, np.int64)
    weights, squared = np.empty(n - 1, np.float32), np.empty(n, np.float32)
    for done in range(0, n - 1, _STEPS_PER_REPORT):
        last = min(done + _STEPS_PER_REPORT, n - 1)
        _grow(done, last, columns, core, left, apart, nearest, weights, squared)
        if progress:
            progress(last, n - 1)
    # What joined stands behind those still left, the last one first. An edge of no length would count as none.
    lengths = np.maximum(np.sqrt(weights.astype(np.float64)), np.finfo(np.float32).tiny)
    tree = csr_array((lengths, (left[-2::-1], nearest[-2::-1])), shape=(n, n))
    return (tree + tree.T).tocsr()


@compiled
def _grow(
    first: int, last: int, columns: Floats, core: Floats, left: Integers, apart: Floats, nearest: Integers,
    weights: Floats, squared: Floats,
) -> None:  # fmt: skip
    """Let points join the tree. Those outside it stand first in all arrays, the one that joined last behind them."""
    for step in range(first, last):
        n_left = len(left) - 1 - step
        own, limit = left[n_left], core[n_left]
        squared[:n_left] = 0
        for d in range(len(columns)):
            x = columns[d, n_left]
            for t in range(n_left):
                squared[t] += (columns[d, t] - x) ** 2
        for t in range(n_left):
            reach = max(squared[t], limit, core[t])
            if reach < apart[t]:
                apart[t], nearest[t] = reach, own
        best = apart[:n_left].argmin()
        weights[step] = apart[best]
        end = n_left - 1
        left[best], left[end] = left[end], left[best]
        nearest[best], nearest[end] = nearest[end], nearest[best]
        apart[best], core[best], core[end] = apart[end], core[end], core[best]
        for d in range(len(columns)):
            columns[d, best], columns[d, end] = columns[d, end], columns[d, best]
