"""How far several sets of embeddings of the same texts agree: about neighbours, and about their shape as a whole.

All of it is measured among the embeddings themselves, never on the coordinates of a map.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from embedlab.compute import one_blas_thread
from embedlab.errors import InvalidInputError
from embedlab.neighbors import nearest_neighbors, nearest_others
from embedlab.rows import row_blocks, sample_positions
from embedlab.validation import as_embeddings, check_same_length

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

SAMPLED_ROWS = 2_000
"""Texts whose neighbours are held against each other; the neighbours are still looked for among all texts."""


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
    near_x, near_y = (nearest_neighbors(z, n_neighbors)[0] for z in (first, second))
    return float(shared_neighbors(near_x, near_y).mean())


@one_blas_thread
def linear_cka(x: ArrayLike, y: ArrayLike) -> float:
    """Return the linear centred kernel alignment of two sets of embeddings of the same texts, without bias.

    ``HSIC(x, y) / sqrt(HSIC(x, x) HSIC(y, y))`` with the unbiased estimator of HSIC. The usual one grows with the
    number of dimensions over the number of texts: unrelated random embeddings of 12 texts in 384 dimensions come to
    0.97. It does not change when either set is rotated, shifted or scaled as a whole.

    Parameters
    ----------
    x, y : array-like of shape (n, d_x) and (n, d_y)
        Four rows at least; taken as they are, not normalised.

    Returns
    -------
    float
        1 for the same up to rotation and scale; around 0 for unrelated ones, so a little below it now and then.

    Raises
    ------
    InvalidInputError
        When the numbers of rows differ or are below four, or all rows of one set are equal: nothing is then left to
        compare.

    References
    ----------
    S. Kornblith, M. Norouzi, H. Lee and G. Hinton, "Similarity of Neural Network Representations Revisited",
    ICML 2019; L. Song et al., "Feature Selection via Dependence Maximization", JMLR 13, 2012, equation 5.

    Examples
    --------
    >>> square = [[0.0, 0.0], [1.0, 0.0], [0.0, 1.0], [1.0, 1.0]]
    >>> round(linear_cka(square, [[5.0, 0.0], [5.0, 2.0], [3.0, 0.0], [3.0, 2.0]]), 6)
    1.0
    """
    first, second = as_embeddings(x, "x", min_rows=4), as_embeddings(y, "y", min_rows=4)
    check_same_length("rows in x", len(first), "in y", len(second))
    for name, rows in (("x", first), ("y", second)):
        if (rows == rows[0]).all():
            raise InvalidInputError(f"All rows of {name} are equal, so there is nothing to compare. Add other texts.")
    width = first.shape[1]
    products, squares = _centred_products(first, second)
    cross, own_x, own_y = products[:width, width:], products[:width, :width], products[width:, width:]
    both, only_x, only_y = (
        _unbiased_hsic(product, *pair)
        for product, pair in ((cross, squares), (own_x, squares[[0, 0]]), (own_y, squares[[1, 1]]))
    )
    return float(both / np.sqrt(only_x * only_y))


def _centred_products(
    x: NDArray[np.float32], y: NDArray[np.float32]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return ``Zᵀ Z`` of the centred ``Z = [x y]``, and the squared length of each centred row of both, shape (2, n).

    In float64, block by block: no float64 copy of all rows.
    """
    means = np.concatenate([x.mean(axis=0, dtype=np.float64), y.mean(axis=0, dtype=np.float64)])
    products, squares = np.zeros((len(means), len(means))), np.empty((2, len(x)))
    for rows in row_blocks(len(x), len(means)):
        centred = np.concatenate([x[rows], y[rows]], axis=1) - means
        products += centred.T @ centred
        for own, part in zip(squares, np.split(centred, [x.shape[1]], axis=1), strict=True):
            own[rows] = np.einsum("ij,ij->i", part, part)
    return products, squares


