"""Some texts set apart, which something is fitted to, and what is known about the others, which it is judged by."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from embedlab.errors import InvalidInputError
from embedlab.gold.kinds import MIN_OF_A_LABEL, Gold, Labelled, Pairs, Retrieval
from embedlab.gold.multiple import MultiLabelled
from embedlab.gold.unlabelled import Unlabelled

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Mask = NDArray[np.bool_]
    Codes = NDArray[np.int64] | Sequence[NDArray[np.int64]]  # the labels of each unit

_SHARE = 0.3
_MOST_TEXTS = 10_000
# More would leave less to judge by than was fitted to.
_LARGEST_SHARE = 0.5


def set_apart(gold: Gold, n_texts: int, random_state: int = 0) -> Gold:
    """Set texts apart that something may be fitted to.

    Parameters
    ----------
    gold : Gold
    n_texts : int
        How many are needed at least. Three texts out of ten are taken where that is more, ten thousand at most.
    random_state : int, default=0
        Which are taken.

    Returns
    -------
    Gold
        What is known about the other texts, with those set apart in ``apart``; the given one where enough are.
        Rows that know of each other, and copies, stay together. Of a search the searched texts are divided, and
        questions of which no answer is left are left out.

    Raises
    ------
    InvalidInputError
        When more than half of the texts would be needed, or too little is left to judge by.
    """
    if len(gold.apart) >= n_texts:
        return gold
    units, groups, codes = _units(gold)
    n_wanted = max(n_texts, min(round(_SHARE * len(set(gold.corpus))), _MOST_TEXTS))
    if n_texts > _LARGEST_SHARE * len(set(gold.corpus)):
        raise InvalidInputError(_too_few(gold, n_texts))
    taken = _taken(units, groups, codes, n_wanted, random_state)
    left = others(gold, ~taken)
    known = set(left.texts)
    apart = dict.fromkeys(text for row in np.flatnonzero(taken).tolist() for text in units[row] if text not in known)
    if len(apart) < n_texts:
        raise InvalidInputError(_too_few(gold, n_texts))
    return replace(left, apart=tuple(apart))


def _units(gold: Gold) -> tuple[list[tuple[str, ...]], NDArray[np.int64], Codes | None]:
    """Return the texts of what is divided, what stays together, and the labels of each, of which some must be left."""
    if isinstance(gold, Pairs):
        return list(zip(gold.texts_a, gold.texts_b, strict=True)), gold.groups, None
    codes: Codes | None = None
    if isinstance(gold, Labelled):
        codes = gold.codes[:, None]
    elif isinstance(gold, MultiLabelled):
        codes = [np.flatnonzero(row) for row in gold.members]
    units: list[tuple[str, ...]] = [(text,) for text in gold.corpus]
    groups = np.unique(np.array(gold.texts, dtype=object).astype(str), return_inverse=True)[1]
    return units, groups if isinstance(gold, Retrieval) else gold.groups, codes


def _taken(
    units: list[tuple[str, ...]],
    groups: NDArray[np.int64],
    codes: Codes | None,
    n_wanted: int,
    random_state: int,
) -> Mask:
    """Return which units are set apart: whole groups, drawn at random, so that enough of each label is left."""
    numbers = np.unique(groups, return_inverse=True)[1]
    rows_of = np.split(np.argsort(numbers, kind="stable"), np.cumsum(np.bincount(numbers))[:-1])
    left = None if codes is None else np.bincount(np.concatenate(list(codes)))
    taken, texts = np.zeros(len(units), dtype=bool), set[str]()
    for number in np.random.default_rng(random_state).permutation(len(rows_of)).tolist():
        if len(texts) >= n_wanted:
            break
        rows = rows_of[number]
        if left is not None and codes is not None:
            own, n_own = np.unique(np.concatenate([codes[row] for row in rows.tolist()]), return_counts=True)
            if (left[own] - n_own < MIN_OF_A_LABEL).any():
                continue
            left[own] -= n_own
        taken[rows] = True
        texts.update(text for row in rows.tolist() for text in units[row])
    return taken


def others(gold: Gold, is_left: Mask) -> Gold:
    """Return what is known about the texts that are left."""
    if isinstance(gold, Retrieval):
        return _others_searched(gold, is_left)
    rows = np.flatnonzero(is_left).tolist()
    fields = {
        Pairs: ("texts_a", "texts_b", "scores"),
        Labelled: ("texts", "labels"),
        MultiLabelled: ("texts", "labels"),
        Unlabelled: ("originals",),
    }[type(gold)]
    return replace(gold, **picked(gold, ("origin", "shared", *fields), rows))


def _others_searched(gold: Retrieval, is_left: Mask) -> Gold:
    places = np.cumsum(is_left) - 1
    left = [{int(places[text]): grade for text, grade in grades.items() if is_left[text]} for grades in gold.grades]
    asked = [row for row, grades in enumerate(left) if grades]
    if not asked:
        raise InvalidInputError(
            "None of the questions has an answer among the texts that are left to judge by. Add questions, or compare "
            "what is not fitted to texts, such as dim64 or binary."
        )
    of_questions = picked(gold, ("queries", "query_keys", "origin", "shared"), asked)
    of_texts = picked(gold, ("texts", "text_keys"), np.flatnonzero(is_left).tolist())
    return replace(gold, **of_questions, **of_texts, relevant=[left[row] for row in asked])


def picked(gold: Gold, names: tuple[str, ...], rows: list[int]) -> dict[str, Any]:
    """Return some rows of each field that is given, in the form it has."""
    given = {name: values for name in names if (values := getattr(gold, name)) is not None and len(values)}
    return {
        name: values[rows] if isinstance(values, np.ndarray) else type(values)([values[row] for row in rows])
        for name, values in given.items()
    }


def _too_few(gold: Gold, n_texts: int) -> str:
    return (
        f"What is compared has to be fitted to {n_texts:,} texts, and judged by at least as many others; there are "
        f"{len(set(gold.corpus)):,} different texts. Add texts, or choose what takes fewer: a smaller number, or dim "
        "and binary, which are fitted to none."
    )
