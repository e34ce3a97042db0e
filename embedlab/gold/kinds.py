"""What a person knows about her texts, and what embeddings are therefore held against."""

from __future__ import annotations

from collections.abc import Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from embedlab.classification import held_together
from embedlab.errors import InvalidInputError
from embedlab.evaluation import CUTOFF, CUTOFFS, check_relevant
from embedlab.texts import texts_digest
from embedlab.validation import check_same_length

MIN_OF_A_LABEL = 5


@dataclass(frozen=True, eq=False, kw_only=True)
class _Ties:
    """Where the rows of a figure come from, and which of them know of each other."""

    origin: NDArray[np.int64] | None = field(default=None, repr=False)
    shared: Sequence[object] | NDArray | None = field(default=None, repr=False)
    shared_by: str = ""
    apart: tuple[str, ...] = field(default=(), repr=False)


class Gold(_Ties):
    """Texts and what is known about them. ``n_set_aside`` rows of the table could not be used.

    ``texts`` are all that is embedded, ``corpus`` those the person has brought, ``queries`` what is looked for in them,
    and ``unit`` is what a row of a figure stands for. ``remarks`` say what of the table was not understood.
    For each row of a figure, ``origin`` is the row of the table it comes from, from 0, the first of several; None where
    there was no table. ``shared`` is what rows that know of each other have in common, such as author or ticket, which
    ``shared_by`` says in words. ``apart`` are texts that something is fitted to, and no figure is taken of.
    """

    kind: ClassVar[str]
    unit: ClassVar[str]
    texts: tuple[str, ...]
    queries: tuple[str, ...]
    n_set_aside: int
    remarks: tuple[str, ...] = ()

    @property
    def corpus(self) -> tuple[str, ...]:
        """The texts the person has brought."""
        return self.texts

    @property
    def known(self) -> str:
        """What is known, written out, so that it can be told from other knowledge about the same texts."""
        return ""

    @property
    def rows(self) -> Sequence[str]:
        """What a row of a figure is about: two rows that are about the same are no more evidence than one."""
        return self.corpus

    @cached_property
    def copies(self) -> NDArray[np.int64]:
        """A number for each row of a figure, the same for those about the same."""
        numbers: dict[str, int] = {}
        return np.array([numbers.setdefault(row, len(numbers)) for row in self.rows], dtype=np.int64)

    @cached_property
    def groups(self) -> NDArray[np.int64]:
        """A number for each row of a figure, the same for those that know of each other: copies, and what is shared.

        They are drawn and held out together, and are no neighbours of each other.
        """
        return held_together(self.copies, self.shared)

    @property
    def ties(self) -> str:
        """Says which rows are kept together, and how many groups that makes; empty where copies alone are."""
        if self.shared is None:
            return ""
        n_groups = len(np.unique(self.groups))
        return f"kept together by {self.shared_by or 'group'}: {n_groups:,} groups of {len(self.groups):,} {self.unit}"

    @cached_property
    def digest(self) -> str:
        """Names the texts and what is known about them, where they come from, and which of them know of each other."""
        ties = "" if self.shared is None else self.shared_by + self.groups.tobytes().hex()
        # A result is kept under this name with its rows of the table: those of another table would be wrong there.
        origin = "" if self.origin is None else self.origin.tobytes().hex()
        known = self.kind, self.known, ties, origin, str(len(self.texts))
        return texts_digest([*known, *self.texts, *self.queries, *self.apart])

    @property
    def key(self) -> Hashable:
        """Names the figures that are taken: the digest, and what else decides them but no embedding."""
        return self.digest


