"""How well rows lie in their clusters."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from embedlab.compute import Threads
from embedlab.rows import normalize_rows
from embedlab.validation import as_embeddings, check_labels

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

# Numbers in float64 that a thread has at hand.
_BLOCK_ELEMENTS = 2**21


def cosine_silhouette(embeddings: ArrayLike, labels: ArrayLike) -> NDArray[np.float64]:
    """Return the silhouette of each row by cosine distance.

    ``s = (b - a) / max(a, b)``, where ``a`` is the mean distance of a row to the others of its cluster and ``b`` that
    to the nearest other cluster: 1 deep inside its cluster, 0 between two, below 0 nearer to another. 0 for a row
    alone in its cluster.

    Parameters
    ----------
    embeddings : array-like of shape (n, d)
    labels : int array-like of shape (n,)
        Every different number is a cluster, but -1: noise is left out, as if its rows were not there.

    Returns
    -------
    float64 array of shape (n,)
        NaN for noise, and where there are fewer than 2 clusters, or as many as rows.

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
    known = check_labels(labels, len(unit))
    with Threads() as threads:
        return silhouettes(unit, known, threads)


def silhouettes(unit: NDArray[np.float32], labels: NDArray[np.int64], threads: Threads) -> NDArray[np.float64]:
    """Return the silhouettes of rows of length 1, or 0, as :func:`cosine_silhouette` does."""
    from embedlab.compute import sum_groups

    inside = labels >= 0
    found, numbers, sizes = np.unique(labels[inside], return_inverse=True, return_counts=True)
    silhouette = np.full(len(unit), np.nan)
    if 2 <= len(found) < len(numbers):
        groups = np.full(len(unit), -1)
        groups[inside] = numbers
        sums = sum_groups(unit, groups, len(found), threads)
        bounds = [*range(0, len(unit), max(1, _BLOCK_ELEMENTS // (unit.shape[1] + len(found)))), len(unit)]
        threads.run(_measure, bounds, unit, groups, sums, sizes, silhouette)
        silhouette[~inside] = np.nan
    return silhouette


def _measure(
    first: int, last: int, unit: NDArray[np.float32], groups: NDArray[np.int64], sums: NDArray[np.float64],
    sizes: NDArray[np.int64], silhouette: NDArray[np.float64],
) -> None:  # fmt: skip
    """Write the silhouettes of the rows from ``first`` to ``last``."""
    rows, own, at = unit[first:last].astype(np.float64), groups[first:last], np.arange(last - first)
    total = sizes - rows @ sums.T  # summed distance of each row to each cluster
    others = sizes[own] - 1
    # The row itself is in its own sum, at the distance 1 - |x|²: rounding for a unit row, 1 for a row of zeros.
    itself = 1 - np.einsum("ij,ij->i", rows, rows)
    inside = np.maximum(0, total[at, own] - itself) / np.maximum(others, 1)
    total /= sizes
    total[at, own] = np.inf
    outside = np.maximum(0, total.min(axis=1))
    largest = np.maximum(np.maximum(inside, outside), np.finfo(float).tiny)
    silhouette[first:last] = np.where(others > 0, (outside - inside) / largest, 0.0)
