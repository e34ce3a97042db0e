"""KMeans on embeddings: groups, how good they are, and how many there should be."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from embedlab._rows import normalize_rows
from embedlab._validation import as_embeddings
from embedlab.errors import InvalidInputError

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

# Above this many rows KMeans learns from batches of rows.
_MINI_BATCH_ROWS = 20_000
# The silhouette compares every row with every other; above this many a seeded sample stands for all.
_MAX_SILHOUETTE_ROWS = 3000
_MAX_SUGGESTED = 25


@dataclass(frozen=True)
class Clustering:
    """Groups of rows.

    Parameters
    ----------
    labels : int64 array of shape (n,)
        Cluster of each row; 0 is the largest cluster.
    centers : float32 array of shape (n_clusters, d)
    silhouette : float
        Mean silhouette by cosine distance, from -1 to 1; NaN where it is not defined, as for one cluster.
    silhouette_by_cluster : float64 array of shape (n_clusters,)
        The same for each cluster; NaN where no row of a cluster is in the sample.
    candidates : tuple of (int, float)
        Where the number was suggested: each number tried and its mean silhouette.
    """

    labels: NDArray[np.int64]
    centers: NDArray[np.float32]
    silhouette: float
    silhouette_by_cluster: NDArray[np.float64]
    candidates: tuple[tuple[int, float], ...] = ()

    @property
    def n_clusters(self) -> int:
        """Number of clusters."""
        return len(self.centers)


def cluster(embeddings: ArrayLike, n_clusters: int | str = "auto", *, random_state: int = 0) -> Clustering:
    """Group rows by KMeans.

    Parameters
    ----------
    embeddings : array-like of shape (n, d)
        Scaled to length 1 first, so that Euclidean KMeans follows the cosine.
    n_clusters : int or "auto", default="auto"
        ``"auto"`` takes the number :func:`suggest_n_clusters` finds.
    random_state : int, default=0

    Returns
    -------
    Clustering

    Raises
    ------
    InvalidInputError
        When there are fewer different rows than clusters.
    """
    unit = normalize_rows(as_embeddings(embeddings))
    candidates: tuple[tuple[int, float], ...] = ()
    n_different = _count_different(unit)
    if n_clusters == "auto":
        candidates = suggest_n_clusters(unit, random_state=random_state)
        n_clusters = max(candidates, key=lambda candidate: candidate[1])[0] if candidates else 1
    if not isinstance(n_clusters, (int, np.integer)) or n_clusters < 1:
        raise InvalidInputError(f"n_clusters={n_clusters!r}; give a whole number from 1 up, or 'auto'.")
    if n_clusters > n_different:
        rows = f"{len(unit):,} texts" if n_different == len(unit) else f"{n_different:,} different texts"
        raise InvalidInputError(
            f"{n_clusters} clusters were asked for, but there are only {rows}. Choose at most that."
        )
    labels, centers = _kmeans(unit, int(n_clusters), random_state)
    silhouette, by_cluster = _silhouettes(unit, labels, len(centers), random_state)
    return Clustering(labels, centers, silhouette, by_cluster, candidates)


def suggest_n_clusters(
    embeddings: ArrayLike, n_clusters: Sequence[int] | None = None, *, random_state: int = 0
) -> tuple[tuple[int, float], ...]:
    """Try several numbers of clusters and measure how well each separates the rows.

    Parameters
    ----------
    embeddings : array-like of shape (n, d)
    n_clusters : sequence of int, optional
        The numbers to try; 2 to 25, or to one less than the number of different rows, when not given.
    random_state : int, default=0

    Returns
    -------
    tuple of (int, float)
        Each number and its mean silhouette by cosine distance (Rousseeuw, 1987); the largest is the suggestion. Empty
        when there are fewer than three different rows.
    """
    unit = normalize_rows(as_embeddings(embeddings))
    most = min(_MAX_SUGGESTED, _count_different(unit) - 1)
    tried = range(2, most + 1) if n_clusters is None else n_clusters
    # One sample for learning and measuring: numbers are compared on the same rows, and 100,000 rows take no longer.
    sample = unit[_sample(len(unit), _MINI_BATCH_ROWS, random_state)]
    return tuple(
        (k, _silhouettes(sample, _kmeans(sample, k, random_state)[0], k, random_state)[0]) for k in tried if k <= most
    )


def _kmeans(
    unit: NDArray[np.float32], n_clusters: int, random_state: int
) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """Run KMeans and number the clusters by size, the largest 0."""
    from sklearn.cluster import KMeans, MiniBatchKMeans

    if len(unit) > _MINI_BATCH_ROWS:
        model = MiniBatchKMeans(n_clusters, batch_size=4096, n_init=3, random_state=random_state)
    else:
        model = KMeans(n_clusters, n_init=4 if len(unit) < 5000 else 1, random_state=random_state)
    found = model.fit_predict(unit)
    sizes = np.bincount(found, minlength=n_clusters)
    order = np.argsort(-sizes, kind="stable")
    order = order[sizes[order] > 0]
    number_of = np.zeros(n_clusters, dtype=np.int64)
    number_of[order] = np.arange(len(order))
    return number_of[found], np.asarray(model.cluster_centers_[order], dtype=np.float32)


def _silhouettes(
    unit: NDArray[np.float32], labels: NDArray[np.int64], n_clusters: int, random_state: int
) -> tuple[float, NDArray[np.float64]]:
    by_cluster = np.full(n_clusters, np.nan)
    rows = _sample(len(unit), _MAX_SILHOUETTE_ROWS, random_state)
    sampled = labels[rows]
    if not 2 <= len(np.unique(sampled)) < len(rows):
        return float("nan"), by_cluster
    from sklearn.metrics import silhouette_samples

    values = silhouette_samples(unit[rows], sampled, metric="cosine")
    for label in np.unique(sampled):
        by_cluster[label] = values[sampled == label].mean()
    return float(values.mean()), by_cluster


def _sample(n_rows: int, size: int, random_state: int) -> NDArray[np.int64]:
    if n_rows <= size:
        return np.arange(n_rows)
    return np.sort(np.random.default_rng(random_state).choice(n_rows, size, replace=False))


def _count_different(x: NDArray[np.float32]) -> int:
    return len({row.tobytes() for row in x})
