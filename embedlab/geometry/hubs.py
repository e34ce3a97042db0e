"""How often each row is among the nearest of another: rows that are so for many are hubs."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

from embedlab.compute import Threads
from embedlab.neighbors import neighbor_graph
from embedlab.rows import ROUNDING, normalize_rows, row_blocks
from embedlab.validation import as_embeddings, check_integer

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray


def neighbor_occurrences(
    embeddings: ArrayLike, n_neighbors: int = 10, *, progress: Callable[[int, int], None] | None = None
) -> NDArray[np.float64]:
    """Count for each row among the nearest of how many others it is, by cosine and exactly.

    Parameters
    ----------
    embeddings : array-like of shape (n, d)
    n_neighbors : int, default=10
        How many nearest rows of each are looked at, at most n - 2.
    progress : callable, default=None
        Called with the pairs compared and all pairs; what it raises ends the work.

    Returns
    -------
    float64 array of shape (n,)
        From 0 to n - 1, with the mean ``n_neighbors``. Rows that are equally near share the places that are left: where
        two of three such rows would be taken, each counts two thirds. Their order in the table decides nothing.

    Raises
    ------
    InvalidInputError
        When there are fewer than two rows more than ``n_neighbors``.

    Examples
    --------
    Both outer rows are nearest to the one in the middle, which is as near to the one as to the other.

    >>> neighbor_occurrences([[1.0, 0.0], [1.0, 1.0], [0.0, 1.0]], n_neighbors=1).tolist()
    [0.5, 2.0, 0.5]
    """
    unit = normalize_rows(as_embeddings(embeddings))
    n = len(unit)
    check_integer(n_neighbors, "n_neighbors", 1, n - 2, f"there are {n} rows, and one more than asked for is looked at")
    # The one behind the last tells whether the last is alone in its place.
    graph = neighbor_graph(unit, n_neighbors + 1, progress=progress)
    last, behind = graph.similarities[:, n_neighbors - 1], graph.similarities[:, n_neighbors]
    is_tied = last - behind <= ROUNDING
    counts = np.bincount(graph.indices[~is_tied, :n_neighbors].ravel(), minlength=n).astype(np.float64)
    tied = np.flatnonzero(is_tied)
    with Threads() as threads:
        for block in row_blocks(len(tied), n):
            rows = tied[block]
            scores = threads.product(unit[rows], unit.T)
            scores -= last[rows, None]
            scores[np.arange(len(rows)), rows] = -np.inf  # not itself
            above, level = scores > ROUNDING, np.abs(scores) <= ROUNDING
            left = n_neighbors - np.count_nonzero(above, axis=1)
            counts += np.count_nonzero(above, axis=0) + left / np.count_nonzero(level, axis=1) @ level
    return counts
