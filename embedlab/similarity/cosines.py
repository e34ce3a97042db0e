"""Cosines of all with all, and of row with row."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from embedlab.compute import Threads
from embedlab.errors import InvalidInputError
from embedlab.limits import check_bytes, limits, setting_of
from embedlab.rows import ROUNDING, normalize_rows
from embedlab.validation import as_embeddings, check_same_length, check_same_width

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray


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
        When the dimensions differ, or the matrix would be larger than ``Limits.max_matrix_mib``.
    NotEnoughMemoryError
        When it would not fit in memory.

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
    title = f"A matrix of {len(first):,} × {len(second):,} similarities"
    if n_bytes > limits().max_matrix_mib << 20:
        raise InvalidInputError(
            f"{title} takes {n_bytes / 2**20:,.0f} MiB; the limit is {limits().max_matrix_mib:,} MiB "
            f"({setting_of('max_matrix_mib')}). Use nearest_neighbors or similar_pairs, which never build it."
        )
    check_bytes(n_bytes, title)
    first = normalize_rows(first)
    with Threads() as threads:
        similarities = threads.product(first, (first if b is None else normalize_rows(second)).T)
    return np.clip(similarities, -1.0, 1.0, out=similarities)


def paired_cosine_similarity(a: ArrayLike, b: ArrayLike) -> NDArray[np.float32]:
    """Return the cosine of each row of ``a`` with the row of ``b`` at the same position.

    Parameters
    ----------
    a, b : array-like of shape (n, d)

    Returns
    -------
    float32 array of shape (n,)
        In [-1, 1]; 1 for rows of the same direction but for last digits; 0 for rows of zeros.

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
    first, second = normalize_rows(first), normalize_rows(second)
    similarities = np.clip(np.einsum("ij,ij->i", first, second), -1.0, 1.0)
    # Last digits would put pairs of equal texts in some order.
    similarities[(np.abs(first - second).max(axis=1) <= ROUNDING) & first.any(axis=1)] = 1.0
    return similarities
