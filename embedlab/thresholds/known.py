"""From what is known of texts to the cosines of the pairs that belong together, and of those that do not."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING

import numpy as np

from embedlab.classification import held_together
from embedlab.compute import Threads
from embedlab.errors import InvalidInputError
from embedlab.rows import normalize_rows, row_blocks, sample_positions
from embedlab.similarity import different_rows
from embedlab.thresholds.cosines import KnownCosines, Side, side_of
from embedlab.validation import as_embeddings, check_random_state, check_same_length, check_same_width

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    Integers = NDArray[np.int64]
    Floats = NDArray[np.float32]

MAX_TEXTS = 2_000
"""Of more texts so many are taken where all pairs of them count: two million pairs, drawn a thousand times."""

MAX_QUERIES = 500
_MAX_PAIRS = MAX_TEXTS * MAX_QUERIES * 2

Labels = Sequence[str | None | Collection[str]]


def known_cosines(
    embeddings: ArrayLike,
    *,
    labels: Labels | NDArray[np.object_] | None = None,
    pairs: ArrayLike | None = None,
    is_match: ArrayLike | None = None,
    queries: ArrayLike | None = None,
    groups: Sequence[object] | NDArray | None = None,
    random_state: int = 0,
) -> KnownCosines:
    """Count the cosines of pairs of texts that are known to belong together, and of pairs that do not.

    Parameters
    ----------
    embeddings : array-like of shape (n, d)
    labels : sequence of length n, optional
        Texts of one label belong together, those of different labels do not. None or ``""`` where nothing is known; a
        tuple where a text has several labels, one of which in common is enough.
    pairs : int array-like of shape (m, 2), optional
        Positions of texts of which it is known whether they belong together.
    is_match : bool array-like of shape (m,), optional
        Which of the pairs do. All when not given: then texts that no pair joins, directly or over others, do not belong
        together.
    queries : array-like of shape (q, d), optional
        Then ``pairs`` are positions of a query and of a text, and queries are held against texts alone.
    groups : sequence of length n, or q + n with queries first, optional
        What texts share that know of each other, such as the author: they are drawn together, and by labels their pairs
        do not count.
    random_state : int, default=0
        Seed of the samples: of labelled texts ``MAX_TEXTS`` are taken, as many of those in ``pairs`` where the pairs
        that do not belong together are not given, and ``MAX_QUERIES`` queries.

    Returns
    -------
    KnownCosines

    Raises
    ------
    InvalidInputError
        Unless labels or pairs are given, for positions that do not exist, and where no pair belongs together or none
        does not.

    Examples
    --------
    >>> found = known_cosines([[1.0, 0.0], [0.6, 0.8], [0.0, 1.0]], labels=["a", "a", "b"])
    >>> found.matches.n_pairs, found.others.n_pairs, found.at(0.7).false_match_rate.value
    (1, 2, 0.5)
    """
    rows = as_embeddings(embeddings)
    if (labels is None) == (pairs is None):
        raise InvalidInputError("Give labels or pairs, one of them: they say which texts belong together.")
    seed = check_random_state(random_state)
    if labels is not None:
        return _of_labels(rows, labels, groups, seed)
    n_queries = 0
    if queries is not None:
        asked = as_embeddings(queries, "queries")
        check_same_width(rows, asked)
        n_queries, rows = len(asked), np.concatenate([asked, rows])
    listed = _check_pairs(pairs, n_queries, len(rows))
    matching = np.ones(len(listed), dtype=bool) if is_match is None else np.asarray(is_match).astype(bool)
    check_same_length("pairs", len(listed), "answers whether they match", len(matching))
    return _of_pairs(rows, listed, matching, groups, n_queries, seed)


def _of_labels(
    rows: Floats, labels: Labels | NDArray[np.object_], groups: Sequence[object] | NDArray | None, seed: int
) -> KnownCosines:
    """Count all pairs of labelled texts that do not know of each other."""
    check_same_length("texts", len(rows), "labels", len(labels))
    sets = [{label} if isinstance(label, str) else set(label or ()) for label in labels]
    known = np.array([row for row, label in enumerate(sets) if label - {""}], dtype=np.int64)
    chosen = known[sample_positions(len(known), MAX_TEXTS, seed)]
    unit = normalize_rows(rows[chosen])
    units = held_together(different_rows(unit)[1], None if groups is None else [groups[row] for row in chosen.tolist()])
    with Threads() as threads:
        cosines = threads.product(unit, unit.T)
    i, j = np.triu_indices(len(chosen), 1)
    apart = units[i] != units[j]
    i, j = i[apart], j[apart]
    is_match = _share_a_label([sets[row] for row in chosen.tolist()])[i, j]
    return _counted(cosines[i, j], units[i], units[j], is_match, len(known), len(chosen), 0)


def _share_a_label(sets: Sequence[set[str]]) -> NDArray[np.bool_]:
    """Return whether each two texts have a label in common, shape (n, n)."""
    numbers = {label: number for number, label in enumerate(dict.fromkeys(label for each in sets for label in each))}
    together = np.zeros((len(sets), len(sets)), dtype=bool)
    of_label: list[list[int]] = [[] for _ in numbers]
    for row, each in enumerate(sets):
        for label in each - {""}:
            of_label[numbers[label]].append(row)
    for members in of_label:
        together[np.ix_(members, members)] = True
    return together


def _of_pairs(
    rows: Floats,
    pairs: Integers,
    is_match: NDArray[np.bool_],
    groups: Sequence[object] | NDArray | None,
    n_queries: int,
    seed: int,
) -> KnownCosines:
    """Count the pairs that are listed; where all of them belong together, those between what no pair joins, too."""
    unit = normalize_rows(rows)
    copies = different_rows(unit)[1]
    units = _joined(held_together(copies, groups), pairs)
    is_copy = copies[pairs[:, 0]] == copies[pairs[:, 1]]
    n_copies, pairs, is_match = int(is_copy.sum()), pairs[~is_copy], is_match[~is_copy]
    paired = units[pairs[:, 0]], units[pairs[:, 1]]
    n_texts = len(np.unique(pairs)) if not n_queries else len(rows)
    if not is_match.all():
        return _counted(_cosines(unit, pairs), *paired, is_match, n_texts, n_texts, n_copies)
    left, right = _held_against(pairs, units, n_queries, len(rows), seed)
    is_in = np.isin(pairs[:, 0], left)
    pairs = pairs[is_in]
    between = _between(left, right, units)
    cosines = np.concatenate([_cosines(unit, pairs), _cosines(unit, between)])
    every = np.concatenate([pairs, between])
    is_match = np.arange(len(every)) < len(pairs)
    n_sampled = len(np.unique(every)) if len(every) else 0
    return _counted(cosines, units[every[:, 0]], units[every[:, 1]], is_match, n_texts, n_sampled, n_copies)


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


def _counted(
    cosines: Floats,
    first: Integers,
    second: Integers,
    is_match: NDArray[np.bool_],
    n_texts: int,
    n_sampled: int,
    n_copies: int,
) -> KnownCosines:
    """Count both kinds of pairs, or say that there is one kind only."""
    n_matches, n_others = int(is_match.sum()), int((~is_match).sum())
    if not n_matches or not n_others:
        raise InvalidInputError(
            f"{n_matches:,} pairs of different texts belong together, and {n_others:,} do not; both are needed to draw "
            "a line between them. Bring labels that several texts share and some do not, or more pairs."
        )
    numbers = np.unique(np.concatenate([first, second]), return_inverse=True)[1]
    first, second = numbers[: len(first)], numbers[len(first) :]

    def side(chosen: NDArray[np.bool_]) -> Side:
        return side_of(cosines[chosen], first[chosen], second[chosen], int(numbers.max()) + 1)

    return KnownCosines(side(is_match), side(~is_match), n_texts, n_sampled, n_copies)


def _check_pairs(pairs: ArrayLike | None, n_queries: int, n_rows: int) -> Integers:
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
