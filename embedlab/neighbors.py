"""Nearest neighbours, and how far two sets of embeddings agree about them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from embedlab._rows import normalize_rows, row_blocks
from embedlab._validation import as_embeddings, check_integer, check_same_length, check_same_width
from embedlab.errors import InvalidInputError

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
    Matrix products over blocks of queries: O(m n d) time; memory for one block only. Which of several equally near
    rows comes last is open where not all of them fit.

    Examples
    --------
    >>> indices, similarities = nearest_neighbors([[1.0, 0.0], [4.0, 3.0], [0.0, 1.0]], n_neighbors=1)
    >>> print(indices.ravel(), similarities.ravel())
    [1 0 1] [0.8 0.8 0.6]
    """
    rows = as_embeddings(embeddings)
    others = len(rows) - (queries is None)
    reason = f"there are {others} {'other ' if queries is None else ''}rows"
    check_integer(n_neighbors, "n_neighbors", 1, others, reason)
    unit = normalize_rows(rows)
    unit_queries = unit
    if queries is not None:
        asked = as_embeddings(queries, "queries")
        check_same_width(rows, asked)
        unit_queries = normalize_rows(asked)
    indices = np.empty((len(unit_queries), n_neighbors), dtype=np.int64)
    similarities = np.empty(indices.shape, dtype=np.float32)
    for block in row_blocks(len(unit_queries), len(unit)):
        scores = unit_queries[block] @ unit.T
        if queries is None:
            scores[np.arange(len(scores)), np.arange(block.start, block.stop)] = -np.inf
        indices[block], similarities[block] = _best_columns(scores, n_neighbors)
    return indices, np.clip(similarities, -1.0, 1.0, out=similarities)


def neighbor_overlap(x: ArrayLike, y: ArrayLike, n_neighbors: int = 10) -> float:
    """Return the share of nearest neighbours that two sets of embeddings of the same texts have in common.

    Parameters
    ----------
    x, y : array-like of shape (n, d_x) and (n, d_y)
    n_neighbors : int, default=10

    Returns
    -------
    float
        Mean over the texts, from 0 (no common neighbour) to 1 (the same ones); by chance ``n_neighbors / (n - 1)``.

    Raises
    ------
    InvalidInputError
        When the numbers of rows differ, or there are not ``n_neighbors`` others.
    """
    first, second = as_embeddings(x, "x"), as_embeddings(y, "y")
    check_same_length("rows in x", len(first), "in y", len(second))
    # One number for each (text, neighbour), so that a single intersection counts all texts.
    offsets = np.arange(len(first))[:, None] * len(first)
    keys_x, keys_y = ((nearest_neighbors(z, n_neighbors)[0] + offsets).ravel() for z in (first, second))
    return np.intersect1d(keys_x, keys_y, assume_unique=True).size / keys_x.size


def linear_cka(x: ArrayLike, y: ArrayLike) -> float:
    """Return the linear centred kernel alignment of two sets of embeddings of the same texts.

    ``||Yᵀ X||² / (||Xᵀ X|| ||Yᵀ Y||)`` in Frobenius norms, columns centred. It does not change when either set is
    rotated, shifted or scaled as a whole.

    Parameters
    ----------
    x, y : array-like of shape (n, d_x) and (n, d_y)
        Taken as they are, not normalised.

    Returns
    -------
    float
        From 0 (unrelated) to 1 (the same up to rotation and scale).

    Raises
    ------
    InvalidInputError
        When the numbers of rows differ, or all rows of one set are equal: nothing is then left to compare.

    References
    ----------
    S. Kornblith, M. Norouzi, H. Lee and G. Hinton, "Similarity of Neural Network Representations Revisited",
    ICML 2019, equation 5.

    Examples
    --------
    >>> round(linear_cka([[0.0, 0.0], [1.0, 0.0], [0.0, 2.0]], [[5.0, 0.0], [5.0, 1.0], [3.0, 0.0]]), 6)
    1.0
    """
    first, second = as_embeddings(x, "x", min_rows=2), as_embeddings(y, "y", min_rows=2)
    check_same_length("rows in x", len(first), "in y", len(second))
    for name, rows in (("x", first), ("y", second)):
        if (rows == rows[0]).all():
            raise InvalidInputError(f"All rows of {name} are equal, so there is nothing to compare. Add other texts.")
    width = first.shape[1]
    products = _centred_products(first, second)
    cross, own_x, own_y = products[:width, width:], products[:width, :width], products[width:, width:]
    return float(np.sum(cross**2) / (np.linalg.norm(own_x) * np.linalg.norm(own_y)))


def _centred_products(x: NDArray[np.float32], y: NDArray[np.float32]) -> NDArray[np.float64]:
    """Return ``Zᵀ Z`` of the centred ``Z = [x y]``, in float64, block by block: no float64 copy of all rows."""
    means = np.concatenate([x.mean(axis=0, dtype=np.float64), y.mean(axis=0, dtype=np.float64)])
    products = np.zeros((len(means), len(means)))
    for rows in row_blocks(len(x), len(means)):
        centred = np.concatenate([x[rows], y[rows]], axis=1) - means
        products += centred.T @ centred
    return products


def _best_columns(scores: NDArray[np.float32], k: int) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """Return columns and values of the ``k`` largest numbers of each row, best first."""
    columns = np.sort(np.argpartition(scores, scores.shape[1] - k, axis=1)[:, -k:], axis=1)
    values = np.take_along_axis(scores, columns, axis=1)
    order = np.argsort(-values, axis=1, kind="stable")
    return np.take_along_axis(columns, order, axis=1), np.take_along_axis(values, order, axis=1)
