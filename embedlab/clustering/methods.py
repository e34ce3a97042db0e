"""Ways to group rows, behind one door."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from embedlab.clustering import suggestion
from embedlab.clustering._kmeans import kmeans
from embedlab.clustering.density import density_labels
from embedlab.clustering.result import Clustering, mean_rows
from embedlab.clustering.silhouette import silhouettes
from embedlab.clustering.suggestion import compare_numbers, suggest_n_clusters
from embedlab.clustering.tree import Hierarchy, hierarchy
from embedlab.compute import Threads
from embedlab.errors import InvalidInputError
from embedlab.limits import check_memory, limits, setting_of
from embedlab.rows import normalize_rows, sample_positions
from embedlab.similarity import different_rows
from embedlab.validation import as_embeddings, check_integer, check_random_state, check_same_length

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from embedlab.neighbors import NeighborGraph


@dataclass(frozen=True)
class Request:
    """What is grouped, rows of length 1, and the arguments of :func:`cluster`; no number asks for a suggested one."""

    unit: NDArray[np.float32]
    n_clusters: int | None
    min_cluster_size: int | None
    random_state: int
    neighbors: NeighborGraph | None
    progress: Callable[[int, int], None] | None


@dataclass(frozen=True)
class ClusterMethod:
    """One way to group rows, with the words the app uses for it.

    ``find`` does it, ``description`` is one plain sentence, ``takes_number`` tells whether it can be asked for a number
    of clusters.
    """

    find: Callable[[Request], Clustering]
    title: str
    description: str
    takes_number: bool = True


def cluster(
    embeddings: ArrayLike,
    n_clusters: int | str = "auto",
    *,
    method: str = "kmeans",
    min_cluster_size: int | None = None,
    random_state: int = 0,
    neighbors: NeighborGraph | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Clustering:
    """Group rows.

    Parameters
    ----------
    embeddings : array-like of shape (n, d)
        Scaled to length 1 first, so that Euclidean distances follow the cosine.
    n_clusters : int or "auto", default="auto"
        ``"auto"`` takes the number with the largest mean silhouette of those tried: for ``"kmeans"`` as
        :func:`suggest_n_clusters` finds it. ``"hdbscan"`` finds the number by itself.
    method : str, default="kmeans"
        A key of ``CLUSTER_METHODS``: ``"kmeans"``, ``"agglomerative"`` (one level of :func:`hierarchy`) or
        ``"hdbscan"``, which leaves rows out that lie in no dense place.
    min_cluster_size : int, default=None
        For ``"hdbscan"``: the fewest different rows that are a cluster. None takes a quarter of the square root of
        their number, at least 5: 16 of 4,000 rows, 79 of 100,000.
    random_state : int, default=0
        The same seed gives the same clusters.
    neighbors : NeighborGraph, default=None
        For ``"hdbscan"``: from :func:`neighbor_graph` of the same rows, with 14 others or more; found when not given.
    progress : callable, default=None
        Called with the steps done and all steps now and then; what it raises ends the work.

    Returns
    -------
    Clustering

    Raises
    ------
    InvalidInputError
        For an unknown method, when there are fewer different rows than clusters, for more than ``Limits.max_clusters``,
        or for arguments the method does not take.
    NotEnoughMemoryError
        When it would not fit in memory.

    Notes
    -----
    ``"kmeans"``: above 10,000 rows the centres are found on a seeded sample of that size and then refined on all rows:
    nearly as quick as mini-batches, and with tighter clusters.

    ``"hdbscan"`` works on a UMAP map in five dimensions, since in hundreds hardly any place is dense: of 4,000 requests
    of 150 kinds half were noise there, and on the map 7 %. Copies of a text count once.

    References
    ----------
    R. Campello, D. Moulavi and J. Sander, "Density-based clustering based on hierarchical density estimates", 2013;
    ``sklearn.cluster.HDBSCAN``.
    """
    rows = as_embeddings(embeddings)
    check_memory("clusters", *rows.shape)
    unit = normalize_rows(rows)
    check_random_state(random_state)
    if method not in CLUSTER_METHODS:
        raise InvalidInputError(f"There is no clustering {method!r}. Choose one of: {', '.join(CLUSTER_METHODS)}.")
    if isinstance(n_clusters, str) and n_clusters != "auto":
        raise InvalidInputError(f"n_clusters={n_clusters!r}; give a whole number, or 'auto'.")
    if not CLUSTER_METHODS[method].takes_number and n_clusters != "auto":
        raise InvalidInputError(
            f"n_clusters={n_clusters}, but {method} finds the number by itself; leave it out, or set min_cluster_size."
        )
    if CLUSTER_METHODS[method].takes_number and min_cluster_size is not None:
        raise InvalidInputError(f"min_cluster_size={min_cluster_size}, but {method} has none; choose method='hdbscan'.")
    if neighbors is not None:
        check_same_length("embeddings", len(unit), "rows of neighbors", len(neighbors.indices))
    number = None if isinstance(n_clusters, str) else n_clusters
    if number is not None:
        n_different = len(different_rows(unit)[0])
        check_integer(number, "n_clusters", 1, n_different, _how_many(n_different, len(unit)))
        check_integer(number, "n_clusters", 1, limits().max_clusters, f"the limit is {setting_of('max_clusters')}")
    return CLUSTER_METHODS[method].find(Request(unit, number, min_cluster_size, random_state, neighbors, progress))


def cut_hierarchy(embeddings: ArrayLike, tree: Hierarchy, n_clusters: int | str = "auto") -> Clustering:
    """Return one level of a tree with its centres and silhouettes, without clustering again.

    Parameters
    ----------
    embeddings : array-like of shape (n, d)
        The rows the tree was built from.
    tree : Hierarchy
    n_clusters : int or "auto", default="auto"
        ``"auto"`` takes the number with the largest mean silhouette of those tried.

    Returns
    -------
    Clustering

    Raises
    ------
    InvalidInputError
        When the numbers of rows differ, or the tree has fewer leaves.
    """
    unit = normalize_rows(as_embeddings(embeddings))
    check_same_length("embeddings", len(unit), "rows of the tree", len(tree.leaves))
    candidates: tuple[tuple[int, float], ...] = ()
    if n_clusters == "auto":
        seen = sample_positions(len(unit), suggestion.COMPARED_ROWS, 0)
        found = compare_numbers(unit[seen], lambda numbers, _: (tree.cut(k)[seen] for k in numbers), tree.n_leaves - 1)
        n_clusters, candidates = found.n_clusters, found.candidates
    if isinstance(n_clusters, str):
        raise InvalidInputError(f"n_clusters={n_clusters!r}; give a whole number, or 'auto'.")
    return describe(unit, tree.cut(n_clusters), candidates)


def _kmeans(request: Request) -> Clustering:
    unit, number = request.unit, request.n_clusters
    candidates: tuple[tuple[int, float], ...] = ()
    if number is None:
        found = suggest_n_clusters(unit, random_state=request.random_state, progress=request.progress)
        number, candidates = found.n_clusters, found.candidates
    labels, centers = kmeans(unit, number, request.random_state)
    if len(centers) < number and not candidates:
        reason = _how_many(len(different_rows(unit)[0]), len(unit))
        raise InvalidInputError(
            f"n_clusters={number} is too large: {reason}, but only {len(centers)} groups that can be told apart; "
            f"choose at most {len(centers)}."
        )
    with Threads() as threads:
        return Clustering(labels, centers, silhouettes(unit, labels, threads), candidates)


def _agglomerative(request: Request) -> Clustering:
    tree = hierarchy(request.unit, random_state=request.random_state)
    return cut_hierarchy(request.unit, tree, request.n_clusters or "auto")


def _hdbscan(request: Request) -> Clustering:
    labels = density_labels(
        request.unit,
        request.min_cluster_size,
        random_state=request.random_state,
        neighbors=request.neighbors,
        progress=request.progress,
    )
    return describe(request.unit, labels)


def describe(
    unit: NDArray[np.float32], labels: NDArray[np.int64], candidates: tuple[tuple[int, float], ...] = ()
) -> Clustering:
    """Return groups of rows of length 1 with their centres and silhouettes."""
    with Threads() as threads:
        return Clustering(labels, mean_rows(unit, labels), silhouettes(unit, labels, threads), candidates)


def _how_many(n_different: int, n_rows: int) -> str:
    return f"there are {n_different:,} different texts in {n_rows:,} rows"


CLUSTER_METHODS: dict[str, ClusterMethod] = {
    "kmeans": ClusterMethod(
        _kmeans,
        "KMeans",
        "Every text goes to the nearest of so many centres. Quick; groups come out of similar extent.",
    ),
    "agglomerative": ClusterMethod(
        _agglomerative, "Hierarchy", "The nearest groups become one, step by step: topics within topics."
    ),
    "hdbscan": ClusterMethod(
        _hdbscan,
        "HDBSCAN",
        "Groups are where texts lie dense; what lies between is in none. They are found on a map, so that on another "
        "machine, whose last digits differ, a border can lie elsewhere.",
        takes_number=False,
    ),
}
