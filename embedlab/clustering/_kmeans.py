"""KMeans by scikit-learn, on a sample first where there are many rows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from embedlab.clustering.result import by_size, mean_rows
from embedlab.rows import sample_positions

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from sklearn.cluster import KMeans
    from threadpoolctl import threadpool_limits

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
    n_starts = _STARTS_ON_FEW if len(sample) <= _FEW_ROWS else _STARTS_ON_MANY
    found = _fitted(sample, n_clusters, n_init=n_starts, random_state=random_state)
    if len(sample) < len(unit):
        found = _fitted(unit, n_clusters, n_init=1, init=found.cluster_centers_)
    labels = by_size(found.labels_)
    return labels, mean_rows(unit, labels)


def micro_clusters(unit: NDArray[np.float32], n_clusters: int, random_state: int) -> NDArray[np.int64]:
    """Cut many rows into many small clusters, roughly: centres from a sample, each row to the nearest."""
    sample = unit[sample_positions(len(unit), _ROUGH_ROWS, random_state)]
    found = _fitted(sample, n_clusters, init="random", n_init=1, max_iter=_ROUGH_STEPS, random_state=random_state)
    with _one_thread():
        labels: NDArray[np.int64] = found.predict(unit).astype(np.int64)
    return labels


def _fitted(unit: NDArray[np.float32], n_clusters: int, **how: Any) -> KMeans:  # noqa: ANN401 - what scikit-learn's class takes
    from sklearn.cluster import KMeans

    with _one_thread():
        return KMeans(n_clusters, **how).fit(unit)


def _one_thread() -> threadpool_limits:
    """Return what keeps OpenMP, for the thread that asks, from threads of its own: they spin on cores others need.

    Ten starts on 1,000 rows took 0.2 s with one and 1.1 s with two, on two cores that other work shared.
    """
    from threadpoolctl import threadpool_limits

    return threadpool_limits(1, user_api="openmp")
