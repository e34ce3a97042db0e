"""Which clusters to believe: whether they come back when other rows are drawn."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from embedlab.clustering.density import SMALLEST
from embedlab.clustering.methods import CLUSTER_METHODS, cluster
from embedlab.compute import Threads
from embedlab.errors import InvalidInputError
from embedlab.rows import normalize_rows
from embedlab.similarity import different_rows
from embedlab.validation import as_embeddings, check_integer, check_labels, check_random_state

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

STABLE, DOUBTFUL = 0.75, 0.6
"""From the first on a cluster counts as stable, below the second it should not be believed (Hennig 2007)."""

# Each draw has this share of the rows, and no more than so many.
_SHARE, _MOST_ROWS = 0.8, 4_000


@dataclass(frozen=True, eq=False)
class Stability:
    """How well clusters come back in draws from the rows.

    Parameters
    ----------
    jaccard : float64 array of shape (n_clusters,)
        Mean over the draws of how much of each cluster its most similar cluster there shares with it: rows in both over
        rows in either, from 0 to 1. NaN for a cluster that no draw holds.
    ari : float
        Mean adjusted Rand index of the clusters and those of each draw: 1 the same groups, 0 no better than chance.
    n_resamples : int
        Number of draws.
    """

    jaccard: NDArray[np.float64]
    ari: float
    n_resamples: int

    @property
    def verdicts(self) -> list[str]:
        """For each cluster ``"stable"``, ``"doubtful"`` or ``"do not believe"``."""
        return [
            "stable" if value >= STABLE else "doubtful" if value >= DOUBTFUL else "do not believe"
            for value in self.jaccard.tolist()
        ]


def cluster_stability(
    embeddings: ArrayLike,
    labels: ArrayLike,
    *,
    method: str = "kmeans",
    min_cluster_size: int | None = None,
    n_resamples: int = 20,
    random_state: int = 0,
    progress: Callable[[int, int], None] | None = None,
) -> Stability:
    """Draw rows, cluster them again in the same way, and see which clusters come back.

    Parameters
    ----------
    embeddings : array-like of shape (n, d)
    labels : int array-like of shape (n,)
        The clusters in question, from :func:`cluster`; -1 for noise. Their number is what each draw is cut into.
    method : str, default="kmeans"
        How they were found: a key of ``CLUSTER_METHODS``.
    min_cluster_size : int, default=None
        As it was for ``"hdbscan"``; scaled by the share of rows in a draw.
    n_resamples : int, default=20
        Number of draws.
    random_state : int, default=0
        The same seed gives the same draws.
    progress : callable, default=None
        Called with the draws done and all of them; what it raises ends the work.

    Returns
    -------
    Stability

    Raises
    ------
    InvalidInputError
        For an unknown method, labels that do not fit, or numbers out of range.

    Notes
    -----
    A draw has 80 % of the rows, and at most 4,000, without replacement: copies of rows would make clusters of their
    own. Of many rows a draw is a smaller share, and small clusters count as less stable than all rows would show.

    A cluster can be stable and still mean nothing: of rows spread evenly, some cuts come back too.

    References
    ----------
    C. Hennig, "Cluster-wise assessment of cluster stability", Computational Statistics & Data Analysis 52, 2007; the R
    function ``fpc::clusterboot``.
    """
    unit = normalize_rows(as_embeddings(embeddings))
    known = check_labels(labels, len(unit))
    check_integer(n_resamples, "n_resamples", 1)
    if method not in CLUSTER_METHODS:
        raise InvalidInputError(f"There is no clustering {method!r}. Choose one of: {', '.join(CLUSTER_METHODS)}.")
    rng = np.random.default_rng(check_random_state(random_state))
    size = max(1, min(round(_SHARE * len(unit)), _MOST_ROWS))
    n_clusters = int(known.max(initial=-1)) + 1
    draws = [np.sort(rng.choice(len(unit), size, replace=False)) for _ in range(n_resamples)]

    def compare(rows: NDArray[np.int64]) -> tuple[NDArray[np.float64], float]:
        again = _cluster_again(unit[rows], n_clusters, method, min_cluster_size, size / len(unit), random_state)
        return _best_jaccard(known[rows], again, n_clusters), _ari(known[rows], again)

    found = []
    with Threads() as threads:
        for compared in threads.each(compare, draws):
            found.append(compared)
            if progress:
                progress(len(found), n_resamples)
    best = np.array([jaccard for jaccard, _ in found])
    held = (~np.isnan(best)).sum(axis=0)
    mean = np.where(held, np.nansum(best, axis=0) / np.maximum(held, 1), np.nan)
    return Stability(mean, float(np.mean([ari for _, ari in found])), n_resamples)


def _cluster_again(
    unit: NDArray[np.float32], n_clusters: int, method: str, min_cluster_size: int | None, share: float, seed: int
) -> NDArray[np.int64]:
    if CLUSTER_METHODS[method].takes_number:
        number = max(1, min(n_clusters, len(different_rows(unit)[0])))
        return cluster(unit, number, method=method, random_state=seed).labels
    smallest = None if min_cluster_size is None else max(SMALLEST, round(min_cluster_size * share))
    return cluster(unit, method=method, min_cluster_size=smallest, random_state=seed).labels


def _best_jaccard(labels: NDArray[np.int64], again: NDArray[np.int64], n_clusters: int) -> NDArray[np.float64]:
    """Return for each cluster the Jaccard index with its most similar cluster in ``again``; noise is none."""
    n_again = int(again.max(initial=-1)) + 1
    inside = (labels >= 0) & (again >= 0)
    both = np.bincount(labels[inside] * n_again + again[inside], minlength=n_clusters * n_again)
    both = both.reshape(n_clusters, n_again)
    sizes = np.bincount(labels[labels >= 0], minlength=n_clusters)
    either = sizes[:, None] + np.bincount(again[again >= 0], minlength=n_again) - both
    best = (both / np.maximum(either, 1)).max(axis=1, initial=0.0)
    return np.where(sizes > 0, best, np.nan)


def _ari(labels: NDArray[np.int64], again: NDArray[np.int64]) -> float:
    from sklearn.metrics import adjusted_rand_score

    return float(adjusted_rand_score(labels, again))
