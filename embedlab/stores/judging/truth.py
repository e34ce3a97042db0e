"""What a store is held against: the truly nearest of the rows a filter keeps, by our exact search."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from embedlab.errors import InvalidInputError
from embedlab.neighbors import nearest_neighbors
from embedlab.rows import ROUNDING, normalize_rows, sample_positions
from embedlab.stores.contract import Records, matches, parse_where
from embedlab.validation import as_embeddings, check_integer, check_same_width

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    Floats = NDArray[np.float32]
    Positions = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Truth:
    """The right answers to some queries. Made by :func:`find_truth`.

    Parameters
    ----------
    top_k : int
    where : mapping or None
        The filter.
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

    top_k: int
    where: Mapping[str, Any] | None
    places: dict[str, int] = field(repr=False)
    is_kept: NDArray[np.bool_] = field(repr=False)
    unit: Floats = field(repr=False)
    queries: Floats = field(repr=False)
    own: Positions = field(repr=False)
    last: Floats = field(repr=False)
    n_wanted: Positions = field(repr=False)

    @property
    def n_asked(self) -> int:
        """Rows that a store is asked for: one more where a query finds itself."""
        return self.top_k + int((self.own >= 0).any())

    def answered(self, number: int, ids: Iterable[str]) -> list[int]:
        """Return the rows a query was answered with: each once, without its own, as many as wanted; -1 for none."""
        found = dict.fromkeys(self.places.get(each, -1) for each in ids)
        own = int(self.own[number])
        return [row for row in found if row < 0 or row != own][: int(self.n_wanted[number])]

    def recall(self, number: int, answered: Sequence[int]) -> float:
        """Return the share of the nearest rows that are among those answered."""
        rows = np.array([row for row in answered if row >= 0 and self.is_kept[row]], dtype=np.int64)
        cosines = np.einsum("ij,j->i", self.unit[rows], self.queries[number], dtype=np.float64)
        return float((cosines >= self.last[number] - ROUNDING).sum() / self.n_wanted[number])


def find_truth(
    records: Records, queries: ArrayLike | None, *, top_k: int, where: Mapping[str, Any] | None, n_queries: int
) -> Truth:
    """Search exactly, with queries or with some of the rows.

    Raises
    ------
    InvalidInputError
        When there are no embeddings, the widths differ, or the filter keeps nothing that could be found.
    """
    check_integer(top_k, "top_k", 1)
    check_integer(n_queries, "n_queries", 1)
    if not len(records):
        raise InvalidInputError("The collection holds no rows, so there is nothing to find. Write some first.")
    rows = as_embeddings(records.embeddings if records.embeddings is not None else [])
    asked, own = _drawn(rows, queries, n_queries)
    condition = parse_where(where)
    is_kept = np.array([matches(condition, metadata) for metadata in records.metadatas])
    kept, is_own = np.flatnonzero(is_kept), (own >= 0) & is_kept[own]
    n_wanted = np.minimum(top_k, len(kept) - is_own)
    if n_wanted.min() < 1:
        raise InvalidInputError(
            f"The filter keeps {len(kept):,} of {len(rows):,} rows, so there is nothing to find. Choose another filter."
        )
    cosines = nearest_neighbors(rows[kept], min(top_k + 1, len(kept)), queries=asked)[1]
    # A query that is a row stands among what it finds, and the last of the others one place later.
    last = cosines[np.arange(len(asked)), n_wanted - 1 + is_own]
    places = {each: place for place, each in enumerate(records.ids)}
    return Truth(top_k, where, places, is_kept, normalize_rows(rows), normalize_rows(asked), own, last, n_wanted)


def _drawn(rows: Floats, queries: ArrayLike | None, n_queries: int) -> tuple[Floats, Positions]:
    """Return what is asked, and the row each query is; rows of zeros ask for nothing."""
    asked = rows if queries is None else as_embeddings(queries, "queries")
    check_same_width(rows, asked)
    known = np.flatnonzero(asked.any(axis=1))
    if not len(known):
        raise InvalidInputError("All queries are zeros, which are near to nothing. Ask other questions.")
    chosen = known[sample_positions(len(known), n_queries, random_state=0)]
    return asked[chosen], chosen if queries is None else np.full(len(chosen), -1)
