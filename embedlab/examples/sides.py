"""The two sides of a split: examples to learn from, and what is known about the others, which figures are taken of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from embedlab.examples.kinds import Examples, LabelledTexts, ScoredPairs, Texts, Triplets
from embedlab.gold import Gold, Labelled, Pairs, Retrieval, Unlabelled
from embedlab.texts import fold_text

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Mask = NDArray[np.bool_]


def sides(
    examples: Examples, is_held: Mask, is_left: Mask, share: float, rng: np.random.Generator
) -> tuple[Examples, Gold]:
    """Return what is learned from and what is measured.

    A triplet whose negative is held out is in neither; a share of the texts that are only searched is held out.
    """
    train, held = examples.take(np.flatnonzero(is_left)), examples.take(np.flatnonzero(is_held))
    kept: dict[str, Any] = {"origin": held.origin, "shared": held.shared}
    match held:
        case LabelledTexts():
            return train, Labelled(held.labelled, held.labels, **kept)
        case ScoredPairs():
            return train, Pairs(held.texts_a, held.texts_b, held.scores, **kept)
        case Texts():
            return train, Unlabelled(held.alone, **kept)
    if not isinstance(train, Triplets) or not isinstance(held, Triplets):
        return train, _searched(held, (), kept)
    seen = {fold_text(text) for column in train.columns[:2] for text in column}
    only_searched = [text for text in held.searched if fold_text(text) not in seen]
    is_measured = rng.random(len(only_searched)) < share
    measured = [text for text, taken in zip(only_searched, is_measured, strict=True) if taken]
    gold = _searched(held, [*measured, *(text for text in held.negatives or () if fold_text(text) not in seen)], kept)
    return _unseen(train, gold), gold


def _searched(held: Examples, others: Sequence[str], kept: dict[str, Any]) -> Retrieval:
    """Return the first texts as questions, and the second ones, with others, as what is searched."""
    asked, answers = held.columns[:2]
    texts = {text: place for place, text in enumerate(dict.fromkeys([*answers, *others]))}
    relevant: dict[str, set[int]] = {}
    rows: dict[str, int] = {}
    for row, (question, answer) in enumerate(zip(asked, answers, strict=True)):
        relevant.setdefault(question, set()).add(texts[answer])
        rows.setdefault(question, row)
    first = list(rows.values())
    for name, values in kept.items():
        kept[name] = None if values is None else np.asarray(values)[first]
    return Retrieval(tuple(relevant), tuple(texts), list(relevant.values()), **kept)


def _unseen(train: Triplets, gold: Retrieval) -> Triplets:
    """Leave out of what is learned from, and of what may be, each text that is measured."""
    measured = {fold_text(text) for text in (*gold.texts, *gold.queries)}
    if train.negatives is not None:
        train = train.take([row for row, text in enumerate(train.negatives) if fold_text(text) not in measured])
    return replace(train, searched=tuple(text for text in train.searched if fold_text(text) not in measured))
