"""Maps: embeddings laid out in two or three dimensions, and how far such a map can be trusted."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from embedlab.errors import InvalidInputError
from embedlab.limits import check_memory
from embedlab.neighbors import NeighborGraph, among_different
from embedlab.projection._layouts import Report, Request, pca, tsne, umap
from embedlab.projection.trust import trustworthiness
from embedlab.rows import normalize_rows
from embedlab.similarity import different_rows
from embedlab.validation import as_embeddings, check_integer, check_random_state, check_same_length

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

# Fewer rows have no neighbourhoods that a graph could show.
_MIN_UMAP_ROWS = 5


@dataclass(frozen=True, eq=False)
class Projection:
    """A map.

    Parameters
    ----------
    coordinates : float32 array of shape (n, n_components)
        Near points are near texts. On a UMAP or t-SNE map neither the axes nor large distances mean anything.
    trustworthiness : float
        From 0 to 1, how far neighbours on the map are neighbours among the embeddings; see :func:`trustworthiness`.
    method : str
        The key of ``PROJECTION_METHODS`` that was used.
    neighbor_recall : float
        Share of the true neighbours the map was made from, from 0 to 1; 1 also where a method needs none.
    """

    coordinates: NDArray[np.float32]
    trustworthiness: float
    method: str
    neighbor_recall: float = 1.0

    def estimate_place(self, rows: ArrayLike, similarities: ArrayLike) -> NDArray[np.float32]:
        """Estimate where a text that is not on the map would lie: the mean of its neighbours, by similarity.

        Parameters
        ----------
        rows : int array-like of shape (k,)
            Positions of its nearest texts.
        similarities : array-like of shape (k,)
            Their cosines with it. Those below 0 count as 0; where none is above, all count the same.

        Returns
        -------
        float32 array of shape (n_components,)

        Raises
        ------
        InvalidInputError
            When there are no neighbours, or not one similarity for each.

        Notes
        -----
        A UMAP map has no exact place for a new text. Where the neighbours lie in several groups, this is between them.
        """
        places, weights = np.asarray(rows, dtype=np.int64), np.maximum(np.asarray(similarities, dtype=np.float64), 0)
        check_same_length("rows", len(places), "similarities", len(weights))
        if not len(places):
            raise InvalidInputError("rows is empty; a place is estimated from at least one neighbour.")
        weights = weights if weights.any() else np.ones(len(places))
        return np.average(self.coordinates[places], axis=0, weights=weights).astype(np.float32)


@dataclass(frozen=True)
class ProjectionMethod:
    """One way to lay embeddings out, with the words the app uses for it.

    ``lay_out`` gives coordinates and the recall of the neighbours used, ``description`` is one plain sentence.
    """

    lay_out: Callable[[Request], tuple[NDArray[np.float32], float]]
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
    neighbors: NeighborGraph | None = None,
    start: ArrayLike | None = None,
    progress: Report | None = None,
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
        Few show fine structure, many the whole. t-SNE's perplexity is twice as many.
    min_dist : float, default=0.1
        How close UMAP may put points, from 0 to 1.
    random_state : int, default=42
        The same seed gives the same map, bit for bit, on the same machine.
    neighbors : NeighborGraph, default=None
        From :func:`embedlab.neighbor_graph` of the same rows, with ``n_neighbors - 1`` others or more: found once.
    start : array-like of shape (n, n_components), default=None
        Coordinates UMAP begins from, such as those of another model's map, so that the two can be held side by side;
        the principal components when not given. Equal rows begin where the first of them does.
    progress : callable, default=None
        Called with the steps done and all steps, many times; what it raises ends the work.

    Returns
    -------
    Projection
        Equal rows get equal coordinates.

    Raises
    ------
    InvalidInputError
        For an unknown method, a value out of range, or neighbours that do not fit.
    NotEnoughMemoryError
        When it would not fit in memory.

    Notes
    -----
    Starts from the principal components; ``umap.py`` says how the layout differs from umap-learn's, and ``tsne.py`` how
    t-SNE is done. t-SNE needs more neighbours than UMAP and finds them itself; it lays out 20,000 different rows at
    most, since its time grows with the square of their number.

    References
    ----------
    L. McInnes, J. Healy and J. Melville, "UMAP: Uniform Manifold Approximation and Projection", 2018.

    L. van der Maaten and G. Hinton, "Visualizing data using t-SNE", JMLR 9, 2008.
    """
    if method not in PROJECTION_METHODS:
        raise InvalidInputError(f"There is no projection {method!r}. Choose one of: {', '.join(PROJECTION_METHODS)}.")
    check_integer(n_components, "n_components", 1)
    check_integer(n_neighbors, "n_neighbors", 2)
    check_random_state(random_state)
    if not 0 <= min_dist <= 1:
        raise InvalidInputError(f"min_dist={min_dist} is out of range; choose a number from 0 to 1.")
    rows = as_embeddings(embeddings)
    check_memory("map", *rows.shape)
    unit = normalize_rows(rows)
    if neighbors is not None:
        check_same_length("embeddings", len(unit), "rows of neighbors", len(neighbors.indices))
    begin = None if start is None else as_embeddings(start, "start")
    if begin is not None and begin.shape != (len(unit), n_components):
        raise InvalidInputError(f"start has shape {begin.shape}; a map of these rows has {(len(unit), n_components)}.")
    # Copies of one text would be each other's only neighbours and tear the graph apart.
    first, inverse = different_rows(unit)
    used = method if len(first) >= _MIN_UMAP_ROWS else "pca"
    different = unit[first]
    if neighbors is not None and len(first) < len(unit):
        neighbors = among_different(neighbors, different, first, inverse)
    begin = None if begin is None else begin[first]
    request = Request(different, n_components, n_neighbors, min_dist, random_state, neighbors, begin, progress)
    points, recall = PROJECTION_METHODS[used].lay_out(request)
    return Projection(points[inverse], trustworthiness(unit, points[inverse], n_neighbors), used, recall)


PROJECTION_METHODS: dict[str, ProjectionMethod] = {
    "umap": ProjectionMethod(umap, "UMAP", "Keeps neighbours together and shows groups; large distances mean little."),
    "tsne": ProjectionMethod(
        tsne, "t-SNE", "Keeps the nearest neighbours together; distances between groups mean nothing."
    ),
    "pca": ProjectionMethod(pca, "PCA", "The flat view in which the texts spread most; distances keep their meaning."),
}
