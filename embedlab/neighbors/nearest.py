"""The nearest rows of some: of queries, of rows that stand among the others, of rows without their copies."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from embedlab.device import nearest_on_card
from embedlab.neighbors.graph import NeighborGraph, nearest_of, neighbor_graph
from embedlab.rows import normalize_rows
from embedlab.validation import as_embeddings, check_integer, check_same_width

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray


def nearest_neighbors(
    embeddings: ArrayLike, n_neighbors: int = 15, queries: ArrayLike | None = None
) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """Return the nearest rows by cosine, exactly, best first.

    Parameters
    ----------
    embeddings : array-like of shape (n, d)
        The rows that are looked through.
    n_neighbors : int, default=15
        How many are returned for each query.
    queries : array-like of shape (m, d), default=None
        None takes every row of ``embeddings`` as a query and leaves out the row itself, by position: a repeated text
        finds its other copies.

    Returns
    -------
    indices : int64 array of shape (m, n_neighbors)
        Positions in ``embeddings``, the nearest first, equally near ones by position.
    similarities : float32 array of shape (m, n_neighbors)
        Cosines, in [-1, 1].

    Raises
    ------
    InvalidInputError
        When there are fewer rows than ``n_neighbors``, the row itself not counted.

    Notes
    -----
    Matrix products over blocks of queries: O(m n d) time; memory for one block only.

    Examples
    --------
    >>> indices, similarities = nearest_neighbors([[1.0, 0.0], [4.0, 3.0], [0.0, 1.0]], n_neighbors=1)
    >>> print(indices.ravel(), similarities.ravel())
    [1 0 1] [0.8 0.8 0.6]
    """
    if queries is None:
        graph = neighbor_graph(embeddings, n_neighbors)
        return graph.indices, graph.similarities
    rows, asked = as_embeddings(embeddings), as_embeddings(queries, "queries")
    check_integer(n_neighbors, "n_neighbors", 1, len(rows), f"there are {len(rows)} rows")
    check_same_width(rows, asked)
    unit, unit_queries = normalize_rows(rows), normalize_rows(asked)
    if found := nearest_on_card(unit, n_neighbors, unit_queries):
        return found
    return nearest_of(unit, unit_queries, n_neighbors)


def nearest_others(embeddings: ArrayLike, rows: NDArray[np.int64], n_neighbors: int) -> NDArray[np.int64]:
    """Return the nearest other rows of some rows by cosine, looked for among all of them.

    Parameters
    ----------
    embeddings : array-like of shape (n, d)
    rows : int array of shape (m,)
        Whose neighbours are wanted.
    n_neighbors : int
        At most n - 1.

    Returns
    -------
    int64 array of shape (m, n_neighbors)
        The nearest first; a row itself is left out by position.
    """
    every = as_embeddings(embeddings)
    found, _ = nearest_neighbors(every, n_neighbors + 1, queries=every[rows])
    # Among many copies of one text, the row itself may be missing: the last is left out then.
    others_first = np.argsort(found == rows[:, None], axis=1, kind="stable")
    return np.take_along_axis(found, others_first, axis=1)[:, :n_neighbors]


def among_different(
    graph: NeighborGraph, unit: NDArray[np.float32], first: NDArray[np.int64], inverse: NDArray[np.int64]
) -> NeighborGraph:
    """Return the graph of the different rows alone, made from that of all rows.

    ``unit`` are the different rows; ``first`` and ``inverse`` come from :func:`different_rows`. Only
    rows that lose a neighbour, because it is a copy, are looked up again.
    """
    k, own = min(graph.indices.shape[1], len(first) - 1), np.arange(len(first))[:, None]
    numbers = inverse[graph.indices[first]]
    order = np.argsort(numbers, axis=1, kind="stable")
    in_order = np.take_along_axis(numbers, order, axis=1)
    new = np.ones(numbers.shape, dtype=bool)
    np.put_along_axis(new, order[:, 1:], in_order[:, 1:] != in_order[:, :-1], axis=1)
    new &= numbers != own
    kept = np.argsort(~new, axis=1, kind="stable")[:, :k]
    indices = np.take_along_axis(numbers, kept, axis=1)
    similarities = np.take_along_axis(graph.similarities[first], kept, axis=1)
    lacking = np.flatnonzero(new.sum(axis=1) < k)
    if len(lacking):
        found, cosines = nearest_neighbors(unit, k + 1, queries=unit[lacking])
        others = np.argsort(found == own[lacking], axis=1, kind="stable")[:, :k]
        indices[lacking] = np.take_along_axis(found, others, axis=1)
        similarities[lacking] = np.take_along_axis(cosines, others, axis=1)
    return NeighborGraph(indices, similarities, graph.recall)
