"""Rows that say the same: pairs found once, groups at any threshold at once.

Two rows are *exact* duplicates when their texts are the same, and *near* duplicates when the cosine of their embeddings
is high. What counts as high differs from model to model, so a threshold is chosen by looking.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from embedlab.duplicates.alike import best_within, find_copies, first_equal, overlapping_pairs
from embedlab.duplicates.groups import DuplicateGroups, by_size, equal_texts
from embedlab.errors import InvalidInputError
from embedlab.limits import check_memory
from embedlab.rows import ROUNDING, normalize_rows
from embedlab.validation import as_embeddings, check_integer, check_same_length, check_texts

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from embedlab.texts import Passages

FLOORS = (0.8, 0.6, 0.4, 0.2)
"""Cosines from which pairs may be looked for on the page; the first is where one begins."""

MAX_PAIRS = 2_000_000
"""Pairs that are held, of some 32 bytes each."""


@dataclass(frozen=True, eq=False)
class DuplicateCurve:
    """What each threshold would find.

    Parameters
    ----------
    thresholds : float64 array of shape (m,)
        Rising, from the floor to 1.
    n_pairs, n_groups, n_removed : int64 arrays of shape (m,)
        Pairs of rows that are alike, groups they form, rows that go when one of each group is kept.
    """

    thresholds: NDArray[np.float64]
    n_pairs: NDArray[np.int64]
    n_groups: NDArray[np.int64]
    n_removed: NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Duplicates:
    """All pairs of rows whose cosine is at least ``floor``. Made by :func:`find_duplicates`.

    Parameters
    ----------
    texts : list of str of length n
    embeddings : float32 array of shape (n, d)
    copy_of : int64 array of shape (n,)
        First row with the same text or the same embedding; its own number for a row that repeats none before it.
    i, j : int32 arrays of shape (n_pairs,)
        Pairs of different rows, ``i < j``. Each stands for all pairs of their copies.
    similarity : float32 array of shape (n_pairs,)
        Their cosines, falling.
    floor : float
        Smallest cosine of a pair that is held: what was asked for, or more where there were more than ``max_pairs``.
    counts : int64 array of shape (n_pairs + 1, 3)
        Pairs of rows, groups, and rows removed with the first 0, 1, … pairs; copies are joined from the start.
    """

    texts: Sequence[str]
    embeddings: NDArray[np.float32]
    copy_of: NDArray[np.int64]
    i: NDArray[np.int32]
    j: NDArray[np.int32]
    similarity: NDArray[np.float32]
    floor: float
    counts: NDArray[np.int64]

    def at(self, threshold: float) -> DuplicateGroups:
        """Return the groups of rows that are joined, directly or over others, by pairs of at least this cosine.

        Parameters
        ----------
        threshold : float
            From ``floor`` to 1; rounding of 1e-6 is allowed for.

        Returns
        -------
        DuplicateGroups

        Raises
        ------
        InvalidInputError
            For a threshold outside of these limits.
        """
        from scipy.sparse import coo_array
        from scipy.sparse.csgraph import connected_components

        if not self.floor <= threshold <= 1.0:
            raise InvalidInputError(
                f"threshold={threshold} is out of reach: pairs are known from {self.floor:.3f} to 1. Choose a number "
                "between them, or find duplicates with another floor."
            )
        n, n_pairs = len(self.copy_of), int(self._n_first(threshold))
        joining = self._joining[: np.searchsorted(self._joining, n_pairs)]
        copies = np.flatnonzero(self.copy_of != np.arange(n))
        i, j = np.append(self.i[joining], self.copy_of[copies]), np.append(self.j[joining], copies)
        graph = coo_array((np.ones(len(i), dtype=np.int8), (i, j)), shape=(n, n))
        labels = connected_components(graph, directed=False)[1]
        return DuplicateGroups(by_size(labels), int(self.counts[n_pairs, 0]), self.texts, self.embeddings)

    def exact(self, *, fold: bool = False) -> DuplicateGroups:
        """Return the groups of rows with the same text, sign by sign; embeddings play no part.

        Parameters
        ----------
        fold : bool, default=False
            Let texts count as the same that differ in case, spaces and punctuation alone
            (:func:`embedlab.texts.content.fold_text`).

        Returns
        -------
        DuplicateGroups
        """
        return self._folded if fold else self._exact

    def curve(self, n_thresholds: int = 101) -> DuplicateCurve:
        """Return what evenly spaced thresholds from the floor to 1 would find.

        Parameters
        ----------
        n_thresholds : int, default=101

        Returns
        -------
        DuplicateCurve
        """
        thresholds = np.linspace(self.floor, 1.0, check_integer(n_thresholds, "n_thresholds", 2))
        return DuplicateCurve(thresholds, *self.counts[self._n_first(thresholds)].T)

    def _n_first(self, thresholds: ArrayLike) -> NDArray[np.int64]:
        """Count the pairs of at least these cosines."""
        return np.searchsorted(-self.similarity, ROUNDING - np.asarray(thresholds), side="right")

    @cached_property
    def _joining(self) -> NDArray[np.int64]:
        """Positions of the pairs that brought two groups together: they alone decide what is joined at a threshold."""
        return np.flatnonzero(np.diff(self.counts[:, 2]))

    @cached_property
    def _exact(self) -> DuplicateGroups:
        return equal_texts(self.texts, self.embeddings)

    @cached_property
    def _folded(self) -> DuplicateGroups:
        return equal_texts(self.texts, self.embeddings, fold=True)


def find_duplicates(
    texts: Sequence[str],
    embeddings: ArrayLike,
    floor: float = FLOORS[0],
    *,
    unread: Sequence[str] | None = None,
    passages: Passages | None = None,
    max_pairs: int = MAX_PAIRS,
    progress: Callable[[int, int], None] | None = None,
) -> Duplicates:
    """Find all pairs of texts that are at least so similar, once for all thresholds above.

    Parameters
    ----------
    texts : sequence of str of length n
    embeddings : array-like of shape (n, d)
    floor : float, default=0.8
        Smallest cosine of a pair, in [-1, 1].
    unread : sequence of str of length n, optional
        What the encoder did not read of each text, the ``parts`` of :meth:`Encoder.unread`. Only texts of which the
        same is unread are compared: of the others no cosine tells whether they say the same.
    passages : Passages, optional
        Where passages stand in their documents: two that overlap make no pair, nor copies of them.
    max_pairs : int, default=MAX_PAIRS
        Where more pairs of different rows are found, the best are held and ``Duplicates.floor`` says from where on.
    progress : callable, default=None
        Called with the pairs compared so far and all pairs now and then; what it raises ends the work.

    Returns
    -------
    Duplicates

    Raises
    ------
    InvalidInputError
        When there is not one embedding or one unread part a text, for a floor outside of [-1, 1], and for ``max_pairs``
        below 1.
    NotEnoughMemoryError
        When it would not fit in memory.

    Notes
    -----
    Exact, in memory for the rows and the pairs: see :func:`embedlab.similarity.best_pairs`. Rows with the same text, or
    with embeddings that agree in five decimals, are compared once: ten thousand copies of one text are one group and
    not fifty million pairs. An embedding of zeros has no direction and is like no other; rows with its text are still
    its copies.

    Examples
    --------
    >>> found = find_duplicates(["a", "b", "a", "c"], [[1.0, 0.0], [0.8, 0.6], [1.0, 0.0], [0.0, 1.0]])
    >>> found.at(0.9).labels.tolist(), found.at(0.8).labels.tolist()
    ([0, -1, 0, -1], [0, 0, 0, -1])

    A model that knows no emoji gives two of these texts one embedding.

    >>> found = find_duplicates(["Great! 👍", "Great! 👎"], [[1.0, 0.0], [1.0, 0.0]], unread=["👍", "👎"])
    >>> found.at(0.9).n_groups
    0
    """
    texts, rows = check_texts(texts), as_embeddings(embeddings)
    check_same_length("texts", len(texts), "embeddings", len(rows))
    missed = [""] * len(texts) if unread is None else check_texts(unread)
    check_same_length("texts", len(texts), "unread", len(missed))
    check_integer(max_pairs, "max_pairs", 1)
    if not -1.0 <= floor <= 1.0:
        raise InvalidInputError(f"floor={floor} is no cosine; choose a number from -1 to 1.")
    check_memory("duplicates", *rows.shape)
    from embedlab.duplicates._joining import count_joined

    read_alike = first_equal(missed)
    copy_of = find_copies(texts, rows, read_alike)
    different = np.unique(copy_of)
    unit = normalize_rows(rows[different])
    left_out = overlapping_pairs(passages, np.searchsorted(different, copy_of))
    most = max_pairs + 1  # One more than can be held tells whether there are more.
    i, j, similarity = best_within(unit, read_alike[different], floor - ROUNDING, most, progress, left_out)
    if len(similarity) > max_pairs:
        floor = float(np.nextafter(similarity[-1], np.float32(2.0))) + ROUNDING
        held = np.count_nonzero(similarity > similarity[-1])
        i, j, similarity = i[:held], j[:held], similarity[:held]
    first, second = different[i].astype(np.int32), different[j].astype(np.int32)
    n_copies = np.bincount(copy_of, minlength=len(rows))
    counts = np.empty((len(first) + 1, 3), dtype=np.int64)
    counts[0] = (n_copies * (n_copies - 1) // 2).sum(), (n_copies > 1).sum(), len(rows) - len(different)
    count_joined(first, second, n_copies, n_copies.copy(), counts)
    return Duplicates(texts, rows, copy_of, first, second, np.clip(similarity, -1.0, 1.0), min(floor, 1.0), counts)
