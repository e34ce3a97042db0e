"""KMeans from several starts, on a sample first where there are many rows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import TYPE_CHECKING

import numpy as np

from embedlab.clustering._lloyd import Partition, Rows, hold_against, lloyd
from embedlab.clustering.result import by_size, mean_rows
from embedlab.compute import Threads
from embedlab.rows import sample_positions

if TYPE_CHECKING:
    from numpy.typing import NDArray

# Centres are found on so many rows and refined on all.
_SAMPLE_ROWS = 10_000
# One start in ten finds groups the others miss; on many rows the starts agree, and cost more.
_FEW_ROWS, _STARTS_ON_FEW, _STARTS_ON_MANY = 2_000, 10, 3
# Rows that are looked at for each further centre; scikit-learn takes so many for 55 to 148 clusters.
_DRAWS = 6
# For many small clusters, which others are made of, rough ones will do.
_ROUGH_ROWS, _ROUGH_STEPS = 20_000, 10


def kmeans(
    unit: NDArray[np.float32], n_clusters: int, random_state: int
) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """Run KMeans and number the clusters by size; fewer come back where rows are too alike to tell apart."""
    sample = unit[sample_positions(len(unit), max(_SAMPLE_ROWS, 10 * n_clusters), random_state)]
    with Threads() as threads:
        if len(sample) <= _FEW_ROWS:
            (found,) = kmeans_of_each(sample, [n_clusters], random_state, threads)
        else:
            firsts = spread_rows(sample, n_clusters, random_state, range(_STARTS_ON_MANY), threads)
            found = min((lloyd(sample, sample[first], threads) for first in firsts), key=lambda each: each.inertia)
        if len(sample) < len(unit):
            found = lloyd(unit, found.centers, threads)
    labels = by_size(found.labels)
    return labels, mean_rows(unit, labels)


def kmeans_of_each(
    sample: NDArray[np.float32], numbers: Sequence[int], random_state: int, threads: Threads
) -> Iterator[Partition]:
    """Give the best partition into each number of clusters, on few rows: what becomes of a start is a thread's work.

    The rows that a smaller number begins with are the first of those of a larger one, so they are looked for once.
    """
    n_starts = _STARTS_ON_FEW if len(sample) <= _FEW_ROWS else _STARTS_ON_MANY
    firsts = list(
        threads.each(lambda i: spread_rows(sample, max(numbers), random_state, [i], Threads())[0], range(n_starts))
    )
    found = threads.each(
        lambda start: lloyd(sample, sample[start], Threads()), [first[:k] for k in numbers for first in firsts]
    )
    for _ in numbers:
        yield min(islice(found, n_starts), key=lambda each: each.inertia)


def spread_rows(
    unit: NDArray[np.float32], n_clusters: int, random_state: int, starts: Sequence[int], threads: Threads
) -> NDArray[np.int64]:
    """Choose rows far from one another as the first centres of some starts, by k-means++, shape (n_starts, n_clusters).

    Each is drawn with a probability that grows with its squared distance to those chosen before; of several draws that
    one is kept which leaves the rows nearest to the chosen. The first few are the same for any number of clusters, and
    what a start chooses is the same whichever others it is asked for with: together they pass over the rows once.

    References
    ----------
    D. Arthur and S. Vassilvitskii, "k-means++: the advantages of careful seeding", SODA 2007;
    ``sklearn.cluster.kmeans_plusplus``.
    """
    rows, rngs = Rows(unit, threads), [np.random.default_rng([random_state, start]) for start in starts]
    chosen = np.empty((len(rngs), n_clusters), np.int64)
    chosen[:, 0] = [rng.integers(len(unit)) for rng in rngs]
    # One at a time: a product with a single point is taken in another way, with other last digits.
    apart = np.concatenate([rows.distances(unit[[first]]) for first in chosen[:, 0]])
    for i in range(1, n_clusters):
        drawn = np.empty((len(rngs), _DRAWS), np.int64)
        for own, rng, reached in zip(drawn, rngs, apart.cumsum(axis=1, dtype=np.float64), strict=True):
            own[:] = np.searchsorted(reached, rng.random(_DRAWS) * reached[-1]).clip(max=len(unit) - 1)
        left = rows.distances(unit[drawn.ravel()]).reshape(*drawn.shape, len(unit))
        np.minimum(left, apart[:, None], out=left)
        best = np.arange(len(rngs)), left.sum(axis=2, dtype=np.float64).argmin(axis=1)
        chosen[:, i], apart = drawn[best], left[best]
    return chosen


def micro_clusters(unit: NDArray[np.float32], n_clusters: int, random_state: int) -> NDArray[np.int64]:
    """Cut many rows into many small clusters, roughly: centres from a sample, each row to the nearest."""
    sample = unit[sample_positions(len(unit), _ROUGH_ROWS, random_state)]
    first = np.random.default_rng(random_state).choice(len(sample), n_clusters, replace=False)
    with Threads() as threads:
        centers = lloyd(sample, sample[first], threads, _ROUGH_STEPS).centers
        return hold_against(unit, n_clusters, threads, lambda rows: rows.nearest(centers))[0]
