"""From what is known of texts to the cosines of the pairs that belong together, and of those that do not."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import TYPE_CHECKING

import numpy as np

from embedlab.classification import held_together
from embedlab.compute import Threads
from embedlab.errors import InvalidInputError
from embedlab.rows import normalize_rows, sample_positions
from embedlab.similarity import different_rows
from embedlab.texts import is_blank
from embedlab.thresholds.cosines import N_DRAWS, KnownCosines, Side
from embedlab.thresholds.listed import MAX_TEXTS, Found, check_pairs, find_listed
from embedlab.validation import as_embeddings, check_random_state, check_same_length, check_same_width

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    Integers = NDArray[np.int64]
    Floats = NDArray[np.float32]

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
    progress: Callable[[int, int], None] | None = None,
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
    progress : callable, default=None
        Called with the draws done and all draws; what it raises ends the work.

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
        return _counted(_of_labels(rows, labels, groups, seed), progress)
    n_queries = 0
    if queries is not None:
        asked = as_embeddings(queries, "queries")
        check_same_width(rows, asked)
        n_queries, rows = len(asked), np.concatenate([asked, rows])
    listed = check_pairs(pairs, n_queries, len(rows))
    matching = np.ones(len(listed), dtype=bool) if is_match is None else np.asarray(is_match).astype(bool)
    check_same_length("pairs", len(listed), "answers whether they match", len(matching))
    return _counted(find_listed(rows, listed, matching, groups, n_queries, seed), progress)


def _of_labels(
    rows: Floats, labels: Labels | NDArray[np.object_], groups: Sequence[object] | NDArray | None, seed: int
) -> Found:
    """Find all pairs of labelled texts that do not know of each other."""
    check_same_length("texts", len(rows), "labels", len(labels))
    sets = [_label_set(label) for label in labels]
    known = np.array([row for row, label in enumerate(sets) if label], dtype=np.int64)
    chosen = known[sample_positions(len(known), MAX_TEXTS, seed)]
    unit = normalize_rows(rows[chosen])
    units = held_together(different_rows(unit)[1], None if groups is None else [groups[row] for row in chosen.tolist()])
    with Threads() as threads:
        cosines = threads.product(unit, unit.T)
    i, j = np.triu_indices(len(chosen), 1)
    apart = units[i] != units[j]
    i, j = i[apart], j[apart]
    is_match = _share_a_label([sets[row] for row in chosen.tolist()])[i, j]
    return Found(cosines[i, j], units[i], units[j], is_match, len(known), len(chosen))


def _label_set(label: str | float | Collection[str] | None) -> set[str]:
    """Return the labels of a text; none for None, NaN and what is blank."""
    if label is None or isinstance(label, float):
        return set()
    return {each for each in ([label] if isinstance(label, str) else label) if not is_blank(each)}


def _share_a_label(sets: Sequence[set[str]]) -> NDArray[np.bool_]:
    """Return whether each two texts have a label in common, shape (n, n)."""
    numbers = {label: number for number, label in enumerate(dict.fromkeys(label for each in sets for label in each))}
    together = np.zeros((len(sets), len(sets)), dtype=bool)
    of_label: list[list[int]] = [[] for _ in numbers]
    for row, each in enumerate(sets):
        for label in each:
            of_label[numbers[label]].append(row)
    for members in of_label:
        together[np.ix_(members, members)] = True
    return together


def _counted(found: Found, progress: Callable[[int, int], None] | None) -> KnownCosines:
    """Count both kinds of pairs, or say that there is one kind only."""
    from embedlab.thresholds._drawing import side_of

    n_matches, n_others = int(found.is_match.sum()), int((~found.is_match).sum())
    if not n_matches or not n_others:
        raise InvalidInputError(
            f"{n_matches:,} pairs of different texts belong together, and {n_others:,} do not; both are needed to draw "
            "a line between them. Bring labels that several texts share and some do not, or more pairs."
        )
    numbers = np.unique(np.concatenate([found.first, found.second]), return_inverse=True)[1]
    first, second = numbers[: len(found.first)], numbers[len(found.first) :]

    def side(chosen: NDArray[np.bool_], done_before: int) -> Side:
        def report(done: int) -> None:
            if progress is not None:
                progress(done_before + done, 2 * N_DRAWS)

        return side_of(found.cosines[chosen], first[chosen], second[chosen], int(numbers.max()) + 1, report)

    sides = side(found.is_match, 0), side(~found.is_match, N_DRAWS)
    return KnownCosines(*sides, found.n_texts, found.n_sampled, found.n_copies)
