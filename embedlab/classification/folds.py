"""Folds: what knows of each other is held out together, and every label lies in as many folds as it can."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from embedlab.texts import near_copies
from embedlab.validation import check_same_length

if TYPE_CHECKING:
    from numpy.typing import NDArray


def held_together(copies: NDArray[np.int64], groups: Sequence[object] | NDArray | None = None) -> NDArray[np.int64]:
    """Return a number for each row, the same for rows that are held out together.

    Parameters
    ----------
    copies : int64 array of shape (n,)
        The same number for copies of one text.
    groups : sequence of length n, optional
        What rows that know of each other share; rows are also joined over others, as by a copy in two groups. A row
        whose group is missing (None, NaN or blank) stands alone.

    Returns
    -------
    int64 array of shape (n,)

    Raises
    ------
    InvalidInputError
        When there is not one group a row.

    Examples
    --------
    >>> held_together(np.array([0, 1, 0, 2, 3]), ["Ann", "Bob", "Bob", "Eve", ""]).tolist()
    [0, 0, 0, 1, 2]
    """
    if groups is None:
        return copies
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import connected_components

    check_same_length("texts", len(copies), "groups", len(groups))
    numbers = _group_numbers(groups)
    # Copies and groups are the nodes, and each row joins two of them.
    edges = copies, copies.max(initial=-1) + 1 + numbers
    size = int(edges[1].max(initial=-1)) + 1
    graph = csr_array((np.ones(len(copies)), edges), shape=(size, size))
    return np.unique(connected_components(graph, directed=False)[1][copies], return_inverse=True)[1].astype(np.int64)


def what_is_shared(
    texts: Sequence[str], groups: Sequence[object] | NDArray | None = None, *, near_duplicates: bool = False
) -> Sequence[object] | NDArray | None:
    """Return what rows that know of each other share: the groups given, near-duplicates too where that is asked for.

    Parameters
    ----------
    texts : sequence of str of length n
    groups : sequence of length n, optional
        Such as author, ticket or document.
    near_duplicates : bool, default=False
        Whether texts that are nearly the same by their letters know of each other; see :func:`near_copies`.

    Returns
    -------
    sequence of length n or None
        For the ``groups`` of :func:`embedlab.classify`; None where rows share nothing.
    """
    return held_together(near_copies(texts), groups) if near_duplicates else groups


def _group_numbers(groups: Sequence[object] | NDArray) -> NDArray[np.int64]:
    import pandas as pd

    named = pd.Series(list(groups), dtype=object)
    numbers = named.where(named.astype(str).str.strip() != "", None).factorize()[0].astype(np.int64)
    missing = numbers < 0
    numbers[missing] = numbers.max(initial=-1) + 1 + np.arange(missing.sum())
    return numbers


def deal_folds(
    codes: NDArray[np.int64], groups: NDArray[np.int64], n_splits: int, random_state: int
) -> NDArray[np.int64]:
    """Return the fold of each row, the same for rows of one group, dealt like cards sorted by label.

    Parameters
    ----------
    codes, groups : int64 array of shape (n,)
        The label of each row, and which rows stay together.
    n_splits, random_state : int

    Returns
    -------
    int64 array of shape (n,)
        From 0 up; a label with k groups lies in k folds, or in all.
    """
    different, inverse = np.unique(groups, return_inverse=True)
    # A group with several labels counts for the rarest of them, which has the fewest texts to spread.
    by_size = np.argsort(-np.bincount(codes)[codes], kind="stable")
    group_codes = np.empty(len(different), dtype=np.int64)
    group_codes[inverse[by_size]] = codes[by_size]
    order = np.random.default_rng(random_state).permutation(len(different))
    order = order[np.argsort(group_codes[order], kind="stable")]
    folds = np.empty(len(different), dtype=np.int64)
    folds[order] = np.arange(len(different)) % n_splits
    return folds[inverse]
