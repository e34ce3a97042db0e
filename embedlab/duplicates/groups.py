"""Groups of rows that say the same, and which row of each is kept."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from embedlab.compute import one_blas_thread
from embedlab.duplicates.alike import first_equal
from embedlab.errors import InvalidInputError
from embedlab.rows import normalize_rows, sample_positions
from embedlab.texts import fold_text
from embedlab.validation import check_same_length

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

MAX_COMPARED = 300
"""Members of a group that are all compared with each other; of a larger group so many, drawn at random."""


@dataclass(frozen=True, eq=False)
class DuplicateGroups:
    """Rows that say the same, in groups. Made by :meth:`Duplicates.at` and :meth:`Duplicates.exact`.

    Parameters
    ----------
    labels : int64 array of shape (n,)
        Group of each row, the largest group 0, equally large ones by their first row; -1 for a row without duplicate.
    n_pairs : int
        Pairs of rows that are alike. A group may hold fewer than all its pairs, as in a chain A ~ B ~ C.
    texts : list of str of length n
    embeddings : float32 array of shape (n, d)
    """

    labels: NDArray[np.int64]
    n_pairs: int
    texts: Sequence[str]
    embeddings: NDArray[np.float32]

    @property
    def n_groups(self) -> int:
        """Number of groups."""
        return int(self.labels.max(initial=-1)) + 1

    @property
    def n_removed(self) -> int:
        """Rows that go when one row of each group is kept."""
        return len(self.members) - self.n_groups

    @cached_property
    def groups(self) -> list[NDArray[np.int64]]:
        """The rows of each group, the largest group first, rows rising."""
        return np.split(self.members, self.starts[1:]) if self.n_groups else []

    def lowest_similarities(self, n_groups: int | None = None) -> NDArray[np.float32]:
        """Return the lowest cosine between two rows of each of the first ``n_groups`` groups, all when None.

        It shows chains: A is like B and B like C, but A and C are not alike. Of groups with more than ``MAX_COMPARED``
        rows that number is compared, drawn at random: the lowest of all may be lower.

        Returns
        -------
        float32 array of shape (n_groups,)
        """
        return np.array([self._lowest(rows) for rows in self.groups[:n_groups]], dtype=np.float32)

    @one_blas_thread
    def similarities_to(self, row: int, rows: NDArray[np.int64]) -> NDArray[np.float32]:
        """Return the cosine of one row with each of some rows, float32 array of shape (len(rows),)."""
        unit = normalize_rows(self.embeddings[np.append(row, rows)])
        return np.clip(unit[1:] @ unit[0], -1.0, 1.0)

    def keep(self, policy: str = "first", values: ArrayLike | None = None) -> NDArray[np.bool_]:
        """Return which rows stay when one row of each group is kept.

        Parameters
        ----------
        policy : str, default="first"
            Name in ``KEEP_POLICIES``; among equals the first row is kept.
        values : array-like of n numbers, default=None
            What ``"largest"`` and ``"smallest"`` go by; NaN comes last. :func:`sortable` makes them from a column.

        Returns
        -------
        bool array of shape (n,)
            True for the kept row of each group and for every row without duplicate.

        Raises
        ------
        InvalidInputError
            For an unknown policy, and for values that are missing or not one a row.
        """
        if policy not in KEEP_POLICIES:
            raise InvalidInputError(f"policy={policy!r} is unknown; choose one of {', '.join(KEEP_POLICIES)}.")
        if KEEP_POLICIES[policy].needs_values:
            if values is None:
                raise InvalidInputError(f"policy={policy!r} needs the values of a column, one number a row.")
            check_same_length("texts", len(self.texts), "values", np.size(values))
        kept = self.labels < 0
        if not self.n_groups:
            return kept
        numbers = np.zeros(len(kept)) if values is None else np.asarray(values, dtype=np.float64)
        rows = self.members
        scores = KEEP_POLICIES[policy].score(self, numbers[rows])
        # NaN sorts last.
        best_first = rows[np.lexsort((rows, -scores, self.labels[rows]))]
        kept[best_first[self.starts]] = True
        return kept

    @cached_property
    def members(self) -> NDArray[np.int64]:
        """Rows that have a duplicate, group by group."""
        order = np.argsort(self.labels, kind="stable")
        return order[np.count_nonzero(self.labels < 0) :]

    @cached_property
    def starts(self) -> NDArray[np.int64]:
        """Where each group begins among the members."""
        return np.searchsorted(self.labels[self.members], np.arange(self.n_groups))

    @one_blas_thread
    def _lowest(self, rows: NDArray[np.int64]) -> float:
        unit = normalize_rows(self.embeddings[rows[sample_positions(len(rows), MAX_COMPARED, 0)]])
        # Rows of the same text count as equal, even those without direction.
        return float((unit @ unit.T).min()) if unit.any() else 1.0


def equal_texts(texts: Sequence[str], embeddings: NDArray[np.float32], *, fold: bool = False) -> DuplicateGroups:
    """Return the groups :meth:`Duplicates.exact` does, for which no pair need be known.

    Parameters
    ----------
    texts : sequence of str of length n
    embeddings : float32 array of shape (n, d)
        Play no part in it; they tell which text of a group is the most typical.
    fold : bool, default=False

    Returns
    -------
    DuplicateGroups
    """
    first = first_equal(map(fold_text, texts) if fold else texts)
    n_copies = np.bincount(first)
    return DuplicateGroups(by_size(first), int((n_copies * (n_copies - 1) // 2).sum()), texts, embeddings)


def sortable(column: Sequence[object]) -> NDArray[np.float64] | None:
    """Return the values of a column as numbers that sort like them, or None where they are neither numbers nor dates.

    Parameters
    ----------
    column : sequence of length n
        Cells as they are in the table, mostly texts; dates as ISO 8601 writes them, such as ``2026-11-21``.

    Returns
    -------
    float64 array of shape (n,) or None
        NaN for empty cells; dates as nanoseconds since 1970.
    """
    import pandas as pd

    cells = pd.Series(
        [None if str(cell).strip() in ("", "None", "nan") else str(cell) for cell in column], dtype=object
    )
    filled = cells.notna()
    numbers = pd.to_numeric(cells, errors="coerce")
    if filled.any() and numbers[filled].notna().all():
        return numbers.to_numpy(dtype=np.float64)
    dates = pd.to_datetime(cells, errors="coerce", format="ISO8601", utc=True)
    if filled.any() and dates[filled].notna().all():
        return np.where(filled, dates.astype("int64"), np.nan)
    return None


def by_size(labels: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return new numbers of groups, the largest first, equally large ones by their first row; rows alone get -1."""
    _, first, inverse, sizes = np.unique(labels, return_index=True, return_inverse=True, return_counts=True)
    numbers = np.full(len(sizes), -1)
    order = np.lexsort((first, -sizes))[: np.count_nonzero(sizes > 1)]
    numbers[order] = np.arange(len(order))
    return numbers[inverse]


