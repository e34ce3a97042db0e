"""Cosine similarity: of all with all, row with row, and the pairs that stand out.

The cosine of two embeddings lies in [-1, 1]: 1 for the same direction, 0 for unrelated, dimensionless. An embedding of
zeros has no direction; its cosine to anything is 0, as in scikit-learn.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from embedlab._pairs import best_pairs
from embedlab._rows import ROUNDING, normalize_rows
from embedlab._validation import as_embeddings, check_integer, check_same_length, check_same_width
from embedlab.errors import InvalidInputError

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

MAX_MATRIX_BYTES = 4 * 2**30
"""Largest similarity matrix that is built in memory."""

MAX_OPTIMAL_LEAVES = 1_000
"""Up to this number of rows, ordering leaves optimally takes about a second."""


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


def cosine_similarity(a: ArrayLike, b: ArrayLike | None = None) -> NDArray[np.float32]:
    """Return the cosine of every row of ``a`` with every row of ``b``.

    Parameters
    ----------
    a : array-like of shape (n, d)
    b : array-like of shape (m, d), default=None
        None compares ``a`` with itself.

    Returns
    -------
    float32 array of shape (n, m)
        In [-1, 1]; 0 for rows of zeros.

    Raises
    ------
    InvalidInputError
        When the dimensions differ, or the matrix would be larger than ``MAX_MATRIX_BYTES``.

    Examples
    --------
    >>> print(cosine_similarity([[3.0, 4.0], [0.0, 0.0]], [[1.0, 0.0], [0.0, 2.0]]))
    [[0.6 0.8]
     [0.  0. ]]
    """
    first = as_embeddings(a, "a")
    second = first if b is None else as_embeddings(b, "b")
    check_same_width(first, second)
    n_bytes = 4 * len(first) * len(second)
    if n_bytes > MAX_MATRIX_BYTES:
        raise InvalidInputError(
            f"A matrix of {len(first):,} × {len(second):,} similarities takes {n_bytes / 2**30:.1f} GiB; the limit is "
            f"{MAX_MATRIX_BYTES // 2**30} GiB. Use nearest_neighbors or similar_pairs, which never build it."
        )
    first = normalize_rows(first)
    similarities = first @ (first if b is None else normalize_rows(second)).T
    return np.clip(similarities, -1.0, 1.0, out=similarities)


def paired_cosine_similarity(a: ArrayLike, b: ArrayLike) -> NDArray[np.float32]:
    """Return the cosine of each row of ``a`` with the row of ``b`` at the same position.

    Parameters
    ----------
    a, b : array-like of shape (n, d)

    Returns
    -------
    float32 array of shape (n,)
        In [-1, 1]; 0 for rows of zeros.

    Raises
    ------
    InvalidInputError
        When the shapes differ.

    Examples
    --------
    >>> paired_cosine_similarity([[3.0, 4.0], [1.0, 0.0]], [[6.0, 8.0], [0.0, 2.0]]).tolist()
    [1.0, 0.0]
    """
    first, second = as_embeddings(a, "a"), as_embeddings(b, "b")
    check_same_length("rows in a", len(first), "in b", len(second))
    check_same_width(first, second)
    similarities = np.einsum("ij,ij->i", normalize_rows(first), normalize_rows(second))
    return np.clip(similarities, -1.0, 1.0)


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


def hierarchical_order(similarity: ArrayLike) -> NDArray[np.int64]:
    """Return an order of the rows in which similar ones stand side by side, so that groups appear as blocks.

    Average linkage on 1 - similarity, the leaves ordered optimally (Bar-Joseph et al. 2001) up to
    ``MAX_OPTIMAL_LEAVES`` rows.

    Parameters
    ----------
    similarity : array-like of shape (n, n)
        Symmetric, as :func:`cosine_similarity` returns it.

    Returns
    -------
    int64 array of shape (n,)
        A permutation of the positions: show ``similarity[np.ix_(order, order)]``.

    Raises
    ------
    InvalidInputError
        When the matrix is not square.
    """
    matrix = as_embeddings(similarity, "similarity")
    if matrix.shape[0] != matrix.shape[1]:
        raise InvalidInputError(f"similarity has shape {matrix.shape}; needed is a square matrix of all with all.")
    if len(matrix) < 3:
        return np.arange(len(matrix))
    from scipy.cluster.hierarchy import leaves_list, linkage

    i, j = np.triu_indices(len(matrix), k=1)
    distances = np.maximum(0.0, 1.0 - matrix[i, j].astype(np.float64))
    tree = linkage(distances, "average", optimal_ordering=len(matrix) <= MAX_OPTIMAL_LEAVES)
    return leaves_list(tree).astype(np.int64)


def _pairs(i: NDArray[np.int64], j: NDArray[np.int64], similarities: NDArray[np.float32]) -> list[Pair]:
    columns = i.tolist(), j.tolist(), np.clip(similarities, -1.0, 1.0).tolist()
    return [Pair(*values) for values in zip(*columns, strict=True)]
