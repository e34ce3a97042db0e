"""The pairs of rows that stand out, and how two rows stand to each other among all."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from embedlab.compute import one_blas_thread
from embedlab.errors import InvalidInputError
from embedlab.rows import ROUNDING, normalize_rows, row_blocks
from embedlab.similarity._tiles import best_pairs
from embedlab.validation import as_embeddings, check_integer

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray


@dataclass(frozen=True, slots=True)
class Pair:
    """Two rows and how similar they are.

    Parameters
    ----------
    i, j : int
        Positions, ``i < j``.
    similarity : float
        Their cosine.
    """

    i: int
    j: int
    similarity: float


def similar_pairs(embeddings: ArrayLike, threshold: float = 0.9, *, max_pairs: int = 100_000) -> list[Pair]:
    """Return the pairs of rows that are at least so similar, best first.

    Parameters
    ----------
    embeddings : array-like of shape (n, d)
    threshold : float, default=0.9
        Smallest cosine of a pair, in [-1, 1]; rounding of 1e-6 is allowed for, so that 1.0 finds repeated rows.
    max_pairs : int, default=100_000
        Only the best so many are kept: a thousand copies of one text alone make half a million pairs.

    Returns
    -------
    list of Pair
        Each pair once, equally similar ones by position.

    Raises
    ------
    InvalidInputError
        For a threshold outside of [-1, 1] or ``max_pairs`` below 1.

    Notes
    -----
    Exact: every pair is compared, in tiles, most of many by an upper bound alone. Memory is that of the rows and pairs.
    """
    if not -1.0 <= threshold <= 1.0:
        raise InvalidInputError(f"threshold={threshold} is no cosine; choose a number from -1 to 1.")
    unit = normalize_rows(as_embeddings(embeddings))
    return _pairs(*best_pairs(unit, threshold - ROUNDING, check_integer(max_pairs, "max_pairs", 1)))


def extreme_pairs(embeddings: ArrayLike, n_pairs: int = 10) -> tuple[list[Pair], list[Pair]]:
    """Return the most and the least similar pairs of rows.

    Parameters
    ----------
    embeddings : array-like of shape (n, d)
    n_pairs : int, default=10
        How many of each; fewer come back where there are not so many pairs.

    Returns
    -------
    most, least : list of Pair, list of Pair
        Best first, and worst first.

    Raises
    ------
    InvalidInputError
        For ``n_pairs`` below 1.
    """
    unit = normalize_rows(as_embeddings(embeddings))
    check_integer(n_pairs, "n_pairs", 1)
    i, j, values = best_pairs(unit, -np.inf, n_pairs, sign=-1)
    return _pairs(*best_pairs(unit, -np.inf, n_pairs)), _pairs(i, j, -values)


@one_blas_thread
def neighbor_rank(embeddings: ArrayLike, row: int, other: int) -> int:
    """Return which place one row takes among all others, ordered by their cosine to a given row.

    Parameters
    ----------
    embeddings : array-like of shape (n, d)
    row : int
        Position of the row from which is looked.
    other : int
        Position of the row whose place is asked for.

    Returns
    -------
    int
        1 for the most similar, n - 1 for the least; of equally similar rows, all take the first place of them.

    Raises
    ------
    InvalidInputError
        When a position does not exist, or both are the same.

    Examples
    --------
    >>> neighbor_rank([[1, 0], [0, 1], [1, 1]], 0, 1)
    2
    """
    x = as_embeddings(embeddings)
    for name, position in (("row", row), ("other", other)):
        check_integer(position, name, 0, len(x) - 1, f"there are {len(x):,} rows")
    if row == other:
        raise InvalidInputError(f"row and other are both {row}; give two different rows.")
    target = normalize_rows(x[[row]])[0]
    similarities = np.concatenate([normalize_rows(x[rows]) @ target for rows in row_blocks(*x.shape)])
    similarities[row] = -np.inf
    return 1 + int(np.count_nonzero(similarities > similarities[other] + ROUNDING))


def _pairs(i: NDArray[np.int64], j: NDArray[np.int64], similarities: NDArray[np.float32]) -> list[Pair]:
    columns = i.tolist(), j.tolist(), np.clip(similarities, -1.0, 1.0).tolist()
    return [Pair(*values) for values in zip(*columns, strict=True)]
