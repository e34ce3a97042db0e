"""Maps: embeddings laid out in two or three dimensions, and how far such a map can be trusted."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from embedlab._rows import ROUNDING, different_rows, normalize_rows, row_blocks, sample_positions
from embedlab._validation import as_embeddings, check_integer, check_random_state, check_same_length
from embedlab.errors import InvalidInputError
from embedlab.neighbors import nearest_neighbors

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

# Numba's plainest threading layer ends the process when two threads enter UMAP's kernels at once.
_ONE_AT_A_TIME = threading.Lock()
# Fewer rows have no neighbourhoods that a graph could show.
_MIN_UMAP_ROWS = 5
_TRUSTED_ROWS = 1_000


@dataclass(frozen=True, eq=False)
class Projection:
    """A map.

    Parameters
    ----------
    coordinates : float32 array of shape (n, n_components)
        Near points are near texts. On a UMAP map neither the axes nor large distances mean anything.
    trustworthiness : float
        From 0 to 1, how far neighbours on the map are neighbours among the embeddings; see :func:`trustworthiness`.
    method : str
        The key of ``PROJECTION_METHODS`` that was used.
    """

    coordinates: NDArray[np.float32]
    trustworthiness: float
    method: str


@dataclass(frozen=True)
class ProjectionMethod:
    """One way to lay embeddings out, with the words the app uses for it.

    Parameters
    ----------
    lay_out : callable
        ``(unit rows, all different (n, d), n_components, n_neighbors, min_dist, random_state) -> (n, n_components)``.
    title, description : str
        A name and one plain sentence.
    """

    lay_out: Callable[[NDArray[np.float32], int, int, float, int], NDArray[np.float32]]
    title: str
    description: str


def project(
    embeddings: ArrayLike,
    method: str = "umap",
    n_components: int = 2,
    n_neighbors: int = 15,
    min_dist: float = 0.1,
    *,
    random_state: int = 42,
) -> Projection:
    """Lay embeddings out on a map that keeps neighbours together.

    Parameters
    ----------
    embeddings : array-like of shape (n, d)
        Compared by cosine.
    method : str, default="umap"
        A key of ``PROJECTION_METHODS``. Fewer than five different rows are always laid out by ``"pca"``.
    n_components : int, default=2
        Dimensions of the map.
    n_neighbors : int, default=15
        How many rows, itself included, make up the neighbourhood of a row in UMAP; all but one where there are fewer.
        Few show fine structure, many the whole.
    min_dist : float, default=0.1
        How close UMAP may put points, from 0 to 1.
    random_state : int, default=42
        The same seed gives the same map, bit for bit, on the same machine.

    Returns
    -------
    Projection
        Equal rows get equal coordinates.

    Raises
    ------
    InvalidInputError
        For an unknown method or a value out of range.

    Notes
    -----
    Neighbours are exact and the layout starts from the principal components: quicker than UMAP's own search and start,
    and with a higher trustworthiness.

    References
    ----------
    L. McInnes, J. Healy and J. Melville, "UMAP: Uniform Manifold Approximation and Projection", 2018.
    """
    if method not in PROJECTION_METHODS:
        raise InvalidInputError(f"There is no projection {method!r}. Choose one of: {', '.join(PROJECTION_METHODS)}.")
    check_integer(n_components, "n_components", 1)
    check_integer(n_neighbors, "n_neighbors", 2)
    check_random_state(random_state)
    if not 0 <= min_dist <= 1:
        raise InvalidInputError(f"min_dist={min_dist} is out of range; choose a number from 0 to 1.")
    unit = normalize_rows(as_embeddings(embeddings))
    # Copies of one text would be each other's only neighbours and tear the graph apart.
    first, inverse = different_rows(unit)
    used = method if len(first) >= _MIN_UMAP_ROWS else "pca"
    lay_out = PROJECTION_METHODS[used].lay_out
    coordinates = lay_out(unit[first], n_components, n_neighbors, min_dist, random_state)[inverse]
    return Projection(coordinates, trustworthiness(unit, coordinates, n_neighbors), used)


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


def _umap(
    unit: NDArray[np.float32], n_components: int, n_neighbors: int, min_dist: float, random_state: int
) -> NDArray[np.float32]:
    n_neighbors = min(n_neighbors, len(unit) - 1)
    indices, similarities = nearest_neighbors(unit, n_neighbors - 1)
    # UMAP expects each row as its own first neighbour, at distance 0.
    own = np.arange(len(unit))[:, None]
    knn_indices = np.hstack([own, indices]).astype(np.int32)
    knn_distances = np.hstack([np.zeros((len(unit), 1), dtype=np.float32), 1 - similarities])
    start = _start(unit, n_components, random_state)
    seeded = np.random.RandomState(random_state)
    with _ONE_AT_A_TIME:
        # The two halves of UMAP.fit_transform, called by themselves: the class would warn about neighbours it did not
        # find itself, and filters against warnings are not safe between threads.
        from umap.umap_ import find_ab_params, fuzzy_simplicial_set, simplicial_set_embedding

        graph, _, _ = fuzzy_simplicial_set(
            unit, n_neighbors, seeded, "cosine", knn_indices=knn_indices, knn_dists=knn_distances
        )
        a, b = find_ab_params(1.0, min_dist)
        coordinates, _ = simplicial_set_embedding(
            unit, graph, n_components, initial_alpha=1.0, a=a, b=b, gamma=1.0, negative_sample_rate=5, n_epochs=None,
            init=start, random_state=seeded, metric="cosine", metric_kwds={}, densmap=False, densmap_kwds={},
            output_dens=False,
        )  # fmt: skip
    return np.asarray(coordinates, dtype=np.float32)


def _start(unit: NDArray[np.float32], n_components: int, random_state: int) -> NDArray[np.float32]:
    """Return the principal components at UMAP's scale, with noise that fills the directions the rows do not have."""
    components = _principal_components(unit, n_components, random_state)
    noise = np.random.default_rng(random_state).normal(scale=1e-4, size=components.shape)
    return (10 * components / np.abs(components).max() + noise).astype(np.float32)


def _pca(
    unit: NDArray[np.float32], n_components: int, n_neighbors: int, min_dist: float, random_state: int
) -> NDArray[np.float32]:
    return _principal_components(unit, n_components, random_state)


def _principal_components(unit: NDArray[np.float32], n_components: int, random_state: int) -> NDArray[np.float32]:
    """Return the principal components, and zeros for directions the rows do not have."""
    from sklearn.decomposition import PCA

    coordinates = np.zeros((len(unit), n_components), dtype=np.float32)
    available = min(n_components, unit.shape[1], len(unit) - 1)
    if available:
        coordinates[:, :available] = PCA(available, random_state=random_state).fit_transform(unit)
    return coordinates


PROJECTION_METHODS: dict[str, ProjectionMethod] = {
    "umap": ProjectionMethod(_umap, "UMAP", "Keeps neighbours together and shows groups; large distances mean little."),
    "pca": ProjectionMethod(_pca, "PCA", "The flat view in which the texts spread most; distances keep their meaning."),
}
