"""KMeans on embeddings: groups, how good they are, and how many there should be."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from embedlab._kmeans import kmeans
from embedlab._rows import different_rows, normalize_rows, row_blocks, sample_positions
from embedlab._validation import as_embeddings, check_integer, check_labels, check_random_state
from embedlab.errors import InvalidInputError

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

MAX_SUGGESTED_CLUSTERS = 50
"""Largest number of clusters that is suggested unasked."""

# Numbers of clusters are compared on so many rows, since many are tried.
_COMPARED_ROWS = 4_000


@dataclass(frozen=True, eq=False)
class Clustering:
    """Groups of rows.

    Parameters
    ----------
    labels : int64 array of shape (n,)
        Cluster of each row. Clusters are numbered by size: 0 is the largest.
    centers : float32 array of shape (n_clusters, d)
        Mean of the normalised rows of each cluster.
    silhouette_samples : float64 array of shape (n,)
        Silhouette of each row by cosine distance, from -1 to 1; see :func:`cosine_silhouette`.
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
    def silhouette(self) -> float:
        """Mean silhouette of all rows; NaN where it is not defined, as for one cluster."""
        return float(self.silhouette_samples.mean())

    @property
    def silhouette_by_cluster(self) -> NDArray[np.float64]:
        """Mean silhouette of the rows of each cluster, shape (n_clusters,)."""
        return np.bincount(self.labels, self.silhouette_samples) / np.bincount(self.labels)


@dataclass(frozen=True)
class Suggestion:
    """The number of clusters with the largest mean silhouette, and each number tried with its mean silhouette."""

    n_clusters: int
    candidates: tuple[tuple[int, float], ...]


def cluster(
    embeddings: ArrayLike,
    n_clusters: int | str = "auto",
    *,
    random_state: int = 0,
    progress: Callable[[int, int], None] | None = None,
) -> Clustering:
    """Group rows by KMeans.

    Parameters
    ----------
    embeddings : array-like of shape (n, d)
        Scaled to length 1 first, so that Euclidean KMeans follows the cosine.
    n_clusters : int or "auto", default="auto"
        ``"auto"`` takes the number that :func:`suggest_n_clusters` finds.
    random_state : int, default=0
        The same seed gives the same clusters.
    progress : callable, default=None
        Handed on to :func:`suggest_n_clusters`, which takes most of the time.

    Returns
    -------
    Clustering

    Raises
    ------
    InvalidInputError
        When there are fewer different rows than clusters.

    Notes
    -----
    Above 10,000 rows the centres are found on a seeded sample of that size and then refined on all rows: nearly as
    quick as mini-batches, and with tighter clusters.
    """
    unit = normalize_rows(as_embeddings(embeddings))
    check_random_state(random_state)
    candidates: tuple[tuple[int, float], ...] = ()
    if n_clusters == "auto":
        suggestion = suggest_n_clusters(unit, random_state=random_state, progress=progress)
        n_clusters, candidates = suggestion.n_clusters, suggestion.candidates
    elif isinstance(n_clusters, str):
        raise InvalidInputError(f"n_clusters={n_clusters!r}; give a whole number, or 'auto'.")
    n_different = len(different_rows(unit)[0])
    reason = f"there are {n_different:,} different texts in {len(unit):,} rows"
    check_integer(n_clusters, "n_clusters", 1, n_different, reason)
    labels, centers = kmeans(unit, int(n_clusters), random_state)
    if len(centers) < n_clusters and not candidates:
        raise InvalidInputError(
            f"n_clusters={n_clusters} is too large: {reason}, but only {len(centers)} groups that can be told apart; "
            f"choose at most {len(centers)}."
        )
    return Clustering(labels, centers, cosine_silhouette(unit, labels), candidates)