def _unbiased_hsic(product: NDArray[np.float64], p: NDArray[np.float64], q: NDArray[np.float64]) -> float:
    """Return n (n - 3) times the unbiased HSIC of linear kernels.

    With centred rows the kernels without their diagonals have the row sums ``-p`` and ``-q``, the squared lengths, and
    the trace of their product is ``||product||² - p · q``: no n × n matrix is needed.
    """
    n = len(p)
    return float(np.sum(product**2) - n / (n - 2) * (p @ q) + p.sum() * q.sum() / ((n - 1) * (n - 2)))


def shared_neighbors(x: ArrayLike, y: ArrayLike) -> NDArray[np.float64]:
    """Return the share of each row's neighbours that two lists of neighbours have in common.

    Parameters
    ----------
    x, y : int array-like of shape (n, k)
        Each row without repetition.

    Returns
    -------
    float64 array of shape (n,)
        From 0 to 1.
    """
    first, second = np.asarray(x), np.asarray(y)
    check_same_length("rows in x", len(first), "in y", len(second))
    # One number for each (row, neighbour), so that a single look-up serves all rows.
    offsets = np.arange(len(first))[:, None] * (max(first.max(initial=0), second.max(initial=0)) + 1)
    return np.isin(first + offsets, second + offsets).mean(axis=1)


def agreement_matrices(
    embeddings: Sequence[ArrayLike], n_neighbors: int = 10, *, random_state: int = 0
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Hold several sets of embeddings of the same texts against each other, each with each.

    Parameters
    ----------
    embeddings : sequence of length k of array-likes of shape (n, d_i)
    n_neighbors : int, default=10
        All but one where there are not so many texts.
    random_state : int, default=0
        Which texts are looked at where there are more than ``SAMPLED_ROWS``.

    Returns
    -------
    overlap, cka : float64 arrays of shape (k, k)
        Share of common neighbours, from 0 to 1, and linear CKA without bias, up to 1 and around 0 for unrelated sets;
        CKA is NaN where all rows of a set are equal, or there are fewer than four.

    Raises
    ------
    InvalidInputError
        When the numbers of texts differ, or there are fewer than two.
    """
    sets = [as_embeddings(each, "embeddings", min_rows=2) for each in embeddings]
    for each in sets[1:]:
        check_same_length("texts in the first set", len(sets[0]), "in another", len(each))
    rows = sample_positions(len(sets[0]), SAMPLED_ROWS, random_state)
    k = min(n_neighbors, len(sets[0]) - 1)
    near = [nearest_others(each, rows, k) for each in sets]
    overlap, cka = np.eye(len(sets)), np.eye(len(sets))
    for i in range(len(sets)):
        for j in range(i):
            overlap[i, j] = overlap[j, i] = shared_neighbors(near[i], near[j]).mean()
            cka[i, j] = cka[j, i] = _cka_or_nan(sets[i][rows], sets[j][rows])
    return overlap, cka


def most_disputed(
    x: ArrayLike, y: ArrayLike, top_k: int = 10, n_neighbors: int = 10, *, random_state: int = 0
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Return the texts about whose neighbours two sets of embeddings disagree most.

    Parameters
    ----------
    x, y : array-like of shape (n, d_x) and (n, d_y)
    top_k : int, default=10
        How many texts.
    n_neighbors, random_state
        As for :func:`agreement_matrices`.

    Returns
    -------
    rows : int64 array of shape (top_k,)
        Fewer where there are fewer texts; the most disputed first, equally disputed ones by position.
    shared : float64 array of shape (top_k,)
        Share of their neighbours in common, from 0 to 1.
    """
    first, second = as_embeddings(x, "x", min_rows=2), as_embeddings(y, "y", min_rows=2)
    check_same_length("rows in x", len(first), "in y", len(second))
    rows = sample_positions(len(first), SAMPLED_ROWS, random_state)
    k = min(n_neighbors, len(first) - 1)
    shared = shared_neighbors(nearest_others(first, rows, k), nearest_others(second, rows, k))
    chosen = np.argsort(shared, kind="stable")[:top_k]
    return rows[chosen], shared[chosen]


def _cka_or_nan(x: NDArray[np.float32], y: NDArray[np.float32]) -> float:
    try:
        return linear_cka(x, y)
    except InvalidInputError:
        return float("nan")
