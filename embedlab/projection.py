"""Maps: embeddings laid out in two or three dimensions, and how far such a map can be trusted."""

from __future__ import annotations

import threading
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from embedlab._rows import normalize_rows, row_blocks
from embedlab._validation import as_embeddings
from embedlab.errors import InvalidInputError
from embedlab.neighbors import nearest_neighbors

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

# UMAP's parallel kernels must not be entered by two threads at once: numba's default threading layer ends the process.
_ONE_AT_A_TIME = threading.Lock()
# Below this many different rows a graph of neighbours says nothing that PCA does not.
_MIN_UMAP_ROWS = 5
_MAX_TRUST_ROWS = 1000


@dataclass(frozen=True)
class Projection:
    """A map.

    Parameters
    ----------
    coordinates : float32 array of shape (n, n_components)
        Only distances between near points mean something; the axes mean nothing.
    trustworthiness : float
        From 0 to 1: how far neighbours on the map are neighbours among the embeddings. NaN below four rows.
    method : str
        A key of ``PROJECTION_METHODS``.
    """

    coordinates: NDArray[np.float32]
    trustworthiness: float
    method: str


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
    method : {"umap", "pca"}, default="umap"
    n_components : {2, 3}, default=2
    n_neighbors : int, default=15
        UMAP: how many neighbours count as near; all other rows where there are fewer. Small values show fine
        structure, large ones the whole.
    min_dist : float, default=0.1
        UMAP: how close points may lie on the map, in [0, 1].
    random_state : int, default=42
        The same seed gives the same map.

    Returns
    -------
    Projection

    Raises
    ------
    InvalidInputError
        For an unknown method or a value out of range.

    Notes
    -----
    Neighbours are exact, by blocked matrix products, and the layout starts from the principal components, both of which
    are faster and give a higher trustworthiness than UMAP's defaults. Equal rows get equal coordinates. Fewer than
    five different rows are laid out by PCA.

    References
    ----------
    L. McInnes, J. Healy, J. Melville, "UMAP: Uniform Manifold Approximation and Projection", 2018.
    """
    if method not in PROJECTION_METHODS:
        raise InvalidInputError(f"There is no projection {method!r}. Choose one of: {', '.join(PROJECTION_METHODS)}.")
    if n_components not in (2, 3):
        raise InvalidInputError(f"n_components={n_components}; a map has 2 or 3 dimensions.")
    if n_neighbors < 2 or not 0 <= min_dist <= 1:
        raise InvalidInputError(
            f"n_neighbors={n_neighbors} must be 2 or more, and min_dist={min_dist} must lie between 0 and 1."
        )
    unit = normalize_rows(as_embeddings(embeddings))
    # Duplicates would fill each other's lists of neighbours and break the graph apart.
    first_rows, inverse = _different_rows(unit)
    lay_out = PROJECTION_METHODS[method if len(first_rows) >= _MIN_UMAP_ROWS else "pca"]
    coordinates = lay_out(unit[first_rows], n_components, n_neighbors, min_dist, random_state)[inverse]
    return Projection(coordinates, trustworthiness(unit, coordinates, n_neighbors), method)


def trustworthiness(embeddings: ArrayLike, coordinates: ArrayLike, n_neighbors: int = 15) -> float:
    """Return how far neighbours on a map are neighbours among the embeddings.

    ``T(k) = 1 - 2 / (n k (2n - 3k - 1)) * sum of max(0, r(i, j) - k)`` over the k map neighbours j of each row i, where r is
    the rank of j among the neighbours of i by cosine. Above 1,000 rows the outer mean is taken over 1,000 of them, spread
    evenly; the ranks are always among all rows.

    Parameters
    ----------
    embeddings : array-like of shape (n, d)
    coordinates : array-like of shape (n, n_components)
    n_neighbors : int, default=15
        Cut to less than half of the rows, the range in which the measure is defined.

    Returns
    -------
    float
        From 0 to 1; NaN below four rows.

    References
    ----------
    J. Venna, S. Kaski, "Neighborhood preservation in nonlinear projection methods", 2001;
    ``sklearn.manifold.trustworthiness``.
    """
    unit, map_points = normalize_rows(as_embeddings(embeddings)), as_embeddings(coordinates, "coordinates")
    n, k = len(unit), min(n_neighbors, (len(unit) - 1) // 2)
    if k < 1 or n < 4:
        return float("nan")
    from sklearn.neighbors import NearestNeighbors

    sampled = np.unique(np.linspace(0, n - 1, min(n, _MAX_TRUST_ROWS)).round().astype(np.int64))
    # One more than k, because the row itself is among them; equal points may push it out of its first place.
    near = NearestNeighbors(n_neighbors=k + 1).fit(map_points).kneighbors(map_points[sampled], return_distance=False)
    near = np.array([row[row != own][:k] for row, own in zip(near, sampled, strict=True)])
    penalty = 0.0
    for rows in row_blocks(len(sampled), n):
        cosines = unit[sampled[rows]] @ unit.T
        cosines[np.arange(len(cosines)), sampled[rows]] = -np.inf
        for neighbor in near[rows].T:
            own = np.take_along_axis(cosines, neighbor[:, None], axis=1)
            ranks = (cosines > own).sum(axis=1) + 1
            penalty += float(np.maximum(0, ranks - k).sum())
    return 1 - 2 * penalty / (len(sampled) * k * (2 * n - 3 * k - 1))


def _umap(
    unit: NDArray[np.float32], n_components: int, n_neighbors: int, min_dist: float, random_state: int
) -> NDArray[np.float32]:
    n_neighbors = min(n_neighbors, len(unit))
    indices, similarities = nearest_neighbors(unit, n_neighbors - 1)
    # UMAP expects each row as its own first neighbour at distance 0.
    own = np.arange(len(unit))[:, None]
    knn_indices = np.hstack([own, indices]).astype(np.int32)
    knn_distances = np.hstack([np.zeros_like(own, dtype=np.float32), 1 - similarities])
    with _ONE_AT_A_TIME, warnings.catch_warnings():
        # Said on purpose here: a seed means one thread, and new points are never added to this map.
        warnings.filterwarnings("ignore", message="n_jobs value|.*knn_search_index|.*is not an NNDescent object")
        # Said by the import: the variant of UMAP that needs TensorFlow is not there, and not used.
        warnings.filterwarnings("ignore", category=ImportWarning)
        import umap

        reducer = umap.UMAP(
            n_components=n_components,
            n_neighbors=n_neighbors,
            min_dist=min_dist,
            metric="cosine",
            precomputed_knn=(knn_indices, knn_distances, None),
            init=_start(unit, n_components, random_state),
            random_state=random_state,
            n_jobs=1,
        )
        return np.asarray(reducer.fit_transform(unit), dtype=np.float32)


def _start(unit: NDArray[np.float32], n_components: int, random_state: int) -> NDArray[np.float32]:
    """Return the principal components at the scale UMAP starts from: a width of 10, with a little noise."""
    components = _pca(unit, n_components, 0, 0, random_state)
    scaled = 10 * components / max(float(np.abs(components).max()), 1e-12)
    noise = np.random.default_rng(random_state).normal(scale=1e-4, size=scaled.shape)
    return (scaled + noise).astype(np.float32)


def _pca(
    unit: NDArray[np.float32], n_components: int, n_neighbors: int, min_dist: float, random_state: int
) -> NDArray[np.float32]:
    """Principal components; directions the rows do not have are filled with zeros."""
    from sklearn.decomposition import PCA

    coordinates = np.zeros((len(unit), n_components), dtype=np.float32)
    available = min(n_components, unit.shape[1], len(unit) - 1)
    if available:
        coordinates[:, :available] = PCA(available, random_state=random_state).fit_transform(unit)
    return coordinates


def _different_rows(x: NDArray[np.float32]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the first position of each different row, and for each row which of these it equals."""
    number_of: dict[bytes, int] = {}
    first_rows: list[int] = []
    inverse = np.empty(len(x), dtype=np.int64)
    for position, row in enumerate(x):
        number = number_of.setdefault(row.tobytes(), len(first_rows))
        if number == len(first_rows):
            first_rows.append(position)
        inverse[position] = number
    return np.array(first_rows, dtype=np.int64), inverse


PROJECTION_METHODS: dict[str, Callable[..., NDArray[np.float32]]] = {"umap": _umap, "pca": _pca}
