"""What a model learns from: labels, scored pairs, pairs and triplets, translations, or texts alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar, Self

import numpy as np

from embedlab.classification import held_together
from embedlab.errors import InvalidInputError
from embedlab.texts import fold_text, near_copies, texts_digest
from embedlab.validation import check_same_length

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True, eq=False, kw_only=True)
class _Ties:
    """Where examples come from, and which of them know of each other."""

    n_set_aside: int = 0
    remarks: tuple[str, ...] = ()
    origin: NDArray[np.int64] | None = field(default=None, repr=False)
    shared: Sequence[object] | NDArray | None = field(default=None, repr=False)


class Examples(_Ties):
    """Some examples, a row each. What a :class:`~embedlab.gold.Gold` judges by, these are learned from.

    ``columns`` are the texts of the examples, one to three of them each, in the order in which losses of
    sentence-transformers take them; ``targets`` is what a loss is told beside them. ``n_set_aside`` rows of the table
    could not be used, and ``remarks`` say why. ``origin`` is the row of the table of each example, where there was
    one, and ``shared`` what examples that know of each other have in common, such as author or ticket.
    """

    kind: ClassVar[str]
    unit: ClassVar[str]
    _text_fields: ClassVar[tuple[str, ...]]
    # What else is given a row.
    _row_fields: ClassVar[tuple[str, ...]] = ()

    def __post_init__(self) -> None:
        given = {name: values for name in self._fields if (values := getattr(self, name)) is not None}
        (first, n_rows), *others = ((name, len(values)) for name, values in given.items())
        for name, n_others in others:
            check_same_length(first, n_rows, name, n_others)
        if n_rows < 2:
            raise InvalidInputError(f"There are {n_rows} {self.unit} to learn from; two are needed at least.")

    @property
    def _fields(self) -> tuple[str, ...]:
        return (*self._text_fields, *self._row_fields, "origin", "shared")

    def __len__(self) -> int:
        return len(self.columns[0])

    @property
    def columns(self) -> tuple[tuple[str, ...], ...]:
        """The texts of the examples, a tuple of n texts for each place an example has."""
        return tuple(getattr(self, name) for name in self._text_fields if getattr(self, name) is not None)

    @property
    def targets(self) -> NDArray | None:
        """What a loss is told of each example, shape (n,): label numbers or scores; None where there is nothing."""
        return None

    @property
    def texts(self) -> tuple[str, ...]:
        """Every different text, in the order in which they turn up."""
        return tuple(dict.fromkeys(text for column in self.columns for text in column))

    @cached_property
    def digest(self) -> str:
        """Names the texts and what is known about them."""
        told = [repr(list(values)) for name in self._row_fields if (values := getattr(self, name)) is not None]
        widths = [str(len(column)) for column in self.columns]
        return texts_digest([self.kind, *widths, *told, *(text for column in self.columns for text in column)])

    @cached_property
    def groups(self) -> NDArray[np.int64]:
        """A number for each example, the same for those that must lie on one side when some are held out.

        Those with an equal text, whatever case, spaces and punctuation (negatives, which nothing is known about, do
        not count), and those of one of ``shared``.
        """
        numbers: dict[str, int] = {}
        columns = [
            np.array([numbers.setdefault(fold_text(text), len(numbers)) for text in column], dtype=np.int64)
            for column in self.columns[:2]
        ]
        groups = held_together(columns[0], self.shared)
        return groups if len(columns) == 1 else _joined(groups, columns)

    def take(self, rows: Sequence[int] | NDArray[np.int64]) -> Self:
        """Return some of the examples, in the order of ``rows``."""
        places = [int(row) for row in rows]
        given = {name: values for name in self._fields if (values := getattr(self, name)) is not None}
        taken: dict[str, Any] = {
            name: values[places] if isinstance(values, np.ndarray) else tuple(values[place] for place in places)
            for name, values in given.items()
        }
        return replace(self, **taken)


def near_tied(examples: Examples) -> Examples:
    """Return the examples with those of nearly equal texts on one side as well; see :func:`embedlab.texts.near_copies`.

    Examples
    --------
    >>> texts = Texts(("Where is my parcel?", "Where is my parcell?", "Where is my order?"))
    >>> near_tied(texts).groups.tolist()
    [0, 0, 1]
    """
    columns = examples.columns[:2]
    numbers = near_copies([text for column in columns for text in column])
    return replace(examples, shared=_joined(examples.groups, np.split(numbers, len(columns))))


def _joined(groups: NDArray[np.int64], columns: list[NDArray[np.int64]]) -> NDArray[np.int64]:
    """Join groups of rows over the texts of all columns: a text is a node, and so is a group."""
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import connected_components

    first = groups.max() + 1
    size = int(first + max(column.max() for column in columns) + 1)
    ends = np.concatenate([first + column for column in columns])
    graph = csr_array((np.ones(len(ends)), (np.tile(groups, len(columns)), ends)), shape=(size, size))
    found = connected_components(graph, directed=False)[1][groups]
    return np.unique(found, return_inverse=True)[1].astype(np.int64)


@dataclass(frozen=True, eq=False)
class LabelledTexts(Examples):
    """Texts with a label each: two labels at least, and a label with two different texts."""

    labelled: tuple[str, ...]
    labels: tuple[str, ...]
    kind, unit, _text_fields, _row_fields = "labels", "texts", ("labelled",), ("labels",)

    def __post_init__(self) -> None:
        super().__post_init__()
        different = {(label, fold_text(text)) for label, text in zip(self.labels, self.labelled, strict=True)}
        if len(set(self.labels)) < 2 or len(different) == len(set(self.labels)):
            raise InvalidInputError(
                f"Labels teach something when there are two at least, and two different texts of one of them; here "
                f"are {len(set(self.labels))} labels of {len(different)} different texts. Choose another label column."
            )

    @cached_property
    def targets(self) -> NDArray[np.int64]:
        """The labels as numbers, in the order of the alphabet."""
        return np.unique(np.array(self.labels, dtype=object).astype(str), return_inverse=True)[1].astype(np.int64)


@dataclass(frozen=True, eq=False)
class ScoredPairs(Examples):
    """Pairs of texts with how similar they are, on any scale that grows with similarity."""

    texts_a: tuple[str, ...]
    texts_b: tuple[str, ...]
    scores: NDArray[np.float64] = field(repr=False)
    kind, unit, _text_fields, _row_fields = "scores", "pairs", ("texts_a", "texts_b"), ("scores",)

    def __post_init__(self) -> None:
        super().__post_init__()
        if not np.isfinite(self.scores).all() or np.ptp(self.scores) == 0:
            raise InvalidInputError(
                f"The {len(self.scores)} scores are all the same or not all numbers; scores that differ are needed. "
                "Check the three columns."
            )

    @cached_property
    def targets(self) -> NDArray[np.float32]:
        """The scores brought to 0 to 1: their smallest is 0, their largest 1."""
        return ((self.scores - self.scores.min()) / np.ptp(self.scores)).astype(np.float32)


@dataclass(frozen=True, eq=False)
class Triplets(Examples):
    """Anchors, such as questions, with what belongs to each and, where known, what does not although it is near.

    ``searched`` are further texts among which the positives are looked for; nothing is learned from them.
    ``members`` are the labels of pairs that were made of labels, as numbers: two pairs of one label in a batch would
    be false negatives of each other.
    """

    anchors: tuple[str, ...]
    positives: tuple[str, ...]
    negatives: tuple[str, ...] | None = None
    searched: tuple[str, ...] = field(default=(), repr=False)
    members: NDArray[np.int64] | None = field(default=None, repr=False)
    unit, _text_fields, _row_fields = "pairs", ("anchors", "positives", "negatives"), ("members",)

    @property
    def kind(self) -> str:  # type: ignore[override]
        """``"triplets"`` with negatives, ``"pairs"`` without."""
        return "pairs" if self.negatives is None else "triplets"


@dataclass(frozen=True, eq=False)
class Translations(Examples):
    """Texts in a language the model knows, with what they say in another, which it shall learn to read alike."""

    sources: tuple[str, ...]
    translations: tuple[str, ...]
    kind, unit, _text_fields = "translations", "translations", ("sources", "translations")


@dataclass(frozen=True, eq=False)
class Texts(Examples):
    """Texts alone."""

    alone: tuple[str, ...]
    kind, unit, _text_fields = "texts", "texts", ("alone",)
