"""Maps: embeddings laid out in two or three dimensions, and how far such a map can be trusted."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from embedlab.errors import InvalidInputError
from embedlab.limits import check_memory
from embedlab.projection._layouts import Report, Request, pca, tsne, umap
from embedlab.projection.engines import ENGINES, UMAP_LEARN, check_engine, compared_rows, label_codes
from embedlab.projection.trust import trustworthiness
from embedlab.projection.umap_learn import lay_out
from embedlab.rows import normalize_rows
from embedlab.similarity import NeighborGraph, among_different, different_rows
from embedlab.validation import as_embeddings, check_integer, check_random_state, check_same_length

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

SUPERVISED = "This map was told the labels: that they lie apart on it is what it was asked for, and no finding."
"""What must be said beside a supervised map."""

# Fewer rows have no neighbourhoods that a graph could show.
_MIN_UMAP_ROWS = 5


@dataclass(frozen=True, eq=False)
class Projection:
    """A map.

    Parameters
    ----------
    coordinates : float32 array of shape (n, n_components)
        Near points are near texts. On a UMAP or t-SNE map neither the axes nor large distances mean anything.
    trustworthiness : dict of int to float
        From 0 to 1, how far neighbours on the map are neighbours among the embeddings by cosine: near, farther and far,
        by the number of neighbours looked at; see :func:`trustworthiness`.
    method : str
        The key of ``PROJECTION_METHODS`` that was used.
    neighbor_recall : float
        Share of the true neighbours the map was made from, from 0 to 1; 1 also where a method needs none.
    engine, metric : str
        Who drew it, a key of ``ENGINES``, and by which metric.
    is_densmap : bool
        Whether dense places were left dense and thin ones thin.
    is_supervised : bool
        Whether it was told labels. It then shows them apart because it was told so.
    """

    coordinates: NDArray[np.float32]
    trustworthiness: dict[int, float]
    method: str
    neighbor_recall: float = 1.0
    engine: str = "embedlab"
    metric: str = "cosine"
    is_densmap: bool = False
    is_supervised: bool = False

    @property
    def title(self) -> str:
        """What the map is, in a few words that leave nothing out: ``supervised UMAP map by umap-learn``."""
        known = PROJECTION_METHODS.get(self.method)
        kind = f"{known.title if known else self.method.capitalize()} map"
        if self.engine == "embedlab":
            return kind
        ways = ["densMAP"] * self.is_densmap + [f"{self.metric} metric"] * (self.metric != "cosine")
        told, said = "Supervised " * self.is_supervised, f" ({', '.join(ways)})" * bool(ways)
        return f"{told}{kind} by {ENGINES[self.engine].title}{said}"

    @property
    def caution(self) -> str:
        """What must be said beside the map; empty where nothing must."""
        return SUPERVISED if self.is_supervised else ""

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
    if neighbors is not None:
        check_same_length("embeddings", len(unit), "rows of neighbors", len(neighbors.indices))
    begin = None if start is None else as_embeddings(start, "start")
    if begin is not None and begin.shape != (len(unit), n_components):
        raise InvalidInputError(f"start has shape {begin.shape}; a map of these rows has {(len(unit), n_components)}.")
    compared = unit if metric == "cosine" else compared_rows(rows, metric)
    # Copies of one text would be each other's only neighbours and tear the graph apart.
    first, inverse = different_rows(compared)
    target = None if labels is None else label_codes(labels, first, inverse)
    different = compared[first]
    if metric != "cosine":
        neighbors = None
    elif neighbors is not None and len(first) < len(unit):
        neighbors = among_different(neighbors, different, first, inverse)
    begin = None if begin is None else begin[first]
    request = Request(
        different,
        n_components,
        n_neighbors,
        min_dist,
        random_state,
        neighbors,
        begin,
        progress,
        metric,
        target,
        densmap,
    )
    if len(first) < _MIN_UMAP_ROWS:
        method, engine, metric, target, densmap = "pca", "embedlab", "cosine", None, False
    points, recall = (lay_out if engine == UMAP_LEARN else PROJECTION_METHODS[method].lay_out)(request)
    coordinates = points[inverse]
    trusted = trustworthiness(unit, coordinates)
    return Projection(coordinates, trusted, method, recall, engine, metric, densmap, target is not None)


PROJECTION_METHODS: dict[str, ProjectionMethod] = {
    "umap": ProjectionMethod(umap, "UMAP", "Keeps neighbours together and shows groups; large distances mean little."),
    "tsne": ProjectionMethod(
        tsne, "t-SNE", "Keeps the nearest neighbours together; distances between groups mean nothing."
    ),
    "pca": ProjectionMethod(pca, "PCA", "The flat view in which the texts spread most; distances keep their meaning."),
}
