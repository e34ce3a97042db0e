"""How well rows lie in their clusters."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from embedlab.rows import normalize_rows, row_blocks
from embedlab.validation import as_embeddings, check_labels

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray


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
    if (known < 0).any():
        silhouette = np.full(len(unit), np.nan)
        inside = known >= 0
        if inside.any():
            silhouette[inside] = cosine_silhouette(unit[inside], known[inside])
        return silhouette
    found, numbers, sizes = np.unique(known, return_inverse=True, return_counts=True)
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
