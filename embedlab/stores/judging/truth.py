"""What a store is held against: the truly nearest of the rows a filter keeps, by our exact search."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from embedlab.errors import InvalidInputError
from embedlab.neighbors import nearest_neighbors
from embedlab.rows import ROUNDING, normalize_rows
from embedlab.validation import check_integer

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Truth:
    """The right answers to some queries. Made by :func:`find_truth`.

    Parameters
    ----------
    places : dict of str to int
        Where the row of each id stands.
    is_kept : bool array of shape (n,)
        Whether the filter keeps a row.
    unit, queries : float32 arrays of shape (n, d) and (m, d)
        Rows and queries, of length 1.
    own : int64 array of shape (m,)
        The row a query is, which is no answer to it; -1 for queries that are none.
    last : float32 array of shape (m,)
        Cosine of the last of the nearest rows; one as near counts as well.
    n_wanted : int64 array of shape (m,)
        How many rows an answer has: ``top_k``, or as many as the filter keeps.
    """

    places: dict[str, int] = field(repr=False)
    is_kept: NDArray[np.bool_] = field(repr=False)
    unit: Floats = field(repr=False)
    queries: Floats = field(repr=False)
    own: NDArray[np.int64] = field(repr=False)
    last: Floats = field(repr=False)
    n_wanted: NDArray[np.int64] = field(repr=False)

    def answered(self, number: int, ids: Iterable[str]) -> list[int]:
        """Return the rows a store answered a query with: each once, without the query's own, as many as were wanted.

        An id that no row has is -1.
        """
        found = dict.fromkeys(self.places.get(each, -1) for each in ids)
        found.pop(int(self.own[number]) if self.own[number] >= 0 else None, None)
        return list(found)[: int(self.n_wanted[number])]

    def recall(self, number: int, answered: Sequence[int]) -> float:
        """Return the share of the nearest rows that are among the answered ones."""
        rows = np.array([row for row in answered if row >= 0 and self.is_kept[row]], dtype=np.int64)
        cosines = np.einsum("ij,j->i", self.unit[rows], self.queries[number], dtype=np.float64)
        return float((cosines >= self.last[number] - ROUNDING).sum() / self.n_wanted[number])


def find_truth(
    ids: Sequence[str], rows: Floats, is_kept: NDArray[np.bool_], queries: Floats, own: NDArray[np.int64], top_k: int
) -> Truth:
    """Search exactly.

    Parameters
    ----------
    ids : sequence of str of length n
    rows : float32 array of shape (n, d)
    is_kept : bool array of shape (n,)
    queries : float32 array of shape (m, d)
    own : int64 array of shape (m,)
        The row each query is, -1 for none.
    top_k : int

    Raises
    ------
    InvalidInputError
        When the filter keeps too few rows to be looked for.
    """
    check_integer(top_k, "top_k", 1)
    kept = np.flatnonzero(is_kept)
    is_own = (own >= 0) & is_kept[own]
    n_wanted = np.minimum(top_k, len(kept) - is_own)
    if not len(kept) or n_wanted.min() < 1:
        raise InvalidInputError(
            f"The filter keeps {len(kept):,} of {len(rows):,} rows, so there is nothing to find. Choose another filter."
        )
    cosines = nearest_neighbors(rows[kept], min(top_k + 1, len(kept)), queries=queries)[1]
    # A query that is a row finds itself among them, which says nothing: the last stands one place later.
    last = cosines[np.arange(len(queries)), n_wanted - 1 + is_own]
    places = {each: place for place, each in enumerate(ids)}
    return Truth(places, is_kept, normalize_rows(rows), normalize_rows(queries), own, last, n_wanted)
