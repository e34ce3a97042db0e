"""The ways to lay rows out: each makes coordinates, and says which share of the true neighbours it knew."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from embedlab.compute import one_blas_thread
from embedlab.errors import InvalidInputError
from embedlab.limits import limits, setting_of
from embedlab.neighbors import NeighborGraph, neighbor_graph

if TYPE_CHECKING:
    from numpy.typing import NDArray

Report: TypeAlias = Callable[[int, int], None]


@dataclass(frozen=True)
class Request:
    """What a map is made from: rows, all different, and the arguments of :func:`project`.

    ``unit`` are rows of length 1, or what another metric compares; ``target`` numbers the known labels, -1 for none.
    """

    unit: NDArray[np.float32]
    n_components: int
    n_neighbors: int
    min_dist: float
    random_state: int
    neighbors: NeighborGraph | None
    start: NDArray[np.float32] | None
    progress: Report | None
    metric: str = "cosine"
    target: NDArray[np.int64] | None = None
    densmap: bool = False


def umap(request: Request) -> tuple[NDArray[np.float32], float]:
    """Lay out by UMAP, on the neighbours given or found."""
    from embedlab.projection.umap import fuzzy_graph, lay_out, n_epochs

    epochs = n_epochs(len(request.unit))

    def report(before: int) -> Report | None:
        # Finding neighbours and laying out count for one half each.
        progress = request.progress
        return progress and (lambda done, total: progress(before + epochs * done // total, 2 * epochs))

    neighbors, others = nearest_others(request, report(0))
    graph = fuzzy_graph(neighbors.indices[:, :others], np.maximum(0, 1 - neighbors.similarities[:, :others]))
    points = lay_out(
        graph, start_of(request), request.min_dist,
        random_state=request.random_state, is_map=request.start is not None, progress=report(epochs),
    )  # fmt: skip
    return points, neighbors.recall


def nearest_others(request: Request, progress: Report | None) -> tuple[NeighborGraph, int]:
    """Return the neighbours of each row, given or found, and how many of them make up a neighbourhood."""
    others = min(request.n_neighbors, len(request.unit) - 1) - 1
    neighbors = request.neighbors or neighbor_graph(request.unit, others, progress=progress)
    held = neighbors.indices.shape[1]
    if held < others:
        raise InvalidInputError(f"neighbors holds {held} others of each row; n_neighbors={others + 1} needs {others}.")
    return neighbors, others


def start_of(request: Request) -> NDArray[np.float32]:
    """Return where UMAP begins, at its scale, with noise that fills the directions the rows do not have."""
    begin = request.start
    if begin is None:
        begin = _principal_components(request.unit, request.n_components, request.random_state)
    noise = np.random.default_rng(request.random_state).normal(scale=1e-4, size=begin.shape)
    return (10 * begin / (np.abs(begin).max() or 1) + noise).astype(np.float32)


@one_blas_thread
def _principal_components(unit: NDArray[np.float32], n_components: int, random_state: int) -> NDArray[np.float32]:
    """Return the principal components, and zeros for directions the rows do not have."""
    from sklearn.decomposition import PCA

    coordinates = np.zeros((len(unit), n_components), dtype=np.float32)
    available = min(n_components, unit.shape[1], len(unit) - 1)
    if available:
        coordinates[:, :available] = PCA(available, random_state=random_state).fit_transform(unit)
    return coordinates


def tsne(request: Request) -> tuple[NDArray[np.float32], float]:
    """Lay out by t-SNE."""
    from embedlab.projection.tsne import STEPS, affinities, descend

    n = len(request.unit)
    if n > limits().max_tsne_rows:
        raise InvalidInputError(
            f"There are {n:,} different texts; t-SNE lays out {limits().max_tsne_rows:,} at most "
            f"({setting_of('max_tsne_rows')}), since all their pairs push each other apart. Take a sample, or "
            "method='umap'."
        )
    if request.n_components > 3:
        raise InvalidInputError(f"n_components={request.n_components} is too large: t-SNE has at most 3 dimensions.")
    perplexity = min(2 * request.n_neighbors, (n - 1) / 3)
    # The rest of its neighbours a row would hardly ever pick.
    neighbors = neighbor_graph(request.unit, min(n - 1, round(3 * perplexity)))
    # Of rows of length 1, the Euclidean distance.
    graph = affinities(neighbors.indices, np.sqrt(np.maximum(0, 2 - 2 * neighbors.similarities)), perplexity)
    begin, progress = start_of(request), request.progress
    report = progress and (lambda done, total: progress(done, STEPS))
    return descend(graph, 1e-5 * begin, report), 1.0


def pca(request: Request) -> tuple[NDArray[np.float32], float]:
    """Lay out by the principal components."""
    return _principal_components(request.unit, request.n_components, request.random_state), 1.0
