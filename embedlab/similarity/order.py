"""Orders of the rows in which similar ones stand side by side."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from embedlab.compute import one_blas_thread
from embedlab.errors import InvalidInputError
from embedlab.rows import normalize_rows, row_blocks, segment_means
from embedlab.similarity.cosines import cosine_similarity
from embedlab.similarity.groups import split_by_label
from embedlab.validation import as_embeddings

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

MAX_OPTIMAL_LEAVES = 1_000
"""Up to this number of rows, ordering leaves optimally takes about a second."""


@dataclass(frozen=True, eq=False)
class GroupOrder:
    """An order of the rows in which each group is one run.

    Parameters
    ----------
    order : int64 array of shape (n,)
        A permutation of the positions.
    groups : array of shape (g,)
        Labels in the order of their runs.
    sizes : int64 array of shape (g,)
        Length of each run.
    """

    order: NDArray[np.int64]
    groups: NDArray[Any]
    sizes: NDArray[np.int64]

    @property
    def edges(self) -> NDArray[np.int64]:
        """Where each run begins, and where the last one ends, shape (g + 1,)."""
        return np.concatenate([[0], np.cumsum(self.sizes)])


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


@one_blas_thread
def group_order(embeddings: ArrayLike, labels: ArrayLike) -> GroupOrder:
    """Return an order in which each group is one run, with similar groups side by side.

    Groups stand in the :func:`hierarchical_order` of their centres, more than ``MAX_OPTIMAL_LEAVES`` of them by
    falling size; the rows of a group by falling cosine to its centre, equal ones by position.

    Parameters
    ----------
    embeddings : array-like of shape (n, d)
    labels : array-like of shape (n,)
        Group of each row: numbers or names.

    Returns
    -------
    GroupOrder

    Raises
    ------
    InvalidInputError
        When there are not as many labels as rows.

    Examples
    --------
    >>> found = group_order([[1, 0], [0, 1], [1, 0]], ["a", "b", "a"])
    >>> found.order.tolist(), found.groups.tolist(), found.sizes.tolist()
    ([0, 2, 1], ['a', 'b'], [2, 1])
    """
    x = as_embeddings(embeddings)
    groups, codes = split_by_label(labels, len(x))
    sizes = np.bincount(codes)
    edges = np.concatenate([[0], np.cumsum(sizes)])
    centers = normalize_rows(segment_means(x, np.argsort(codes, kind="stable"), edges).astype(np.float32))
    if len(groups) > MAX_OPTIMAL_LEAVES:
        runs = np.argsort(-sizes, kind="stable")
    else:
        runs = hierarchical_order(cosine_similarity(centers))
    closeness = np.empty(len(x), dtype=np.float32)
    for rows in row_blocks(*x.shape):
        closeness[rows] = np.einsum("ij,ij->i", normalize_rows(x[rows]), centers[codes[rows]])
    order = np.lexsort((-closeness, np.argsort(runs)[codes]))
    return GroupOrder(order, groups[runs], sizes[runs])