def _by_length(groups: DuplicateGroups) -> NDArray[np.float64]:
    return np.array([len(groups.texts[row]) for row in groups.members.tolist()], dtype=np.float64)


def _by_mean_cosine(groups: DuplicateGroups) -> NDArray[np.float64]:
    """Mean cosine to the other rows of the group; the sum of a group's rows serves all of them."""
    labels = groups.labels[groups.members]
    unit = normalize_rows(groups.embeddings[groups.members])
    sums = np.add.reduceat(unit, groups.starts, axis=0)[labels]
    n_others = np.bincount(labels)[labels] - 1
    # Rounded, so that both rows of a pair count as equally central.
    return np.round((np.einsum("ij,ij->i", unit, sums) - 1.0) / n_others, 5).astype(np.float64)


@dataclass(frozen=True)
class KeepPolicy:
    """A way to choose the row of a group that is kept.

    Parameters
    ----------
    title : str
        What a person calls it.
    score : callable
        ``score(groups, values)`` returns a number for each of ``groups.members``; the highest of a group is kept.
    needs_values : bool, default=False
        Whether it goes by the values of a column.
    """

    title: str
    score: Callable[[DuplicateGroups, NDArray[np.float64]], NDArray[np.float64]]
    needs_values: bool = False


KEEP_POLICIES = {
    "first": KeepPolicy("The first row", lambda groups, values: -groups.members.astype(np.float64)),
    "last": KeepPolicy("The last row", lambda groups, values: groups.members.astype(np.float64)),
    "longest": KeepPolicy("The longest text", lambda groups, values: _by_length(groups)),
    "central": KeepPolicy("The most typical text", lambda groups, values: _by_mean_cosine(groups)),
    "largest": KeepPolicy("The largest or newest by a column", lambda groups, values: values, needs_values=True),
    "smallest": KeepPolicy("The smallest or oldest by a column", lambda groups, values: -values, needs_values=True),
}
"""The ways to choose the row that is kept; among equals the first row."""
