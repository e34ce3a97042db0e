"""The order in which examples are learned from: of like length, and nothing in a batch that would teach a falsehood."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import TYPE_CHECKING

import numpy as np

from embedlab.errors import InvalidInputError
from embedlab.examples.kinds import Examples, LabelledTexts, ScoredPairs, Texts, Triplets
from embedlab.texts import fold_text
from embedlab.validation import check_integer

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

BATCHINGS = ("apart", "together", "any")
"""No label twice in a batch; each label of a batch twice at least; whatever is of like length."""

# Lengths are told apart this coarsely: within a class the order is another one in every epoch.
_CLASSES_OF_LENGTH = 1.25


def draw_batches(
    examples: Examples,
    batch_size: int = 16,
    *,
    batching: str = "apart",
    lengths: ArrayLike | None = None,
    epoch: int = 0,
    random_state: int = 0,
) -> list[NDArray[np.int64]]:
    """Deal the examples of one epoch into batches, each once.

    Parameters
    ----------
    examples : Examples
    batch_size : int, default=16
        Examples in a batch, at most.
    batching : {"apart", "together", "any"}, default="apart"
        ``"apart"`` is for losses that take the other examples of a batch for negatives: no text stands in a batch
        twice (whatever case, spaces and punctuation), and of examples made of labels no label. ``"together"`` is for
        losses that look for positives in the batch: each label in it has two texts at least. ``"any"`` looks at
        lengths alone.
    lengths : array-like of shape (n,), optional
        Tokens of each example; the characters of its longest text where not given.
    epoch, random_state : int
        The same bits for the same two numbers.

    Returns
    -------
    list of int64 array
        Rows of ``examples``. Those of a batch are of like length, so that little of it is padding; the batches are in
        random order.

    Raises
    ------
    InvalidInputError
        For an unknown batching, or ``"together"`` without labels.
    """
    check_integer(batch_size, "batch_size", 1)
    if batching not in BATCHINGS:
        raise InvalidInputError(f"There is no batching {batching!r}. Choose one of: {', '.join(BATCHINGS)}.")
    rng = np.random.default_rng([random_state, epoch])
    order = _by_length(_lengths(examples) if lengths is None else np.asarray(lengths), rng)
    if batching == "together":
        batches = _together(examples, order, batch_size)
    elif batching == "apart":
        batches = _apart(_signs(examples), order, batch_size)
    else:
        batches = [order[start : start + batch_size] for start in range(0, len(order), batch_size)]
    return [batches[place] for place in rng.permutation(len(batches))]


def _lengths(examples: Examples) -> NDArray[np.int64]:
    return np.max([[len(text) for text in column] for column in examples.columns], axis=0)


def _by_length(lengths: NDArray, rng: np.random.Generator) -> NDArray[np.int64]:
    """Return the rows from short to long, in random order where they are of nearly one length."""
    classes = np.floor(np.log(np.maximum(lengths, 1)) / np.log(_CLASSES_OF_LENGTH))
    order = rng.permutation(len(lengths))
    return order[np.argsort(classes[order], kind="stable")]


def _signs(examples: Examples) -> list[tuple[Hashable, ...]]:
    """Return for each example what no two of a batch may have in common."""
    signs: list[list[Hashable]] = [[fold_text(text) for text in row] for row in zip(*examples.columns, strict=True)]
    members = examples.targets if isinstance(examples, LabelledTexts) else getattr(examples, "members", None)
    if members is not None:
        for row, member in zip(signs, members.tolist(), strict=True):
            row.append(member)
    return [tuple(dict.fromkeys(row)) for row in signs]


def _apart(signs: list[tuple[Hashable, ...]], order: NDArray[np.int64], batch_size: int) -> list[NDArray[np.int64]]:
    """Put each row into the first batch that has room and nothing in common with it."""
    batches: list[list[int]] = []
    is_open: list[int] = []
    present: list[set[Hashable]] = []
    for row in order.tolist():
        place = next((place for place in is_open if present[place].isdisjoint(signs[row])), len(batches))
        if place == len(batches):
            batches.append([])
            present.append(set())
            is_open.append(place)
        batches[place].append(row)
        present[place].update(signs[row])
        if len(batches[place]) == batch_size:
            is_open.remove(place)
    return [np.array(batch, dtype=np.int64) for batch in batches]


def _together(examples: Examples, order: NDArray[np.int64], batch_size: int) -> list[NDArray[np.int64]]:
    """Deal out pairs of one label, of like length, and then batches of such pairs."""
    if not isinstance(examples, LabelledTexts):
        raise InvalidInputError("Batches of labels that stand together need labels. Choose another batching.")
    if batch_size < 4:
        raise InvalidInputError(f"Two texts of two labels do not fit in a batch of {batch_size}; choose 4 at least.")
    waiting: dict[int, int] = {}
    pairs: list[tuple[int, ...]] = []
    for row in order.tolist():
        label = int(examples.targets[row])
        if label in waiting:
            pairs.append((waiting.pop(label), row))
        else:
            waiting[label] = row
    last = {int(examples.targets[pair[0]]): place for place, pair in enumerate(pairs)}
    for label, row in waiting.items():  # One of an odd number goes with a pair; one alone has nobody.
        if label in last:
            pairs[last[label]] += (row,)
    batches: list[list[int]] = [[]]
    for pair in pairs:
        if len(batches[-1]) + len(pair) > batch_size:
            batches.append([])
        batches[-1] += pair
    return [np.array(batch, dtype=np.int64) for batch in batches]


def pairs_of_labels(examples: LabelledTexts, *, epoch: int = 0, random_state: int = 0) -> Triplets:
    """Return a pair for each text whose label has another: the text and one of those, drawn anew in every epoch.

    Parameters
    ----------
    examples : LabelledTexts
    epoch, random_state : int
        The same pairs for the same two numbers.

    Returns
    -------
    Triplets
        Without negatives; ``members`` are the labels, so that :func:`draw_batches` keeps them apart.
    """
    rows, others = _mates(examples, np.random.default_rng([random_state, epoch]))
    return Triplets(
        tuple(examples.labelled[row] for row in rows),
        tuple(examples.labelled[row] for row in others),
        members=examples.targets[rows],
    )


def triplets_of_labels(examples: LabelledTexts, *, epoch: int = 0, random_state: int = 0) -> Triplets:
    """Return the pairs of :func:`pairs_of_labels`, each with a text of another label, drawn at random."""
    rng = np.random.default_rng([random_state, epoch])
    rows, others = _mates(examples, rng)
    strangers = _strangers(examples, rows, rng)
    anchors, positives, negatives = (
        tuple(examples.labelled[row] for row in each) for each in (rows, others, strangers)
    )
    return Triplets(anchors, positives, negatives, members=examples.targets[rows])


def contrasts_of_labels(examples: LabelledTexts, *, epoch: int = 0, random_state: int = 0) -> ScoredPairs:
    """Return two pairs for each text: with one of its label, scored 1, and with one of another, scored 0."""
    rng = np.random.default_rng([random_state, epoch])
    rows, others = _mates(examples, rng)
    strangers = _strangers(examples, rows, rng)
    texts = np.array(examples.labelled, dtype=object)
    return ScoredPairs(
        tuple(texts[np.tile(rows, 2)]),
        tuple(texts[np.concatenate([others, strangers])]),
        np.repeat([1.0, 0.0], len(rows)),
    )


def twins(examples: Texts) -> Triplets:
    """Return each text with itself: dropout makes two readings of it (SimCSE)."""
    return Triplets(examples.alone, examples.alone)


def _mates(examples: LabelledTexts, rng: np.random.Generator) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the rows whose label has a different text, and such a row for each of them."""
    folded = np.unique([fold_text(text) for text in examples.labelled], return_inverse=True)[1]
    found: list[tuple[int, int]] = []
    for label in range(int(examples.targets.max()) + 1):
        members = np.flatnonzero(examples.targets == label)
        for row in members.tolist():
            different = members[folded[members] != folded[row]]
            if len(different):
                found.append((row, int(rng.choice(different))))
    rows = np.array(sorted(found), dtype=np.int64)
    return rows[:, 0], rows[:, 1]


def _strangers(
    examples: LabelledTexts, rows: Sequence[int] | NDArray[np.int64], rng: np.random.Generator
) -> NDArray[np.int64]:
    """Return a row of another label for each row."""
    return np.array(
        [rng.choice(np.flatnonzero(examples.targets != examples.targets[row])) for row in rows], dtype=np.int64
    )