@dataclass(frozen=True, eq=False)
class Pairs(Gold):
    """Sentence pairs with the scores people gave them, on any scale that grows with similarity."""

    texts_a: tuple[str, ...]
    texts_b: tuple[str, ...]
    scores: NDArray[np.float64] = field(repr=False)
    n_set_aside: int = 0
    kind, unit, queries = "pairs", "pairs", ()

    def __post_init__(self) -> None:
        check_same_length("first texts", len(self.texts_a), "second texts", len(self.texts_b))
        check_same_length("pairs", len(self.texts_a), "scores", len(self.scores))
        if len(self.scores) < 3 or np.ptp(self.scores) == 0:
            raise InvalidInputError(
                f"There are {len(self.scores)} pairs with a score; a correlation needs three at least, and scores that "
                "differ. Check the three columns."
            )

    @cached_property
    def texts(self) -> tuple[str, ...]:  # type: ignore[override]
        """First and then second texts."""
        return (*self.texts_a, *self.texts_b)

    @property
    def rows(self) -> Sequence[str]:
        """The pairs, in either order."""
        return ["\0".join(sorted(pair)) for pair in zip(self.texts_a, self.texts_b, strict=True)]

    @property
    def known(self) -> str:
        """The scores."""
        return self.scores.tobytes().hex()


@dataclass(frozen=True, eq=False)
class Retrieval(Gold):
    """Queries, the texts they are looked up in, and which positions answer each query, with grades or without.

    The first ``top_k`` hits count; ``query_keys`` and ``text_keys`` are the ids by which a person knows both, if any.
    """

    queries: tuple[str, ...]
    texts: tuple[str, ...]
    relevant: Sequence[Collection[int] | Mapping[int, float]] = field(repr=False)
    n_set_aside: int = 0
    remarks: tuple[str, ...] = ()
    top_k: int = CUTOFF
    query_keys: tuple[str, ...] = ()
    text_keys: tuple[str, ...] = ()
    kind, unit = "retrieval", "questions"

    def __post_init__(self) -> None:
        if self.top_k not in CUTOFFS:
            raise InvalidInputError(f"top_k is {self.top_k}; choose one of {', '.join(map(str, CUTOFFS))}.")

    @cached_property
    def grades(self) -> list[dict[int, float]]:
        """The relevant texts of each query with their grades."""
        return check_relevant(self.relevant, len(self.queries), len(self.texts))

    @property
    def rows(self) -> Sequence[str]:
        """The questions."""
        return self.queries

    @property
    def known(self) -> str:
        """The relevant texts."""
        return repr([sorted(grades.items()) for grades in self.grades])

    @property
    def key(self) -> Hashable:
        """The digest, and how many hits count."""
        return self.digest, self.top_k


@dataclass(frozen=True, eq=False)
class Labelled(Gold):
    """Texts with a label each; labels with fewer than five texts have to be left out.

    Of so many nearest texts, ``n_neighbors``, it is looked at whether they have the same label.
    """

    texts: tuple[str, ...]
    labels: tuple[str, ...]
    n_set_aside: int = 0
    n_neighbors: int = CUTOFF
    kind, unit, queries = "labels", "texts", ()

    def __post_init__(self) -> None:
        check_same_length("texts", len(self.texts), "labels", len(self.labels))
        sizes = np.unique(np.array(self.labels, dtype=object).astype(str), return_counts=True)[1]
        if len(sizes) < 2 or sizes.min() < MIN_OF_A_LABEL:
            raise InvalidInputError(
                f"Labels say something when there are two at least, with {MIN_OF_A_LABEL} texts each; here are "
                f"{len(sizes)}. Choose another label column."
            )

    @cached_property
    def codes(self) -> NDArray[np.int64]:
        """The labels as numbers, shape (n,)."""
        return np.unique(np.array(self.labels, dtype=object).astype(str), return_inverse=True)[1].astype(np.int64)

    @property
    def known(self) -> str:
        """The labels."""
        return repr(self.labels)

    @property
    def key(self) -> Hashable:
        """The digest, and how many neighbours count."""
        return self.digest, self.n_neighbors

    def fitted(self) -> Labelled:
        """Return the same with no more neighbours than every text has others of its label, ten at most.

        Of more, some are of another label even where the labels lie far apart.

        Examples
        --------
        >>> Labelled(tuple("abcdefghijk"), ("x",) * 5 + ("y",) * 6).fitted().n_neighbors
        4
        """
        (codes, _), together = np.unique(np.stack([self.codes, self.groups]), axis=1, return_counts=True)
        others = np.bincount(self.codes)[codes] - together
        return replace(self, n_neighbors=int(np.clip(others.min(), 1, self.n_neighbors)))
