"""Texts with several labels each: how a cell lists them, and what is known when they are read."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from embedlab.classification import MAX_CLASSES
from embedlab.errors import InvalidInputError
from embedlab.gold.kinds import MIN_OF_A_LABEL, Gold, Labelled
from embedlab.texts import is_blank
from embedlab.validation import check_same_length

# A comma stands inside too many names of one label to part two of them.
_BETWEEN = re.compile(r"[;|]")
# Different cells that are looked at, at most: a page guesses on every run.
_LOOKED_AT = 5_000


def read_labels(cell: str) -> tuple[str, ...]:
    """Return the labels that a cell lists: a JSON list, or what stands between ``;`` or ``|``.

    Parameters
    ----------
    cell : str

    Returns
    -------
    tuple of str
        In the order of the cell, each once, without white space around it; empty for a blank cell.

    Examples
    --------
    >>> read_labels("late ;damaged; late")
    ('late', 'damaged')
    >>> read_labels('["late; at night", "damaged"]')
    ('late; at night', 'damaged')
    >>> read_labels("late, at night")
    ('late, at night',)
    """
    listed = _json_list(cell)
    parts = _BETWEEN.split(cell) if listed is None else listed
    return tuple(dict.fromkeys(part.strip() for part in parts if not is_blank(part)))


def _json_list(cell: str) -> list[str] | None:
    """Return the names and numbers of a JSON list; None for anything else."""
    if not (cell.strip().startswith("[") and cell.strip().endswith("]")):
        return None
    try:
        listed = json.loads(cell)
    except (ValueError, RecursionError):
        return None
    filled = [each for each in listed if each is not None]
    return [str(each) for each in filled] if all(isinstance(each, str | int | float) for each in filled) else None


def has_several_labels(cells: Iterable[str]) -> bool:
    """Return whether a column seems to list several labels in a cell.

    Most of the labels that stand beside another must stand in a cell with other labels, too, or alone. So a name such
    as ``Research; Development`` stays one label, however often it comes, and so do the steps of a tree:
    ``Home | Kitchen``, ``Home | Garden``.

    Parameters
    ----------
    cells : iterable of str

    Examples
    --------
    >>> has_several_labels(["late;damaged", "late", "damaged"]), has_several_labels(["R; D", "Sales", "R; D"])
    (True, False)
    """
    sets = {frozenset(read_labels(cell)) for cell in islice(dict.fromkeys(cells), _LOOKED_AT)}
    n_sets = Counter(label for labels in sets for label in labels)
    listed = {label for labels in sets if len(labels) > 1 for label in labels}
    return 2 * sum(n_sets[label] > 1 for label in listed) > len(listed)


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
