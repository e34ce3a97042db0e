"""Ward's hierarchy of points with weights."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


def ward(points: NDArray[np.float32], weights: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return the linkage of points that stand for several rows each, shape (n - 1, 4), as scipy's ``linkage`` does.

    Follows chains of nearest neighbours until two are each other's nearest (F. Murtagh, 1983): n² time and memory. The
    distance of two clusters is ``sqrt(2 p q / (p + q)) |x - y|`` with weights p and q and means x and y.
    """
    merges = _merge_along_chains(_squared_distances(points, weights), weights.astype(np.float64))
    return _in_scipys_form(merges[np.argsort(merges[:, 2], kind="stable")])


def _squared_distances(points: NDArray[np.float32], weights: NDArray[np.int64]) -> NDArray[np.float64]:
    x, w = points.astype(np.float64), weights.astype(np.float64)
    lengths = (x**2).sum(axis=1)
    squared = np.maximum(lengths[:, None] + lengths - 2 * x @ x.T, 0)
    squared *= 2 * w[:, None] * w / (w[:, None] + w)
    np.fill_diagonal(squared, np.inf)
    return squared


def _merge_along_chains(squared: NDArray[np.float64], weights: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the merges as found: a point of either cluster, and their distance. Overwrites ``squared``."""
    n = len(weights)
    merges = np.empty((n - 1, 3))
    active = np.ones(n, dtype=bool)
    chain: list[int] = []
    for step in range(n - 1):
        chain = chain or [int(active.argmax())]
        while True:
            last = chain[-1]
            nearest = int(squared[last].argmin())
            # Among equally near ones the one before is taken, or a chain could turn in circles.
            if len(chain) > 1 and squared[last, chain[-2]] <= squared[last, nearest]:
                break
            chain.append(nearest)
        a, b = chain.pop(), chain.pop()
        apart, p, q = squared[a, b], weights[a], weights[b]
        merges[step] = a, b, np.sqrt(apart)
        # Lance and Williams: how far the new cluster is from each other one. Those gone stay at infinity.
        joined = ((p + weights) * squared[a] + (q + weights) * squared[b] - weights * apart) / (p + q + weights)
        joined[[a, b]] = np.inf
        squared[b], squared[:, b], squared[a], squared[:, a] = joined, joined, np.inf, np.inf
        weights[b] += p
        active[a] = False
    return merges


def _in_scipys_form(merges: NDArray[np.float64]) -> NDArray[np.float64]:
    """Name what is merged by the number of its node, the smaller first, and count its leaves."""
    n = len(merges) + 1
    linkage = np.empty((n - 1, 4))
    parent, node, leaves = list(range(n)), list(range(n)), [1] * n

    def top(i: int) -> int:
        while parent[i] != i:
            parent[i] = parent[parent[i]]
            i = parent[i]
        return i

    for step, (a, b, apart) in enumerate(merges.tolist()):
        i, j = top(int(a)), top(int(b))
        leaves[j] += leaves[i]
        linkage[step] = min(node[i], node[j]), max(node[i], node[j]), apart, leaves[j]
        parent[i], node[j] = j, n + step
    return linkage
