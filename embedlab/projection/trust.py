"""How far a map can be trusted, near and far."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from embedlab.compute import Threads, one_blas_thread
from embedlab.rows import ROUNDING, normalize_rows, row_blocks, sample_positions
from embedlab.validation import as_embeddings, check_integer, check_same_length

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

_TRUSTED_ROWS = 1_000
_NEAR, _MIDDLE, _FAR = 15, 50, 150


@one_blas_thread
def trustworthiness(
    embeddings: ArrayLike, coordinates: ArrayLike, n_neighbors: Sequence[int] = (_NEAR, _MIDDLE, _FAR)
) -> dict[int, float]:
    """Return how far neighbours on a map are neighbours among the embeddings, for several numbers of neighbours.

    ``1 - 2 / (n k (2n - 3k - 1)) * sum of max(0, r(i, j) - k)`` over the ``k`` nearest points ``j`` of each point ``i``
    on the map, where ``r`` is the rank of ``j`` among the neighbours of ``i`` by cosine. Equally near rows share the
    best of their ranks.

    Parameters
    ----------
    embeddings : array-like of shape (n, d)
    coordinates : array-like of shape (n, n_components)
    n_neighbors : sequence of int, default=(15, 50, 150)
        The numbers ``k``. Those that are not below n / 2 are left out, since the measure is not defined there; where
        none is, the largest number below takes their place.

    Returns
    -------
    dict of int to float
        For each ``k``, rising, from 0 to 1: 1 where no stranger is among the neighbours. Empty below three rows.

    Raises
    ------
    InvalidInputError
        When the numbers of rows differ.

    Notes
    -----
    Few neighbours flatter a map that keeps the nearest together and loses the order beyond them: look at all three.
    Above 1,000 rows the sums are estimated from 1,000 of them; their ranks are still taken among all rows.

    References
    ----------
    J. Venna and S. Kaski, "Neighborhood preservation in nonlinear projection methods", ICANN 2001;
    ``sklearn.manifold.trustworthiness``.

    Examples
    --------
    >>> rows = [[1.0, 0.0], [1.0, 0.1], [1.0, 0.3], [0.0, 1.0]]
    >>> trustworthiness(rows, rows)
    {1: 1.0}
    """
    unit, points = normalize_rows(as_embeddings(embeddings)), as_embeddings(coordinates, "coordinates")
    check_same_length("embeddings", len(unit), "coordinates", len(points))
    n, most = len(unit), (len(unit) - 1) // 2
    asked = sorted({check_integer(k, "n_neighbors", 1) for k in n_neighbors})
    counts = [k for k in asked if k <= most] or [most]
    if most < 1:
        return {}
    sample = sample_positions(n, _TRUSTED_ROWS, random_state=0)
    near = _nearest_points(points, sample, counts[-1])

    def penalize(rows: slice) -> list[int]:
        cosines = unit[sample[rows]] @ unit.T
        cosines[np.arange(len(cosines)), sample[rows]] = -np.inf  # no row is its own neighbour
        ranks = np.stack([_ranks(row, of) for row, of in zip(cosines, near[rows], strict=True)])
        return [int(np.maximum(0, ranks[:, :k] - k).sum()) for k in counts]

    with Threads() as threads:
        penalties = np.sum(list(threads.each(penalize, row_blocks(len(sample), n))), axis=0)
    shares = 2 * penalties / np.array([len(sample) * k * (2 * n - 3 * k - 1) for k in counts])
    return dict(zip(counts, (1 - shares).tolist(), strict=True))


def say_trustworthiness(found: Mapping[int, float]) -> str:
    """Return the figures in words, such as ``0.99 near, 0.96 at middle distance, 0.87 far``; empty for none."""
    return ", ".join(f"{share:.2f} {distance_of(k)}" for k, share in found.items())


def distance_of(n_neighbors: int) -> str:
    """Return how far around a point so many neighbours reach, in a word or two."""
    return "near" if n_neighbors <= _NEAR else "at middle distance" if n_neighbors <= _MIDDLE else "far"


def _ranks(cosines: NDArray[np.float32], columns: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the ranks of some columns of one row: how many are nearer, and one."""
    own = cosines[columns] + np.float32(ROUNDING)
    order = np.argsort(own)
    # Each row counts for the columns it is nearer than: all up to a place in their order.
    places = np.searchsorted(own[order], cosines[cosines > own.min()], side="left")
    nearer = np.bincount(places, minlength=len(own) + 1)[::-1].cumsum()[::-1][1:]
    ranks = np.empty(len(own), dtype=np.int64)
    ranks[order] = nearer + 1
    return ranks


def _nearest_points(points: NDArray[np.float32], rows: NDArray[np.int64], k: int) -> NDArray[np.int64]:
    """Return the ``k`` nearest other points of some rows, nearest first, shape (len(rows), k)."""
    from sklearn.neighbors import NearestNeighbors

    near = NearestNeighbors(n_neighbors=k + 1).fit(points).kneighbors(points[rows], return_distance=False)
    # The row itself is among them, not always first; it is missing where many points share its place.
    own_last = np.argsort(near == rows[:, None], axis=1, kind="stable")
    return np.take_along_axis(near, own_last, axis=1)[:, :k]
