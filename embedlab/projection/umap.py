"""UMAP's two halves: a graph of fuzzy neighbours, and the layout that draws neighbours together and others apart.

The layout differs from umap-learn's in how it walks, not in what it looks for. All forces on a point are those of the
places where the points stood when the epoch began, and it moves by their sum; the strangers it is pushed from come from
a hash of the seed, the epoch and the edge. So the points can be shared out among threads and the map stays the same,
bit for bit; between epochs progress is reported, and the work can be ended.

The sum is what keeps the order beyond the nearest. A point that moves edge by edge is drawn back by its many near
neighbours before any of them has seen where the few far ones had drawn it, and groups never come nearer to their kin.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from embedlab.compute import Threads, compiled
from embedlab.device import Walk, lay_out_on_card

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from scipy.sparse import csr_array

    Floats: TypeAlias = NDArray[np.float32]
    Integers: TypeAlias = NDArray[np.int32]

# Rounds over all edges. More rounds keep more of the order beyond the nearest, and large maps need fewer.
_EPOCHS, _EPOCHS_OF_MANY, _MANY_ROWS = 500, 200, 20_000

# Rows whose bandwidths are looked for at once: as many on any number of threads, since the last digits depend on it.
_SURE_ROWS = 2**13
_NEGATIVE_SAMPLES = 5
# Forces are read from a table over the distance: the power in them would be most of the work.
_BINS_PER_UNIT, _FARTHEST = 256, 32
# Keeps divisions by a bandwidth defined where all neighbours are in one place.
_TINY = np.float32(1e-12)
# Neither a force nor all of an epoch move a point farther, so that points thrown on top of each other do not fly off.
_LONGEST_STEP = 4
# Forces add up, so that a step by all of their sum would overshoot. It falls faster than UMAP's straight line, which
# leaves more of the epochs for the fine order. Both were chosen by trustworthiness at 5 to 150 neighbours.
_FIRST_STEP, _STEP_POWER = 0.25, 1.5


def fuzzy_graph(indices: NDArray[np.int64], distances: NDArray[np.float32]) -> csr_array:
    """Return how surely two rows belong together, from 0 to 1, symmetric.

    Row i is sure of row j by ``exp(-(d(i, j) - rho) / sigma)``: 1 for its nearest neighbour, at the distance ``rho``;
    ``sigma`` makes the sum over the neighbours log2(k + 1). Two opinions p and q become p + q - p q.

    Parameters
    ----------
    indices : int array of shape (n, k)
        The nearest others of each row, best first.
    distances : float32 array of shape (n, k)
        How far they are, at least 0.

    Returns
    -------
    csr_array of shape (n, n)

    References
    ----------
    L. McInnes, J. Healy and J. Melville, "UMAP", 2018, algorithms 2 and 3; ``umap.umap_.fuzzy_simplicial_set``.
    """
    from scipy.sparse import csr_array

    n, k = indices.shape
    with Threads() as threads:
        blocks = [distances[start : start + _SURE_ROWS] for start in range(0, n, _SURE_ROWS)]
        sureness = np.concatenate(list(threads.each(_sureness, blocks)))
    directed = csr_array((sureness.ravel(), indices.ravel(), np.arange(n + 1) * k), shape=(n, n))
    return (directed + directed.T - directed.multiply(directed.T)).tocsr()


def _sureness(distances: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return how sure each row is of its neighbours."""
    k = distances.shape[1]
    beyond = np.maximum(0, distances - _nearest_apart(distances))
    # Kept off 0 where all neighbours are equally near. The row itself counts among the k + 1, at 0.
    smallest = np.float32(1e-3) * distances.sum(axis=1, keepdims=True) / (k + 1)
    return np.exp(-beyond / np.maximum(_bandwidths(beyond, np.log2(k + 1)), np.maximum(smallest, _TINY)))


