"""Groups of rows, and the number of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from embedlab.compute import Threads

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True, eq=False)
class Clustering:
    """Groups of rows.

    Parameters
    ----------
    labels : int64 array of shape (n,)
        Cluster of each row. Clusters are numbered by size: 0 is the largest. -1 is noise: in no cluster.
    centers : float32 array of shape (n_clusters, d)
        Mean of the normalised rows of each cluster.
    silhouette_samples : float64 array of shape (n,)
        Silhouette of each row by cosine distance, from -1 to 1; see :func:`cosine_silhouette`. NaN for noise.
    candidates : tuple of (int, float)
        Where the number was suggested: each number of clusters tried, rising, and its mean silhouette.
    """

    labels: NDArray[np.int64]
    centers: NDArray[np.float32]
    silhouette_samples: NDArray[np.float64]
    candidates: tuple[tuple[int, float], ...] = ()

    @property
    def n_clusters(self) -> int:
        """Number of clusters."""
        return len(self.centers)

    @property
    def n_noise(self) -> int:
        """Number of rows in no cluster."""
        return int((self.labels < 0).sum())

    @property
    def silhouette(self) -> float:
        """Mean silhouette of all rows but noise; NaN where it is not defined, as for one cluster."""
        inside = self.silhouette_samples[self.labels >= 0]
        return float(inside.mean()) if len(inside) else float("nan")

    @property
    def silhouette_by_cluster(self) -> NDArray[np.float64]:
        """Mean silhouette of the rows of each cluster, shape (n_clusters,)."""
        inside = self.labels >= 0
        labels = self.labels[inside]
        return np.bincount(labels, self.silhouette_samples[inside]) / np.bincount(labels)


@dataclass(frozen=True)
class Suggestion:
    """The number of clusters with the largest mean silhouette, and each number tried with its mean silhouette."""

    n_clusters: int
    candidates: tuple[tuple[int, float], ...]


def by_size(labels: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return labels numbered anew so that 0 is the largest cluster, equally large ones by their first row; -1 stays."""
    inside = labels >= 0
    _, first, numbers, sizes = np.unique(labels[inside], return_index=True, return_inverse=True, return_counts=True)
    place = np.argsort(np.lexsort((first, -sizes)))
    ordered = np.full(len(labels), -1, dtype=np.int64)
    ordered[inside] = place[numbers]
    return ordered


def mean_rows(unit: NDArray[np.float32], labels: NDArray[np.int64]) -> NDArray[np.float32]:
    """Return the mean of the rows of each cluster; noise has none."""
    from embedlab.compute import sum_groups

    sizes = np.bincount(labels[labels >= 0])
    with Threads() as threads:
        means: NDArray[np.float64] = sum_groups(unit, labels, len(sizes), threads) / sizes[:, None]
    return means.astype(np.float32)
