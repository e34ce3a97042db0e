"""Sets of labels, as rows of a table with a column for each label: how far two overlap, what is rarest in each."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


def overlap(a: NDArray[np.bool_], b: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Return the Jaccard index: labels in both sets over those in either, of which there is one at least.

    Parameters
    ----------
    a, b : bool array of shape (..., n_labels)

    Returns
    -------
    float64 array of shape (...)
        From 0 to 1.

    Examples
    --------
    >>> overlap(np.array([True, True, False]), np.array([True, False, False])).item()
    0.5
    """
    return (a & b).sum(axis=-1) / (a | b).sum(axis=-1)


def rarest_labels(members: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Return the rarest label of each row, shape (n,).

    Examples
    --------
    >>> rarest_labels(np.array([[True, True], [True, False], [True, False]])).tolist()
    [1, 0, 0]
    """
    return np.where(members, members.sum(axis=0), len(members) + 1).argmin(axis=1)


def overlap_of_most_frequent(members: NDArray[np.bool_]) -> float:
    """Return the best mean overlap that one set for every row can have, made of the most frequent labels.

    Examples
    --------
    Both labels for every row overlap with the rows by 1, 1/2 and 1/2, the first one alone by 1/2, 1 and 0.

    >>> overlap_of_most_frequent(np.array([[True, True], [True, False], [False, True]])).__round__(3)
    0.667
    """
    by_size = members[:, np.argsort(-members.sum(axis=0), kind="stable")]
    both = by_size.cumsum(axis=1, dtype=np.int32)
    either = np.arange(1, members.shape[1] + 1) + both[:, -1:] - both
    return float((both / either).mean(axis=0).max())
