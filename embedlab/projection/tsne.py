"""t-SNE, with every force between two points computed: no grid, no tree.

Up to some ten thousand points vector instructions are as quick with all pairs as a tree is with few of them. Each point
sums its own forces from where all stood, so threads share the points and the same seed gives the same bits on any
number of them; between steps progress is reported, and the work can be ended.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from embedlab.compute import Threads, compiled

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from scipy.sparse import csr_array

    Floats: TypeAlias = NDArray[np.float32]
    Integers: TypeAlias = NDArray[np.int32]

STEPS = 750
"""Steps of the descent; in the first third what belongs together is drawn together twelve times as strongly."""

_EXAGGERATED_STEPS, _EXAGGERATION = STEPS // 3, np.float32(12)
_SLOW, _FAST = np.float32(0.5), np.float32(0.8)


def affinities(indices: NDArray[np.int64], distances: NDArray[np.float32], perplexity: float) -> csr_array:
    """Return how surely two rows are neighbours, symmetric, summing to 1.

    Row i picks row j with a probability that falls as ``exp(-b d(i, j)²)``; ``b`` makes the entropy of its picks that
    of ``perplexity`` equally likely ones.

    Parameters
    ----------
    indices : int array of shape (n, k)
        The nearest others of each row.
    distances : float32 array of shape (n, k)
        How far they are, at least 0.
    perplexity : float
        At most ``k``.

    Returns
    -------
    csr_array of shape (n, n), float32
    """
    from scipy.sparse import csr_array

    n, k = indices.shape
    squared = distances.astype(np.float64) ** 2
    beyond = squared - squared.min(axis=1, keepdims=True)
    # In powers of two around one over the mean; bisection as in UMAP's bandwidths.
    scale = np.log2(1 / np.maximum(beyond.mean(axis=1, keepdims=True), 1e-12))
    low, high, target = scale - 20, scale + 20, np.log(perplexity)
    for _ in range(40):
        middle = (low + high) / 2
        weights = np.exp(-beyond * np.exp2(middle))
        total = weights.sum(axis=1, keepdims=True)
        entropy = np.log(total) + np.exp2(middle) * (weights * beyond).sum(axis=1, keepdims=True) / total
        low, high = np.where(entropy > target, middle, low), np.where(entropy > target, high, middle)
    picks = csr_array(((weights / total).ravel(), indices.ravel(), np.arange(n + 1) * k), shape=(n, n))
    return ((picks + picks.T) / (2 * n)).tocsr().astype(np.float32)


def descend(
    graph: csr_array, start: NDArray[np.float32], progress: Callable[[int, int], None] | None = None
) -> NDArray[np.float32]:
    """Move points until their neighbours are those of the graph, as t-SNE's gradient asks.

    Parameters
    ----------
    graph : csr_array of shape (n, n)
        From :func:`affinities`.
    start : float32 array of shape (n, n_components)
        Where the points begin; ``n_components`` from 1 to 3.
    progress : callable, default=None
        Called with the steps done and ``STEPS``; what it raises ends the work.

    Returns
    -------
    float32 array of shape (n, n_components)

    References
    ----------
    L. van der Maaten and G. Hinton, "Visualizing data using t-SNE", JMLR 9, 2008; D. Kobak and P. Berens, "The art of
    using t-SNE for single-cell transcriptomics", 2019, for the start and the rate.
    """
    n, n_components = start.shape
    points = np.zeros((3, n), np.float32)  # axes that are not asked for stay 0
    points[:n_components] = start.T
    rate = np.float32(max(n / float(_EXAGGERATION) / 4, 50))
    update, gains = np.zeros_like(points), np.ones_like(points)
    pull, push, sums = np.empty_like(points), np.empty_like(points), np.empty(n, np.float32)
    edges = graph.indptr.astype(np.int32), graph.indices.astype(np.int32), graph.data
    with Threads() as threads:
        bounds = threads.cut(n)
        for step in range(STEPS):
            threads.run(_forces, bounds, points, *edges, pull, push, sums)
            early = step < _EXAGGERATED_STEPS
            gradient = pull * (_EXAGGERATION if early else np.float32(1))
            gradient -= push / np.float32(sums.sum(dtype=np.float64))
            gains = np.where(np.sign(gradient) != np.sign(update), gains + np.float32(0.2), gains * np.float32(0.8))
            gains = np.maximum(gains, np.float32(0.01))
            update = (_SLOW if early else _FAST) * update - 4 * rate * gains * gradient
            points += update
            if progress:
                progress(step + 1, STEPS)
    return np.ascontiguousarray((points - points.mean(axis=1, keepdims=True))[:n_components].T)


@compiled
def _forces(
    first: int, last: int, points: Floats, indptr: Integers, indices: Integers, shares: Floats,
    pull: Floats, push: Floats, sums: Floats,
) -> None:  # fmt: skip
    """Write what draws the points from ``first`` to ``last`` to their neighbours, and what pushes them from all."""
    for i in range(first, last):
        x, y, z = points[0, i], points[1, i], points[2, i]
        a = b = c = total = np.float32(0)
        for j in range(points.shape[1]):
            dx, dy, dz = x - points[0, j], y - points[1, j], z - points[2, j]
            near = np.float32(1) / (np.float32(1) + dx * dx + dy * dy + dz * dz)
            total += near
            near *= near
            a += near * dx
            b += near * dy
            c += near * dz
        # The point itself is in the sum, at no distance.
        sums[i], push[0, i], push[1, i], push[2, i] = total - np.float32(1), a, b, c
        a = b = c = np.float32(0)
        for edge in range(indptr[i], indptr[i + 1]):
            j = indices[edge]
            dx, dy, dz = x - points[0, j], y - points[1, j], z - points[2, j]
            near = shares[edge] / (np.float32(1) + dx * dx + dy * dy + dz * dz)
            a += near * dx
            b += near * dy
            c += near * dz
        pull[0, i], pull[1, i], pull[2, i] = a, b, c
