"""Texts that belong nowhere: far from every centre, or thinly surrounded."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from embedlab.clustering.result import mean_rows
from embedlab.compute import Threads
from embedlab.neighbors import NeighborGraph, among_different, neighbor_graph
from embedlab.rows import normalize_rows, row_blocks
from embedlab.similarity import different_rows
from embedlab.validation import as_embeddings, check_integer, check_labels, check_same_length, check_same_width

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

_N_NEIGHBORS = 15


@dataclass(frozen=True, eq=False)
class Outliers:
    """How far each row is from the rest.

    Parameters
    ----------
    distances : float64 array of shape (n,)
        Cosine distance to the nearest centre, from 0 to 2. NaN where there is no centre.
    isolation : float64 array of shape (n,)
        How much thinner a row is surrounded than its neighbours are: the local outlier factor. About 1 among its like,
        2 where its neighbours have theirs twice as near. NaN for a single different row.
    """

    distances: NDArray[np.float64]
    isolation: NDArray[np.float64]

    @property
    def scores(self) -> NDArray[np.float64]:
        """Mean over both numbers of the share of rows that are less outlying, from 0 to 1, shape (n,)."""
        return (_share_below(self.distances) + _share_below(self.isolation)) / 2

    def rows(self, top_k: int) -> NDArray[np.int64]:
        """Return the positions of the ``top_k`` most outlying rows by ``scores``, the most outlying first."""
        check_integer(top_k, "top_k", 0)
        return np.argsort(-self.scores, kind="stable")[:top_k]


def outlier_scores(
    embeddings: ArrayLike, labels_or_centers: ArrayLike, neighbors: NeighborGraph | None = None
) -> Outliers:
    """Tell by two numbers how outlying each row is: far from every centre, and thinly surrounded.

    Parameters
    ----------
    embeddings : array-like of shape (n, d)
    labels_or_centers : int array-like of shape (n,), or array-like of shape (n_clusters, d)
        Cluster of each row, -1 for noise, whose mean rows are the centres; or the centres.
    neighbors : NeighborGraph, default=None
        From :func:`neighbor_graph` of the same rows; with 15 others, found anew, when not given.

    Returns
    -------
    Outliers
        Equal rows have equal numbers.

    Raises
    ------
    InvalidInputError
        When the labels, centres or neighbours do not fit the rows.

    Notes
    -----
    The local outlier factor of a row is the mean of its neighbours' densities over its own; the density is 1 over the
    mean cosine distance to its neighbours, none counted as nearer than that neighbour's own farthest. Copies of a text
    count once, or they would make everything near them look thin.

    References
    ----------
    M. Breunig, H.-P. Kriegel, R. Ng and J. Sander, "LOF: identifying density-based local outliers", SIGMOD 2000;
    ``sklearn.neighbors.LocalOutlierFactor``.
    """
    unit = normalize_rows(as_embeddings(embeddings))
    if np.ndim(labels_or_centers) == 1:
        centers = mean_rows(unit, np.unique(check_labels(labels_or_centers, len(unit)), return_inverse=True)[1])
        centers = centers[np.unique(np.asarray(labels_or_centers)) >= 0]
    else:
        centers = as_embeddings(labels_or_centers, "centers", min_rows=0)
    check_same_width(unit, centers)
    if neighbors is not None:
        check_same_length("embeddings", len(unit), "rows of neighbors", len(neighbors.indices))
    first, inverse = different_rows(unit)
    return Outliers(_distances(unit, normalize_rows(centers)), _isolation(unit, neighbors, first, inverse)[inverse])


def _distances(unit: NDArray[np.float32], centers: NDArray[np.float32]) -> NDArray[np.float64]:
    nearest = np.full(len(unit), np.nan)
    if len(centers):
        with Threads() as threads:
            for rows in row_blocks(len(unit), len(centers)):
                nearest[rows] = np.maximum(0, 1 - threads.product(centers, unit[rows].T).max(axis=0))
    return nearest


def _isolation(
    unit: NDArray[np.float32], neighbors: NeighborGraph | None, first: NDArray[np.int64], inverse: NDArray[np.int64]
) -> NDArray[np.float64]:
    """Return the local outlier factor of each different row."""
    different = unit[first]
    if len(different) < 2:
        return np.full(len(different), np.nan)
    if neighbors is None:
        graph = neighbor_graph(different, min(_N_NEIGHBORS, len(different) - 1))
    else:
        graph = among_different(neighbors, different, first, inverse) if len(first) < len(unit) else neighbors
    apart = np.maximum(0, 1 - graph.similarities.astype(np.float64))
    reached = np.maximum(apart, apart[:, -1][graph.indices])
    # The same small number as scikit-learn's keeps rows without any distance defined.
    density = 1 / (reached.mean(axis=1) + 1e-10)
    return density[graph.indices].mean(axis=1) / density


def _share_below(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return for each value the share of values below it; 0 for NaN."""
    known = np.sort(values[~np.isnan(values)])
    return np.where(np.isnan(values), 0.0, np.searchsorted(known, values) / max(1, len(known) - 1))
