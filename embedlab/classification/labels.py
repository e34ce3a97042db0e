"""Which labels can be learned: written as text, on two different texts at least, and not too many of them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING

import numpy as np

from embedlab.errors import InvalidInputError
from embedlab.validation import check_same_length

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Labels = Sequence[str] | Sequence[Collection[str]] | NDArray

MAX_CLASSES = 1_000
"""Most labels that are learned: a column with more of them holds numbers or names, not labels."""


def read_sets(labels: Labels, n_rows: int) -> tuple[list[tuple[str, ...]], bool]:
    """Return the labels of each row, without white space around them, and whether a row may have several."""
    check_same_length("texts", n_rows, "labels", len(labels))
    is_several = any(isinstance(each, tuple | list | set | frozenset) for each in labels)
    sets = [_read_set(each if is_several else (each,), each) for each in labels]
    return sets, is_several


def _read_set(names: object, given: object) -> tuple[str, ...]:
    if isinstance(names, str) or not isinstance(names, Collection):
        raise InvalidInputError(
            f"The label {given!r} stands among sets of labels. Give a tuple for each text, () where it has none."
        )
    if wrong := [name for name in names if not isinstance(name, str)]:
        raise InvalidInputError(f"The label {wrong[0]!r} is no text. Give strings, and '' where there is no label.")
    return tuple(dict.fromkeys(name.strip() for name in names if name.strip()))


def learnable(sets: Sequence[tuple[str, ...]], groups: NDArray[np.int64]) -> tuple[tuple[str, ...], dict[str, int]]:
    """Tell the labels with two different texts at least from those with one, which are given with their rows."""
    sizes: dict[str, int] = {}
    texts: dict[str, set[int]] = {}
    for names, group in zip(sets, groups.tolist(), strict=True):
        for name in names:
            sizes[name] = sizes.get(name, 0) + 1
            texts.setdefault(name, set()).add(group)
    classes = tuple(sorted(name for name, different in texts.items() if len(different) > 1))
    if len(classes) < 2:
        raise InvalidInputError(
            f"Learning needs two labels at least, with two different texts each; here are {len(classes)} such labels "
            f"among {len(sizes)}. Choose another label column, or label more rows."
        )
    if len(classes) > MAX_CLASSES:
        raise InvalidInputError(
            f"There are {len(classes):,} different labels; at most {MAX_CLASSES:,} can be learned. Choose another "
            "label column."
        )
    return classes, {name: sizes[name] for name in sorted(sizes.keys() - set(classes))}


def codes_of(sets: Sequence[tuple[str, ...]], classes: Sequence[str]) -> NDArray[np.int64]:
    """Return the position of the one label of each row, -1 where it has none of ``classes``, shape (n,)."""
    numbers = {name: code for code, name in enumerate(classes)}
    return np.array([numbers.get(names[0], -1) if names else -1 for names in sets], dtype=np.int64)


def members_of(sets: Sequence[tuple[str, ...]], classes: Sequence[str]) -> NDArray[np.bool_]:
    """Return which of ``classes`` each row has, shape (n, n_classes)."""
    numbers = {name: code for code, name in enumerate(classes)}
    members = np.zeros((len(sets), len(classes)), dtype=bool)
    for row, names in enumerate(sets):
        members[row, [numbers[name] for name in names if name in numbers]] = True
    if len(np.unique(members[members.any(axis=1)], axis=0)) < 2:
        raise InvalidInputError("All labelled texts have the same labels, so nothing is left to tell apart.")
    return members
