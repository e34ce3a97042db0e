"""KMeans by matrix products, safe in threads."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from embedlab.compute import Threads
from embedlab.rows import row_blocks, sample_positions

if TYPE_CHECKING:
    from numpy.typing import NDArray

# Centres are found on so many rows and refined on all.
_SAMPLE_ROWS = 10_000
# One start in ten finds groups the others miss; on many rows the starts agree, and cost more.
_FEW_ROWS, _STARTS_ON_FEW, _STARTS_ON_MANY = 2_000, 10, 3
_MOST_STEPS = 300
# For many small clusters, which others are made of, rough ones will do.
_ROUGH_ROWS, _ROUGH_STEPS = 20_000, 10


def kmeans(
    unit: NDArray[np.float32], n_clusters: int, random_state: int
) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """Run KMeans and number the clusters by size; fewer come back where rows are too alike to tell apart."""
    from sklearn.cluster import kmeans_plusplus

    sample = unit[sample_positions(len(unit), max(_SAMPLE_ROWS, 10 * n_clusters), random_state)]
    n_starts = _STARTS_ON_FEW if len(sample) <= _FEW_ROWS else _STARTS_ON_MANY
    seeded = np.random.RandomState(random_state)
    starts = [kmeans_plusplus(sample, n_clusters, random_state=seeded)[0] for _ in range(n_starts)]
    with Threads() as threads:
        tries = threads.map(lambda start: _lloyd(sample, start), starts)
    labels, centers, _ = max(tries, key=lambda tried: tried[2])
    if len(sample) < len(unit):
        labels, centers, _ = _lloyd(unit, centers)
    sizes = np.bincount(labels, minlength=n_clusters)
    order = np.argsort(-sizes, kind="stable")
    return np.argsort(order)[labels], centers[order[: np.count_nonzero(sizes)]]


def micro_clusters(unit: NDArray[np.float32], n_clusters: int, random_state: int) -> NDArray[np.int64]:
    """Cut many rows into many small clusters, roughly: centres from a sample, each row to the nearest."""
    sample = unit[sample_positions(len(unit), _ROUGH_ROWS, random_state)]
    centers = sample[sample_positions(len(sample), n_clusters, random_state)]
    _, centers, _ = _lloyd(sample, centers, _ROUGH_STEPS)
    return _assign(unit, centers)[0]


def _lloyd(
    unit: NDArray[np.float32], centers: NDArray[np.float32], most_steps: int = _MOST_STEPS
) -> tuple[NDArray[np.int64], NDArray[np.float32], float]:
    """Move centres to the means of their rows until they rest; return labels, centres and the fit, best largest.

    As ``sklearn.cluster.KMeans`` does it, down to when centres count as resting. That class warns where it finds fewer
    clusters than asked for, which the caller says in its own words, and filters of warnings are not safe in threads.
    """
    from scipy.sparse import csr_array

    n, k = len(unit), len(centers)
    resting = 1e-4 * float(unit.var(axis=0).mean())
    for _ in range(most_steps):
        labels, fit = _assign(unit, centers)
        empty = np.flatnonzero(np.bincount(labels, minlength=k) == 0)
        # A centre without rows starts again at one of those that fit worst.
        labels[np.argsort(fit, kind="stable")[: len(empty)]] = empty
        members = csr_array((np.ones(n, np.float32), labels, np.arange(n + 1)), shape=(n, k))
        sizes = np.bincount(labels, minlength=k)
        before, centers = centers, (members.T @ unit) / np.maximum(sizes, 1)[:, None].astype(np.float32)
        if ((centers - before) ** 2).sum() <= resting:
            break
    labels, fit = _assign(unit, centers)
    return labels, centers, float(fit.sum(dtype=np.float64))


def _assign(unit: NDArray[np.float32], centers: NDArray[np.float32]) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """Return the nearest centre of each row, and ``x · c - |c|² / 2``, which is largest where ``|x - c|²`` is least."""
    labels, fit = np.empty(len(unit), np.int64), np.empty(len(unit), np.float32)
    halves = (centers**2).sum(axis=1) / 2
    for rows in row_blocks(len(unit), len(centers)):
        scores = unit[rows] @ centers.T
        scores -= halves
        labels[rows] = scores.argmax(axis=1)
        fit[rows] = np.take_along_axis(scores, labels[rows, None], axis=1)[:, 0]
    return labels, fit
