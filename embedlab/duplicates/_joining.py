"""Groups that grow together as pairs are joined one after the other: union and find, by size, with halved paths."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from embedlab.compute import compiled

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Integers: TypeAlias = NDArray[np.int64]


@compiled
def count_joined(
    i: NDArray[np.int32], j: NDArray[np.int32], copies: Integers, sizes: Integers, counts: Integers
) -> None:
    """Join the pairs in their order and write what there is after each.

    ``copies`` and ``sizes`` are the rows that each position stands for; ``sizes`` is used up. The first row of
    ``counts``, shape (n_pairs + 1, 3), is given: pairs, groups of two rows or more, rows beyond the first of a group.
    """
    parents = np.arange(len(sizes))
    for pair in range(len(i)):
        a, b = _root(parents, i[pair]), _root(parents, j[pair])
        counts[pair + 1] = counts[pair]
        counts[pair + 1, 0] += copies[i[pair]] * copies[j[pair]]
        if a != b:
            counts[pair + 1, 1] += 1 - (sizes[a] > 1) - (sizes[b] > 1)
            counts[pair + 1, 2] += 1
            if sizes[a] < sizes[b]:
                a, b = b, a
            parents[b] = a
            sizes[a] += sizes[b]


@compiled
def _root(parents: Integers, row: int) -> int:
    """Return the row that stands for the group of a row."""
    while parents[row] != row:
        parents[row] = parents[parents[row]]
        row = parents[row]
    return row
