"""How far a map can be trusted."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from embedlab.rows import ROUNDING, normalize_rows, row_blocks, sample_positions
from embedlab.validation import as_embeddings, check_integer, check_same_length

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

_TRUSTED_ROWS = 1_000


def trustworthiness(embeddings: ArrayLike, coordinates: ArrayLike, n_neighbors: int = 15) -> float:
    """Return how far neighbours on a map are neighbours among the embeddings.

    ``1 - 2 / (n k (2n - 3k - 1)) * sum of max(0, r(i, j) - k)`` over the ``k`` nearest points ``j`` of each point ``i``
    on the map, where ``r`` is the rank of ``j`` among the neighbours of ``i`` by cosine. Equally near rows share the
    best of their ranks.

    Parameters
    ----------
    embeddings : array-like of shape (n, d)
    coordinates : array-like of shape (n, n_components)
    n_neighbors : int, default=15
        ``k``; the largest number below n / 2 where it is not smaller, since the measure is not defined beyond.

    Returns
    -------
    float
        From 0 to 1: 1 where no stranger is among the neighbours. NaN below three rows.

    Raises
    ------
    InvalidInputError
        When the numbers of rows differ.

    Notes
    -----
    Above 1,000 rows the sum is estimated from 1,000 of them; their ranks are still taken among all rows.

    References
    ----------
    J. Venna and S. Kaski, "Neighborhood preservation in nonlinear projection methods", ICANN 2001;
    ``sklearn.manifold.trustworthiness``.
    """
    unit, points = normalize_rows(as_embeddings(embeddings)), as_embeddings(coordinates, "coordinates")
    check_same_length("embeddings", len(unit), "coordinates", len(points))
    n, k = len(unit), min(check_integer(n_neighbors, "n_neighbors", 1), (len(unit) - 1) // 2)
    if k < 1:
        return float("nan")
    sample = sample_positions(n, _TRUSTED_ROWS, random_state=0)
    near = _nearest_points(points, sample, k)
    penalty = 0
    for rows in row_blocks(len(sample), n):
        cosines = unit[sample[rows]] @ unit.T
        cosines[np.arange(len(cosines)), sample[rows]] = -np.inf  # no row is its own neighbour
        for column in near[rows].T:
            own = np.take_along_axis(cosines, column[:, None], axis=1)
            nearer = np.count_nonzero(cosines > own + np.float32(ROUNDING), axis=1)
            penalty += int(np.maximum(0, nearer + 1 - k).sum())
    return 1 - 2 * penalty / (len(sample) * k * (2 * n - 3 * k - 1))


def _nearest_points(points: NDArray[np.float32], rows: NDArray[np.int64], k: int) -> NDArray[np.int64]:
    """Return the ``k`` nearest other points of some rows, shape (len(rows), k)."""
    from sklearn.neighbors import NearestNeighbors

    near = NearestNeighbors(n_neighbors=k + 1).fit(points).kneighbors(points[rows], return_distance=False)
    # The row itself is among them, not always first; it is missing where many points share its place.
    own_last = np.argsort(near == rows[:, None], axis=1, kind="stable")
    return np.take_along_axis(near, own_last, axis=1)[:, :k]
