"""Pairs that are listed one by one, and those between texts that no such pair joins."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from embedlab.classification import held_together
from embedlab.errors import InvalidInputError
from embedlab.rows import normalize_rows, row_blocks, sample_positions
from embedlab.similarity import different_rows

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    Integers = NDArray[np.int64]
    Floats = NDArray[np.float32]

MAX_TEXTS = 2_000
"""Of more texts so many are taken where all pairs of them count: two million pairs, drawn a thousand times."""

MAX_QUERIES = 500
_MAX_PAIRS = MAX_TEXTS * MAX_QUERIES * 2


class Found(NamedTuple):
    """Pairs with their cosines, the units of both texts and whether they belong together; and of how many texts."""

    cosines: Floats
    first: Integers
    second: Integers
    is_match: NDArray[np.bool_]
    n_texts: int
    n_sampled: int
    n_copies: int = 0


def find_listed(
    rows: Floats,
    pairs: Integers,
    is_match: NDArray[np.bool_],
    groups: Sequence[object] | NDArray | None,
    n_queries: int,
    seed: int,
) -> Found:
    """Find the pairs that are listed; where all of them belong together, those between what no pair joins, too."""
    unit = normalize_rows(rows)
    copies = different_rows(unit)[1]
    units = _joined(held_together(copies, groups), pairs)
    is_copy = copies[pairs[:, 0]] == copies[pairs[:, 1]]
    n_copies, pairs, is_match = int(is_copy.sum()), pairs[~is_copy], is_match[~is_copy]
    paired = units[pairs[:, 0]], units[pairs[:, 1]]
    n_texts = len(np.unique(pairs)) if not n_queries else len(rows)
    if not is_match.all():
        return Found(_cosines(unit, pairs), *paired, is_match, n_texts, n_texts, n_copies)
    left, right = _held_against(pairs, units, n_queries, len(rows), seed)
    is_in = np.isin(pairs[:, 0], left)
    pairs = pairs[is_in]
    between = _between(left, right, units)
    cosines = np.concatenate([_cosines(unit, pairs), _cosines(unit, between)])
    every = np.concatenate([pairs, between])
    is_match = np.arange(len(every)) < len(pairs)
    n_sampled = len(np.unique(every)) if len(every) else 0
    return Found(cosines, units[every[:, 0]], units[every[:, 1]], is_match, n_texts, n_sampled, n_copies)


def _held_against(
    pairs: Integers, units: Integers, n_queries: int, n_rows: int, seed: int
) -> tuple[Integers, Integers]:
    """Return which rows are held against which: some queries and texts, or some texts and the same ones."""
    if n_queries:
        asked = np.unique(pairs[:, 0])
        left = asked[sample_positions(len(asked), MAX_QUERIES, seed)]
        texts = np.arange(n_queries, n_rows)
        return left, texts[sample_positions(len(texts), _MAX_PAIRS // max(1, len(left)), seed)]
    # Whole units, so that what a pair joins stays together; in a random order until there are enough texts.
    texts = np.unique(pairs)
    numbers, sizes = np.unique(units[texts], return_counts=True)
    order = np.random.default_rng(seed).permutation(len(numbers))
    is_taken = np.cumsum(sizes[order]) <= MAX_TEXTS
    taken = texts[np.isin(units[texts], numbers[order[is_taken]])]
    return taken, taken


def _between(left: Integers, right: Integers, units: Integers) -> Integers:
    """Return the pairs of rows of different units, shape (m, 2); of a side with itself each once."""
    if left is right:
        i, j = np.triu_indices(len(left), 1)
    else:
        i, j = (grid.ravel() for grid in np.indices((len(left), len(right))))
    pairs = np.column_stack([left[i], right[j]])
    return pairs[units[pairs[:, 0]] != units[pairs[:, 1]]]


def _joined(units: Integers, pairs: Integers) -> Integers:
    """Return the units of rows where pairs join them as well."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    n = int(units.max(initial=-1)) + 1
    edges = units[pairs[:, 0]], units[pairs[:, 1]]
    graph = coo_array((np.ones(len(pairs), dtype=np.int8), edges), shape=(n, n))
    return connected_components(graph, directed=False)[1][units].astype(np.int64)


def _cosines(unit: Floats, pairs: Integers) -> Floats:
    parts = [
        np.einsum("ij,ij->i", unit[pairs[block, 0]], unit[pairs[block, 1]])
        for block in row_blocks(len(pairs), 2 * unit.shape[1])
    ]
    return np.concatenate(parts) if parts else np.zeros(0, dtype=np.float32)


def check_pairs(pairs: ArrayLike | None, n_queries: int, n_rows: int) -> Integers:
    """Return pairs as positions among queries and texts behind one another."""
    found = np.asarray(pairs)
    if found.ndim != 2 or found.shape[1] != 2 or not np.issubdtype(found.dtype, np.integer):
        raise InvalidInputError(f"pairs must be positions, shape (pairs, 2); got {found.shape} of {found.dtype}.")
    found = found.astype(np.int64)
    n_texts = n_rows - n_queries
    for side, (n, what) in enumerate(((n_queries or n_texts, "queries" if n_queries else "texts"), (n_texts, "texts"))):
        if len(found) and not 0 <= found[:, side].min() <= found[:, side].max() < n:
            raise InvalidInputError(
                f"Positions of {what} in pairs go from {found[:, side].min()} to {found[:, side].max()}, but there are "
                f"{n:,}; choose 0 to {n - 1}."
            )
    return found + [0, n_queries]
