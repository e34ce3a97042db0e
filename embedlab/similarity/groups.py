"""How similar the texts of a group are to each other and to those of other groups, without a pair."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from embedlab.compute import one_blas_thread
from embedlab.errors import InvalidInputError
from embedlab.rows import segment_means
from embedlab.validation import as_embeddings, check_integer, check_same_length

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray


MAX_GROUPS = 5_000
"""Most groups that are compared with each other: the means of more fill 200 MiB."""


@dataclass(frozen=True, eq=False)
class GroupSimilarities:
    """Mean cosines within and between groups.

    Parameters
    ----------
    groups : array of shape (g,)
        The different labels, rising.
    sizes : int64 array of shape (g,)
        Rows of each group.
    means : float64 array of shape (g, g)
        Mean cosine of the pairs of a row of one group and a row of the other; on the diagonal of the pairs of
        different rows of the group, NaN for a group of one row.
    within, between : float
        Mean over all pairs of one group, and of two groups; NaN where there are none.
    """

    groups: NDArray[Any]
    sizes: NDArray[np.int64]
    means: NDArray[np.float64]
    within: float
    between: float

    @property
    def gap(self) -> float:
        """How much more similar pairs of one group are than pairs of two, on average."""
        return self.within - self.between


@one_blas_thread
def group_similarities(embeddings: ArrayLike, labels: ArrayLike) -> GroupSimilarities:
    """Return how similar groups are within and between them.

    Parameters
    ----------
    embeddings : array-like of shape (n, d)
    labels : array-like of shape (n,)
        Group of each row: numbers or names.

    Returns
    -------
    GroupSimilarities

    Raises
    ------
    InvalidInputError
        When there are not as many labels as rows, or more than ``MAX_GROUPS`` groups.

    Notes
    -----
    The mean cosine between two groups is the product of the means c of their rows of length 1, ``c_a · c_b``. Within
    a group of n rows ``|n c|²`` is the sum over all ordered pairs, the n of a row with itself among them, so that
    ``(|n c|² - n) / (n (n - 1))`` is the mean over different rows. Exact in O(n d + g² d); a row of zeros has no
    cosine to itself to take away.

    References
    ----------
    M. Steinbach, G. Karypis, V. Kumar, "A comparison of document clustering techniques", 2000, section 3: the squared
    length of the centroid is the average pairwise similarity.

    Examples
    --------
    >>> found = group_similarities([[1, 0], [1, 0], [0, 1], [0, -1]], ["a", "a", "b", "b"])
    >>> found.means.tolist(), found.within
    ([[1.0, 0.0], [0.0, -1.0]], 0.0)
    """
    x = as_embeddings(embeddings)
    groups, codes = split_by_label(labels, len(x))
    check_integer(len(groups), "n_groups", 1, MAX_GROUPS, "a mean is kept for every two groups")
    sizes = np.bincount(codes, minlength=len(groups))
    sums = sizes[:, None] * segment_means(x, np.argsort(codes, kind="stable"), np.concatenate([[0], np.cumsum(sizes)]))
    itself = np.bincount(codes, x.any(axis=1), minlength=len(groups))
    products = sums @ sums.T
    within = np.diag(products) - itself
    total = sums.sum(axis=0)
    n_within = sizes * (sizes - 1)
    means = products / np.outer(sizes, sizes)
    np.fill_diagonal(means, [_mean(*pair) for pair in zip(within, n_within, strict=True)])
    return GroupSimilarities(
        groups,
        sizes,
        means,
        within=_mean(within.sum(), n_within.sum()),
        between=_mean(total @ total - np.trace(products), len(x) ** 2 - np.square(sizes).sum()),
    )


def _mean(total: float, n_pairs: int) -> float:
    """Return a mean cosine, NaN of no pairs."""
    return min(1.0, max(-1.0, float(total / n_pairs))) if n_pairs else np.nan


def split_by_label(labels: ArrayLike, n_rows: int) -> tuple[NDArray[Any], NDArray[np.int64]]:
    """Return the different labels, rising, and for each row which of them it has."""
    array = np.asarray(labels)
    if array.ndim != 1:
        raise InvalidInputError(f"labels has shape {array.shape}; give one label for each of the {n_rows:,} rows.")
    check_same_length("rows", n_rows, "labels", len(array))
    groups, codes = np.unique(array.astype(str) if array.dtype == object else array, return_inverse=True)
    return groups, codes.astype(np.int64)
