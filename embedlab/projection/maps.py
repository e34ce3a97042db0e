"""Maps: embeddings laid out in two or three dimensions, by one function for all methods."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from embedlab.errors import InvalidInputError
from embedlab.limits import check_memory
from embedlab.neighbors import NeighborGraph, among_different
from embedlab.projection._layouts import Report, Request
from embedlab.projection.methods import PROJECTION_METHODS, UMAP_LEARN, check_engine, compared_rows, label_codes
from embedlab.projection.result import Projection
from embedlab.projection.trust import trustworthiness
from embedlab.projection.umap_learn import lay_out
from embedlab.rows import normalize_rows
from embedlab.similarity import different_rows
from embedlab.validation import as_embeddings, check_integer, check_random_state, check_same_length

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import ArrayLike, NDArray

# Fewer rows have no neighbourhoods that a graph could show.
_MIN_UMAP_ROWS = 5


def project(
    embeddings: ArrayLike,
    method: str = "umap",
    n_components: int = 2,
    n_neighbors: int = 15,
    min_dist: float = 0.1,
    *,
    engine: str = "embedlab",
    metric: str = "cosine",
    labels: Sequence[Any] | NDArray[Any] | None = None,
    densmap: bool = False,
    random_state: int = 42,
    neighbors: NeighborGraph | None = None,
    start: ArrayLike | None = None,
    progress: Report | None = None,
) -> Projection:
    """Lay embeddings out on a map that keeps neighbours together.

    Parameters
    ----------
    embeddings : array-like of shape (n, d)
        Compared by cosine, unless ``metric`` says otherwise.
    method : str, default="umap"
        A key of ``PROJECTION_METHODS``. Fewer than five different rows are always laid out by ``"pca"``.
    n_components : int, default=2
        Dimensions of the map.
    n_neighbors : int, default=15
        How many rows, itself included, make up the neighbourhood of a row in UMAP; all but one where there are fewer.
        Few show fine structure, many the whole. t-SNE's perplexity is twice as many.
    min_dist : float, default=0.1
        How close UMAP may put points, from 0 to 1.
    engine : str, default="embedlab"
        A key of ``ENGINES``: who draws a UMAP map. ``"umap-learn"`` takes longer, and alone can do the next three.
    metric : str, default="cosine"
        A key of ``METRICS``: how umap-learn compares. Trustworthiness is measured by cosine all the same.
    labels : sequence of shape (n,), default=None
        What is known of each row; None, NaN or ``""`` where nothing is. umap-learn then draws a supervised map, which
        shows the labels apart because it was told them.
    densmap : bool, default=False
        Have umap-learn leave dense places dense and thin ones thin.
    random_state : int, default=42
        The same seed gives the same map, bit for bit, on the same machine.
    neighbors : NeighborGraph, default=None
        From :func:`embedlab.neighbor_graph` of the same rows, with ``n_neighbors - 1`` others or more: found once. With
        another metric than cosine they are found anew.
    start : array-like of shape (n, n_components), default=None
        Coordinates UMAP begins from, such as those of another model's map, so that the two can be held side by side;
        when not given the principal components, or umap-learn's spectral start. Equal rows begin where the first does.
    progress : callable, default=None
        Called with the steps done and all steps, many times; what it raises ends the work.

    Returns
    -------
    Projection
        Equal rows get equal coordinates.

    Raises
    ------
    InvalidInputError
        For an unknown name, a value out of range, neighbours that do not fit, what the engine cannot do, or fewer than
        two different labels.
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
    check_engine(method, engine, metric, has_labels=labels is not None, densmap=densmap)
    check_integer(n_components, "n_components", 1)
    check_integer(n_neighbors, "n_neighbors", 2)
    check_random_state(random_state)
    if not 0 <= min_dist <= 1:
        raise InvalidInputError(f"min_dist={min_dist} is out of range; choose a number from 0 to 1.")
    rows = as_embeddings(embeddings)
    check_memory("map", *rows.shape)
    unit = normalize_rows(rows)
    begin = _read_start(start, (len(unit), n_components))
    compared = unit if metric == "cosine" else compared_rows(rows, metric)
    # Copies of one text would be each other's only neighbours and tear the graph apart.
    first, inverse = different_rows(compared)
    target = None if labels is None else label_codes(labels, first, inverse)
    if len(first) < _MIN_UMAP_ROWS:
        method, engine, metric, target, densmap, compared = "pca", "embedlab", "cosine", None, False, unit
    different = compared if len(first) == len(compared) else compared[first]
    if neighbors is not None:
        check_same_length("embeddings", len(unit), "rows of neighbors", len(neighbors.indices))
        neighbors = _among(neighbors, different, first, inverse) if metric == "cosine" else None
    begin = None if begin is None else begin[first]
    request = Request(
        different, n_components, n_neighbors, min_dist, random_state, neighbors, begin, progress,
        metric=metric, target=target, densmap=densmap,
    )  # fmt: skip
    points, recall = (lay_out if engine == UMAP_LEARN else PROJECTION_METHODS[method].lay_out)(request)
    coordinates = points[inverse]
    trusted = trustworthiness(unit, coordinates)
    return Projection(coordinates, trusted, method, recall, engine, metric, densmap, target is not None)


def _among(
    neighbors: NeighborGraph, different: NDArray[np.float32], first: NDArray[np.int64], inverse: NDArray[np.int64]
) -> NeighborGraph:
    """Return the neighbours among the different rows; the same ones where all are different."""
    return neighbors if len(first) == len(inverse) else among_different(neighbors, different, first, inverse)


def _read_start(start: ArrayLike | None, shape: tuple[int, int]) -> NDArray[np.float32] | None:
    """Return where a map begins, if that is said, as an array that fits it."""
    if start is None:
        return None
    begin = as_embeddings(start, "start")
    if begin.shape != shape:
        raise InvalidInputError(f"start has shape {begin.shape}; a map of these rows has {shape}.")
    return begin
