"""KMeans from several starts, on a sample first where there are many rows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
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
            starts = (from_start(sample, n_clusters, random_state, i, threads) for i in range(_STARTS_ON_MANY))
            found = min(starts, key=lambda partition: partition.inertia)
        if len(sample) < len(unit):
            found = lloyd(unit, found.centers, threads)
    labels = by_size(found.labels)
    return labels, mean_rows(unit, labels)


def kmeans_of_each(
    sample: NDArray[np.float32], numbers: Sequence[int], random_state: int, threads: Threads
) -> Iterator[Partition]:
    """Give the best partition into each number of clusters, on few rows: each start is the work of one thread."""
    n_starts = _STARTS_ON_FEW if len(sample) <= _FEW_ROWS else _STARTS_ON_MANY
    alone = Threads(1)
    starts = threads.each(
        lambda start: from_start(sample, start[0], random_state, start[1], alone),
        [(k, i) for k in numbers for i in range(n_starts)],
    )
    for _ in numbers:
        yield min((next(starts) for _ in range(n_starts)), key=lambda partition: partition.inertia)


def from_start(
    unit: NDArray[np.float32], n_clusters: int, random_state: int, number: int, threads: Threads
) -> Partition:
    """Return what becomes of the start with a number: the same, whoever asks for it."""
    rng = np.random.default_rng([random_state, number])
    return lloyd(unit, spread_centers(unit, n_clusters, rng, threads), threads)


def spread_centers(
    unit: NDArray[np.float32], n_clusters: int, rng: np.random.Generator, threads: Threads
) -> NDArray[np.float32]:
    """Choose rows far from one another as first centres, by k-means++.

    Each is drawn with a probability that grows with its squared distance to those chosen before; of ``2 + ln k`` draws
    that one is kept which leaves the rows nearest to the chosen.

    References
    ----------
    D. Arthur and S. Vassilvitskii, "k-means++: the advantages of careful seeding", SODA 2007;
    ``sklearn.cluster.kmeans_plusplus``.
    """
    rows, n_draws = Rows(unit, threads), 2 + int(np.log(n_clusters))
    chosen = [int(rng.integers(len(unit)))]
    apart = rows.distances(unit[chosen])[0]
    for _ in range(n_clusters - 1):
        reached = apart.cumsum(dtype=np.float64)
        drawn = np.searchsorted(reached, rng.random(n_draws) * reached[-1]).clip(max=len(unit) - 1)
        left = np.minimum(apart, rows.distances(unit[drawn]))
        best = left.sum(axis=1, dtype=np.float64).argmin()
        chosen.append(int(drawn[best]))
        apart = left[best]
    return unit[chosen]


def micro_clusters(unit: NDArray[np.float32], n_clusters: int, random_state: int) -> NDArray[np.int64]:
    """Cut many rows into many small clusters, roughly: centres from a sample, each row to the nearest."""
    sample = unit[sample_positions(len(unit), _ROUGH_ROWS, random_state)]
    first = np.random.default_rng(random_state).choice(len(sample), n_clusters, replace=False)
    with Threads() as threads:
        centers = lloyd(sample, sample[first], threads, _ROUGH_STEPS).centers
        return hold_against(unit, n_clusters, threads, lambda rows: rows.nearest(centers))[0]