def _nearest_apart(distances: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the smallest distance above 0 of each row, 0 where there is none, shape (n, 1)."""
    nearest = np.where(distances > 0, distances, np.inf).min(axis=1, keepdims=True)
    return np.where(np.isfinite(nearest), nearest, 0)


def _bandwidths(beyond: NDArray[np.float32], target: float) -> NDArray[np.float32]:
    """Return ``sigma`` with ``exp(-beyond / sigma)`` summing to ``target`` in each row, shape (n, 1), by bisection."""
    # In powers of two: cosine distances lie between float32's rounding and 2.
    low, high = np.full((len(beyond), 1), -40, np.float32), np.full((len(beyond), 1), 20, np.float32)
    for _ in range(32):
        middle = (low + high) / 2
        too_wide = np.exp(-beyond / np.exp2(middle)).sum(axis=1, keepdims=True) > target
        low, high = np.where(too_wide, low, middle), np.where(too_wide, middle, high)
    return np.exp2(low)


def n_epochs(n_rows: int) -> int:
    """Return how many rounds over all edges a map of so many rows is laid out in."""
    return _EPOCHS if n_rows <= _MANY_ROWS else _EPOCHS_OF_MANY


def lay_out(
    graph: csr_array,
    start: NDArray[np.float32],
    min_dist: float,
    *,
    random_state: int,
    is_map: bool = False,
    progress: Callable[[int, int], None] | None = None,
) -> NDArray[np.float32]:
    """Move points until those that belong together are near and others are not.

    Parameters
    ----------
    graph : csr_array of shape (n, n)
        From :func:`fuzzy_graph`.
    start : float32 array of shape (n, n_components)
        Where the points begin; scaled so that each axis goes from 0 to 10.
    min_dist : float
        How close points may come, from 0 to 1.
    random_state : int
        The same seed gives the same bits, on any number of threads.
    is_map : bool, default=False
        ``start`` has been laid out before: the first half of the epochs, whose steps would throw its points about, is
        left out, so that they keep their places as far as they can.
    progress : callable, default=None
        Called with the epochs done and their number; what it raises ends the work.

    Returns
    -------
    float32 array of shape (n, n_components)
    """
    total = n_epochs(len(start))
    # An edge takes part in a share of the epochs, the surest in all; those that would take part in none are dropped.
    rates = graph.multiply(graph >= graph.max() / total).tocsr()
    rates.eliminate_zeros()
    shares = (rates.data / rates.data.max()).astype(np.float32)
    pull, push = _forces(min_dist)
    points = (10 * (start - start.min(axis=0)) / np.ptp(start, axis=0)).astype(np.float32, order="C")
    first = total // 2 if is_map else 0
    steps = [(epoch, float(_FIRST_STEP * (1 - epoch / total) ** _STEP_POWER)) for epoch in range(first, total)]
    edges = (rates.indptr, rates.indices, shares)
    walk = Walk(pull, push, _BINS_PER_UNIT, _NEGATIVE_SAMPLES, _LONGEST_STEP, random_state, steps)

    def report(epoch: int) -> None:
        if progress:
            progress(epoch + 1, total)

    found = lay_out_on_card(points, edges, walk, report)
    return _walk_on_processor(points, edges, walk, report) if found is None else found


def _walk_on_processor(
    points: Floats, edges: tuple[Integers, Integers, Floats], walk: Walk, report: Callable[[int], None]
) -> Floats:
    # A tuple, because its length is known when the kernel is compiled, and loops over it are unrolled.
    moved, axes = np.empty_like(points), tuple(range(points.shape[1]))
    with Threads() as threads:
        bounds = threads.cut(len(points))
        for epoch, step in walk.steps:
            how = (walk.pull, walk.push, np.float32(step), epoch, walk.seed, axes)
            threads.run(_move, bounds, points, moved, *edges, *how)
            points, moved = moved, points
            report(epoch)
    return points


def _forces(min_dist: float) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Return by distance the factors by which a point is pulled to a neighbour and pushed from a stranger.

    They are the gradients of the log of ``1 / (1 + a d^(2 b))``, and of 1 less that, as in UMAP; ``a`` and ``b`` fit
    that curve to 1 below ``min_dist`` and ``exp(min_dist - d)`` beyond. The pull is twice that: an edge stands in the
    rows of both its ends, and UMAP moves both each time it comes to one of them.
    """
    from scipy.optimize import curve_fit

    x = np.linspace(0, 3, 300)
    (a, b), _ = curve_fit(lambda d, a, b: 1 / (1 + a * d ** (2 * b)), x, np.minimum(1, np.exp(min_dist - x)))
    distance = (np.arange(_BINS_PER_UNIT * _FARTHEST) + 0.5) / _BINS_PER_UNIT
    squared, power = distance**2, a * distance ** (2 * b)
    pull = -2 * np.minimum(2 * b * power / squared / (1 + power), _LONGEST_STEP / distance)
    push = np.minimum(2 * b / ((0.001 + squared) * (1 + power)), _LONGEST_STEP / distance)
    push[-1] = 0  # stands for all that are farther
    return pull.astype(np.float32), push.astype(np.float32)


@compiled
def _move(
    first: int, last: int, points: Floats, moved: Floats, indptr: Integers, indices: Integers, shares: Floats,
    pull: Floats, push: Floats, step: np.float32, epoch: int, seed: int, axes: tuple[int, ...],
) -> None:  # fmt: skip
    """Write to ``moved`` where the points from ``first`` to ``last`` go in one epoch."""
    force = np.empty(points.shape[1], np.float32)
    for i in range(first, last):
        force[:] = 0
        for edge in range(indptr[i], indptr[i + 1]):
            if np.int32(shares[edge] * np.float32(epoch + 1)) == np.int32(shares[edge] * np.float32(epoch)):
                continue
            _add(force, points, i, indices[edge], pull, axes)
            number = _scatter((np.uint64(epoch) << np.uint64(40)) + np.uint64(edge)) ^ np.uint64(seed)
            for _ in range(_NEGATIVE_SAMPLES):
                # Knuth's MMIX generator; its upper bits are good, and one multiplication is all it takes.
                number = number * np.uint64(6364136223846793005) + np.uint64(1442695040888963407)
                stranger = ((number >> np.uint64(32)) * np.uint64(len(points))) >> np.uint64(32)
                _add(force, points, i, int(stranger), push, axes)
        length = np.float32(0)
        for d in range(len(axes)):
            length += force[d] ** 2
        by = min(step, np.float32(_LONGEST_STEP) / max(np.sqrt(length), _TINY))
        for d in range(len(axes)):
            moved[i, d] = points[i, d] + by * force[d]


@compiled
def _add(force: Floats, points: Floats, i: int, other: int, factors: Floats, axes: tuple[int, ...]) -> None:
    """Add to the force on a point that of another, along the line between them, by the factor for their distance."""
    squared = np.float32(0)
    for d in range(len(axes)):
        squared += (points[i, d] - points[other, d]) ** 2
    place = np.int32(min(np.sqrt(squared) * np.float32(_BINS_PER_UNIT), np.float32(len(factors) - 1)))
    for d in range(len(axes)):
        force[d] += factors[place] * (points[i, d] - points[other, d])


@compiled
def _scatter(number: np.uint64) -> np.uint64:
    """Return bits that look unrelated for numbers side by side: the finalizer of SplitMix64 (Steele et al. 2014)."""
    number += np.uint64(0x9E3779B97F4A7C15)
    number = (number ^ (number >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    number = (number ^ (number >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return number ^ (number >> np.uint64(31))
