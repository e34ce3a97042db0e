"""Semantic search: the texts whose embeddings point where the query's points."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from embedlab.device import keep_on_card
from embedlab.errors import InvalidInputError
from embedlab.limits import check_memory
from embedlab.rows import ROUNDING, normalize_rows, row_blocks, top_positions
from embedlab.validation import (
    as_embeddings,
    check_integer,
    check_rows,
    check_same_length,
    check_same_width,
    check_texts,
)

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from embedlab.search._codes import Codes

# Fewer rows than one in so many are compared at once: reading all of the rounded ones would take longer.
_FEW = 16


@dataclass(frozen=True, slots=True)
class Hit:
    """A text that was found.

    Parameters
    ----------
    index : int
        Its position in the list that was searched.
    score : float
        How well it fits: its cosine with the query, in [-1, 1], or for a search by words its BM25, above 0.
    text : str
        The text itself.
    """

    index: int
    score: float
    text: str


class SearchIndex:
    """Texts with their embeddings, ready to be searched by cosine.

    Parameters
    ----------
    texts : sequence of str of length n
    embeddings : array-like of shape (n, d)
        One row a text, of any length. A float32 array is kept as it is, not copied, so one that is mapped from disk
        stays there; do not change it while the index is in use.

    Raises
    ------
    InvalidInputError
        When the numbers of texts and rows differ.
    NotEnoughMemoryError
        When the index would not fit in memory.

    Notes
    -----
    The rows are kept once more, rounded to 8 bits, n × d bytes: a quarter of the bytes to read, and reading is most of
    the work; many rows on a graphics card where there is one, in half precision. What rounding can have done to a
    cosine is known for each row, so all rows that can be among the best are found, and only these are compared again
    with the given rows. The result is the exact one.

    Examples
    --------
    >>> index = SearchIndex(["north", "east"], [[0.0, 1.0], [1.0, 0.0]])
    >>> [(hit.text, round(hit.score, 2)) for hit in index.search([0.6, 0.8], top_k=2)]
    [('north', 0.8), ('east', 0.6)]
    """

    def __init__(self, texts: Sequence[str], embeddings: ArrayLike) -> None:
        self._texts, self._rows = check_texts(texts), as_embeddings(embeddings)
        check_same_length("texts", len(self._texts), "embeddings", len(self._rows))
        check_memory("index", *self._rows.shape)
        self._places = _places(self._texts, self._rows)
        self._screen = keep_on_card(self._rows, self._places) or self._rounded()

    def __len__(self) -> int:
        return len(self._texts)

    @property
    def nbytes(self) -> int:
        """Memory of the index beside the rows it was given, in bytes, here or on the card."""
        return self._screen.nbytes

    def search(self, query_embedding: ArrayLike, top_k: int = 10, rows: ArrayLike | None = None) -> list[Hit]:
        """Return the texts nearest to a query.

        Every text is compared: the result is exact.

        Parameters
        ----------
        query_embedding : array-like of shape (d,) or (1, d)
            Embedded by the same model, with its query prompt where it has one.
        top_k : int, default=10
        rows : int array-like of shape (m,), optional
            Positions of the texts to search among, in any order; all texts when not given.

        Returns
        -------
        list of Hit of length ``top_k``
            Best first, equal scores by position. A repeated text has the score of its first row, unless its embedding
            is another one.

        Raises
        ------
        InvalidInputError
            When ``top_k`` is larger than the number of texts searched, ``rows`` are not positions of texts, the
            dimensions differ, or the query is all zeros.
        """
        chosen = None if rows is None else check_rows(rows, len(self))
        if chosen is None:
            check_integer(top_k, "top_k", 1, len(self), f"there are {len(self):,} texts")
        else:
            check_integer(top_k, "top_k", 1, len(chosen), f"rows names {len(chosen):,} texts")
        unit = self._unit(query_embedding)
        if chosen is not None and len(chosen) * _FEW < len(self):
            candidates = chosen
        else:
            candidates = self._candidates(unit, top_k, chosen)
        scores = self._cosines(candidates, unit)
        best = top_positions(scores, top_k)
        return [
            Hit(row, score, self._texts[row])
            for row, score in zip(candidates[best].tolist(), scores[best].tolist(), strict=True)
        ]

    def _rounded(self) -> Codes:
        from embedlab.search._codes import Codes

        return Codes(self._rows, self._places)

    def _candidates(self, unit: NDArray[np.float32], top_k: int, chosen: NDArray[np.int64] | None) -> NDArray[np.int64]:
        """Return all rows that can be among the best."""
        candidates = self._screen.candidates(unit, top_k, chosen)
        if candidates is None:  # the card has failed; what it kept is let go
            self._screen = self._rounded()
            return self._screen.candidates(unit, top_k, chosen)
        return candidates

    def _unit(self, query_embedding: ArrayLike) -> NDArray[np.float32]:
        """Return the one query, scaled to length 1."""
        query = as_embeddings(np.atleast_2d(np.asarray(query_embedding)), "query_embedding")
        check_same_width(self._rows, query)
        if len(query) != 1:
            raise InvalidInputError(f"query_embedding holds {len(query)} queries; search takes one. Call it for each.")
        if not query.any():
            raise InvalidInputError(
                "The query's embedding is all zeros: the model knows none of its words. Try others."
            )
        return normalize_rows(query)[0]

    def _cosines(self, rows: NDArray[np.int64], unit: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return the cosines of some rows with the query, summed in float64: equal rows get equal scores."""
        scores = np.empty(len(rows), dtype=np.float32)
        for block in row_blocks(len(rows), len(unit)):
            chosen = self._rows[rows[block] if self._places is None else self._places[rows[block]]]
            scores[block] = np.einsum("ij,j->i", normalize_rows(chosen), unit, dtype=np.float64)
        return np.clip(scores, -1.0, 1.0, out=scores)


def _places(texts: list[str], rows: NDArray[np.float32]) -> NDArray[np.int64] | None:
    """Return for each text the row it is searched by, shape (n,); None where no text repeats.

    A text that stands in an earlier row is searched by that one, so that copies rank by position: embedded in another
    batch they differ in the last digit, and that decided between them. Copies with vectors of their own keep these.
    """
    first: dict[str, int] = {}
    places = np.fromiter((first.setdefault(text, row) for row, text in enumerate(texts)), np.int64, len(texts))
    repeated = np.flatnonzero(places != np.arange(len(texts)))
    if not len(repeated):
        return None
    for block in row_blocks(len(repeated), rows.shape[1]):
        own = repeated[block]
        apart = np.abs(normalize_rows(rows[own]) - normalize_rows(rows[places[own]])).max(axis=1) > ROUNDING
        places[own[apart]] = own[apart]
    return places
