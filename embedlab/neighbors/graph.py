"""The nearest other rows of each row, exactly: each cosine is computed once and counts for both its ends."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from embedlab.compute import Threads
from embedlab.device import nearest_on_card
from embedlab.limits import check_memory
from embedlab.rows import normalize_rows, row_blocks
from embedlab.validation import as_embeddings, check_integer

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray


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
        Share of the true nearest that were found, from 0 to 1. :func:`neighbor_graph` misses none; say here what is
        known of neighbours from elsewhere.
    """

    indices: NDArray[np.int64]
    similarities: NDArray[np.float32]
    recall: float = 1.0


def neighbor_graph(
    embeddings: ArrayLike, n_neighbors: int = 15, *, progress: Callable[[int, int], None] | None = None
) -> NeighborGraph:
    """Return the nearest other rows of each row by cosine, exactly, best first.

    Computed once, it serves the map, duplicates and measures on neighbours alike.

    Parameters
    ----------
    embeddings : array-like of shape (n, d)
    n_neighbors : int, default=15
        How many others; a row itself is left out by position, so a repeated text finds its other copies.
    progress : callable, default=None
        Called with the pairs compared so far and all pairs after each block; what it raises ends the work.

    Returns
    -------
    NeighborGraph
        Equally near rows by position.

    Raises
    ------
    InvalidInputError
        When there are not ``n_neighbors`` other rows.
    NotEnoughMemoryError
        When it would not fit in memory.

    Notes
    -----
    Each cosine is computed once, by matrix products over the upper triangle, and offered to both of its rows: n² d
    operations; memory for one block only. Inverted files of 100,000 sentence embeddings need a third of all products
    for a recall of 0.98, and these need half of them for 1.
    """
    given = as_embeddings(embeddings)
    check_memory("neighbors", *given.shape)
    unit = normalize_rows(given)
    check_integer(n_neighbors, "n_neighbors", 1, len(unit) - 1, f"there are {len(unit) - 1} other rows")
    if found := nearest_on_card(unit, n_neighbors, progress=progress):
        return NeighborGraph(*found)
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
    return NeighborGraph(best[0], np.clip(best[1], -1.0, 1.0))
