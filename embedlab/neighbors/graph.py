"""The nearest other rows of each row: all of them, or nearly all of very many, with the share that was found."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from embedlab.compute import Threads
from embedlab.device import nearest_on_card
from embedlab.errors import InvalidInputError
from embedlab.limits import check_memory
from embedlab.rows import ROUNDING, normalize_rows, row_blocks
from embedlab.validation import as_embeddings, check_integer

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray


APPROXIMATE_ROWS = 200_000
"""Rows from which ``"auto"`` finds nearly all neighbours: the time of the exact ones grows with the square."""

NEIGHBOR_METHODS = ("auto", "exact", "approximate")

# Rows whose true neighbours are looked up to say how many were found.
_TRIED_ROWS = 500


@dataclass(frozen=True, eq=False)
class NeighborGraph:
    """The nearest other rows of each row.

    Parameters
    ----------
    indices : int64 array of shape (n, n_neighbors)
        The nearest first.
    similarities : float32 array of shape (n, n_neighbors)
        Their cosines, in [-1, 1].
    recall : float, default=1.0
        Share of the true nearest that were found, from 0 to 1: 1 for exact ones, else measured on a sample.
    """

    indices: NDArray[np.int64]
    similarities: NDArray[np.float32]
    recall: float = 1.0


def neighbor_graph(
    embeddings: ArrayLike,
    n_neighbors: int = 15,
    *,
    method: str = "exact",
    progress: Callable[[int, int], None] | None = None,
) -> NeighborGraph:
    """Return the nearest other rows of each row by cosine, best first.

    Computed once, it serves the map, duplicates and measures on neighbours alike.

    Parameters
    ----------
    embeddings : array-like of shape (n, d)
    n_neighbors : int, default=15
        How many others; a row itself is left out by position, so a repeated text finds its other copies.
    method : {"exact", "approximate", "auto"}, default="exact"
        ``"approximate"`` finds nearly all of them, in a time that grows with n and not with its square; ``recall``
        says how many. ``"auto"`` is that from 200,000 rows up where no card finds all of them, and exact below.
    progress : callable, default=None
        Called with the steps done and all steps, many times; what it raises ends the work.

    Returns
    -------
    NeighborGraph
        Equally near rows by position. The same bits on any number of threads.

    Raises
    ------
    InvalidInputError
        For an unknown method, or when there are not ``n_neighbors`` other rows.
    NotEnoughMemoryError
        When it would not fit in memory.

    Notes
    -----
    Exactly, each cosine is computed once, by matrix products over the upper triangle, and offered to both of its rows:
    n² d operations; memory for one block only. ``descent.py`` says how nearly all are found. Their recall is the share
    of the true neighbours of 500 rows spread over all that are found, or equally near ones.
    """
    if method not in NEIGHBOR_METHODS:
        raise InvalidInputError(f"There is no method {method!r}. Choose one of: {', '.join(NEIGHBOR_METHODS)}.")
    given = as_embeddings(embeddings)
    check_memory("neighbors", *given.shape)
    unit = normalize_rows(given)
    check_integer(n_neighbors, "n_neighbors", 1, len(unit) - 1, f"there are {len(unit) - 1} other rows")
    if method != "approximate" and (found := nearest_on_card(unit, n_neighbors, progress=progress)):
        return NeighborGraph(*found)
    if method == "exact" or (method == "auto" and len(unit) < APPROXIMATE_ROWS):
        return NeighborGraph(*_all_nearest(unit, n_neighbors, progress))
    check_memory("approximate neighbors", *given.shape)
    from embedlab.neighbors.descent import descend

    indices, similarities = descend(unit, n_neighbors, progress)
    return NeighborGraph(indices, similarities, _measured_recall(unit, similarities))


def _all_nearest(
    unit: NDArray[np.float32], n_neighbors: int, progress: Callable[[int, int], None] | None
) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    from embedlab.neighbors._best import nothing_yet, offer_to_columns, offer_to_rows

    best = nothing_yet(len(unit), n_neighbors)
    n_pairs = len(unit) * (len(unit) - 1) // 2
    with Threads() as threads:
        for rows in row_blocks(len(unit), len(unit)):
            scores = threads.product(unit[rows], unit[rows.start :].T)
            later = [array[rows.start :] for array in best]
            # Columns first: every row then meets the others in the order of their positions.
            threads.run(offer_to_columns, threads.cut(scores.shape[1]), scores, rows.start, *later)
            threads.run(offer_to_rows, threads.cut(len(scores)), scores, True, rows.start, *later)
            if progress:
                left = len(unit) - rows.stop
                progress(n_pairs - left * (left - 1) // 2, n_pairs)
    return best[0], np.clip(best[1], -1.0, 1.0)


def _measured_recall(unit: NDArray[np.float32], similarities: NDArray[np.float32]) -> float:
    """Return which share of the true neighbours of some rows was found, by cosine: a copy is as good as another."""
    rows = np.linspace(0, len(unit) - 1, min(_TRIED_ROWS, len(unit)), dtype=np.int64)
    _, true = nearest_of(unit, unit[rows], similarities.shape[1] + 1)  # the row itself is one of them
    return float((similarities[rows] >= true[:, -1:] - ROUNDING).mean())


def nearest_of(
    unit: NDArray[np.float32], queries: NDArray[np.float32], n_neighbors: int
) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """Return the rows nearest to each query, best first, with their cosines; all of them have length 1."""
    from embedlab.neighbors._best import nothing_yet, offer_to_rows

    best = nothing_yet(len(queries), n_neighbors)
    with Threads() as threads:
        for block in row_blocks(len(queries), len(unit)):
            scores = threads.product(queries[block], unit.T)
            threads.run(offer_to_rows, threads.cut(len(scores)), scores, False, 0, *(array[block] for array in best))
    return best[0], np.clip(best[1], -1.0, 1.0)
