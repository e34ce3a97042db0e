"""Texts with several labels each, as what is known about them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from embedlab.classification import MAX_CLASSES
from embedlab.errors import InvalidInputError
from embedlab.gold.kinds import MIN_OF_A_LABEL, Gold, Labelled
from embedlab.validation import check_same_length


@dataclass(frozen=True, eq=False)
class MultiLabelled(Gold):
    """Texts with one label or several each; labels with fewer than five texts have to be left out."""

    texts: tuple[str, ...]
    labels: tuple[tuple[str, ...], ...]
    n_set_aside: int = 0
    remarks: tuple[str, ...] = ()
    kind, unit, queries = "several labels", "texts", ()

    def __post_init__(self) -> None:
        check_same_length("texts", len(self.texts), "sets of labels", len(self.labels))
        for labels in self.labels:
            if isinstance(labels, str) or not labels:
                raise InvalidInputError(f"The labels of a text are {labels!r}. Give a tuple with one at least: ('a',).")
        sizes = Counter(label for labels in self.labels for label in set(labels))
        if len(sizes) < 2 or min(sizes.values()) < MIN_OF_A_LABEL or len(set(map(frozenset, self.labels))) < 2:
            raise InvalidInputError(
                f"Labels say something when there are two at least, with {MIN_OF_A_LABEL} texts each, and not all "
                f"texts have the same ones; here are {len(sizes)}. Choose another label column."
            )
        if len(sizes) > MAX_CLASSES:
            raise InvalidInputError(
                f"There are {len(sizes):,} different labels; at most {MAX_CLASSES:,} can be learned. Choose another "
                "label column."
            )

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The different labels, in the order of the alphabet."""
        return tuple(sorted({label for labels in self.labels for label in labels}))

    @cached_property
    def members(self) -> NDArray[np.bool_]:
        """Whether each text has each of ``names``, shape (n, n_names)."""
        numbers = {name: number for number, name in enumerate(self.names)}
        members = np.zeros((len(self.texts), len(numbers)), dtype=bool)
        for row, labels in enumerate(self.labels):
            members[row, [numbers[label] for label in labels]] = True
        return members

    @property
    def known(self) -> str:
        """The labels, in whatever order they were given."""
        return repr([sorted(set(labels)) for labels in self.labels])


def labels_in_words(gold: Gold) -> Sequence[str] | None:
    """Return the labels of each text as one name, the same for the same labels in any order; None without labels."""
    if isinstance(gold, MultiLabelled):
        return ["; ".join(sorted(set(labels))) for labels in gold.labels]
    return gold.labels if isinstance(gold, Labelled) else None