def suggest_n_clusters(
    embeddings: ArrayLike,
    *,
    k_range: Iterable[int] | None = None,
    random_state: int = 0,
    progress: Callable[[int, int], None] | None = None,
) -> Suggestion:
    """Try several numbers of clusters, on 4,000 rows at most, and suggest the one that separates them best.

    Parameters
    ----------
    embeddings : array-like of shape (n, d)
    k_range : iterable of int, default=None
        The numbers to try. None tries some from 2 to the square root of n, or to ``MAX_SUGGESTED_CLUSTERS``, and then
        those around the best.
    random_state : int, default=0
    progress : callable, default=None
        Called with the numbers tried and those to try so far, after each; what it raises ends the work.

    Returns
    -------
    Suggestion
        Without candidates, and 1 suggested, when there are fewer than three different rows.

    Raises
    ------
    InvalidInputError
        When ``k_range`` holds a number below 2 or not below the number of different rows.
    """
    unit = normalize_rows(as_embeddings(embeddings))
    check_random_state(random_state)
    sample = unit[sample_positions(len(unit), _COMPARED_ROWS, random_state)]
    most = len(different_rows(sample)[0]) - 1

    tried: dict[int, float] = {}

    def measure(numbers: Iterable[int]) -> None:
        left = [k for k in numbers if k not in tried]
        total = len(tried) + len(left)
        for k in left:
            tried[k] = float(cosine_silhouette(sample, kmeans(sample, k, random_state)[0]).mean())
            if progress:
                progress(len(tried), total)

    if k_range is not None:
        numbers = {check_integer(k, "k_range", 2, most, f"there are {most + 1:,} different texts") for k in k_range}
        measure(numbers)
    else:
        coarse = _spread_numbers(min(most, MAX_SUGGESTED_CLUSTERS, max(10, round(len(sample) ** 0.5))))
        measure(coarse)
        if tried:
            place = coarse.index(_best(tried))
            low, high = coarse[max(0, place - 1)], coarse[min(len(coarse) - 1, place + 1)]
            measure(range(low, high))
    return Suggestion(_best(tried), tuple(sorted(tried.items())))


def cosine_silhouette(embeddings: ArrayLike, labels: ArrayLike) -> NDArray[np.float64]:
    """Return the silhouette of each row by cosine distance.

    ``s = (b - a) / max(a, b)``, where ``a`` is the mean distance of a row to the others of its cluster and ``b`` that
    to the nearest other cluster: 1 deep inside its cluster, 0 between two, below 0 nearer to another. 0 for a row
    alone in its cluster.

    Parameters
    ----------
    embeddings : array-like of shape (n, d)
    labels : int array-like of shape (n,)
        Every different number is a cluster.

    Returns
    -------
    float64 array of shape (n,)
        NaN where there are fewer than 2 clusters, or as many as rows.

    Raises
    ------
    InvalidInputError
        When there are not as many labels as rows.

    Notes
    -----
    The mean cosine distance of a row to a cluster is 1 minus its product with the mean of the cluster's normalised
    rows: exact for all rows in O(n k d), where comparing all pairs would take O(n² d).

    References
    ----------
    P. Rousseeuw, "Silhouettes", J. Comput. Appl. Math. 20, 1987; ``sklearn.metrics.silhouette_samples``.
    """
    unit = normalize_rows(as_embeddings(embeddings))
    found, numbers, sizes = np.unique(check_labels(labels, len(unit)), return_inverse=True, return_counts=True)
    if not 2 <= len(found) < len(unit):
        return np.full(len(unit), np.nan)
    sums = np.stack([unit[numbers == i].sum(axis=0, dtype=np.float64) for i in range(len(found))])
    silhouette = np.empty(len(unit))
    for rows in row_blocks(len(unit), unit.shape[1] + len(found)):
        block, own, at = unit[rows].astype(np.float64), numbers[rows], np.arange(rows.stop - rows.start)
        total = sizes - block @ sums.T  # summed distance of each row to each cluster
        others = sizes[own] - 1
        # The row itself is in its own sum, at the distance 1 - |x|²: rounding for a unit row, 1 for a row of zeros.
        inside = np.maximum(0, total[at, own] - (1 - (block**2).sum(axis=1))) / np.maximum(others, 1)
        total /= sizes
        total[at, own] = np.inf
        outside = np.maximum(0, total.min(axis=1))
        largest = np.maximum(np.maximum(inside, outside), np.finfo(float).tiny)
        silhouette[rows] = np.where(others > 0, (outside - inside) / largest, 0.0)
    return silhouette


def _spread_numbers(most: int) -> list[int]:
    """Return about sixteen numbers from 2 to ``most``, denser among the small ones, where one more changes more."""
    return sorted({round(k) for k in np.geomspace(2, most, 16).tolist()}) if most >= 2 else []


def _best(tried: dict[int, float]) -> int:
    return max(tried, key=lambda k: tried[k], default=1)
