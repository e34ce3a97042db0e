"""Semantic search: the texts whose embeddings point where the query's points."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from embedlab.device import keep_on_card
from embedlab.errors import InvalidInputError
from embedlab.limits import check_memory
from embedlab.neighbors import nearest_neighbors
from embedlab.rows import ROUNDING, normalize_rows, row_blocks, sample_positions, top_positions
from embedlab.search._copies import first_rows
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

    from embedlab.device import IndexOnCard
    from embedlab.search._codes import Codes
    from embedlab.search._signs import Signs

CORPUS_PRECISIONS = ("float32", "binary")
"""What a query may be compared with."""
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
    corpus_precision : {"float32", "binary"}, default="float32"
        What a query is compared with: "float32" gives the exact result; "binary" compares it with one bit a dimension
        first, and is several times as fast for an eighth of the memory, but can miss a hit: :meth:`recall` says how
        many.
    rescore_multiplier : int, default=40
        For "binary": ``top_k`` times as many texts, those that seem nearest by their bits, are compared again with the
        embeddings as they were given. More find more, and take longer.

    Raises
    ------
    InvalidInputError
        When the numbers of texts and rows differ, or ``corpus_precision`` is not known.
    NotEnoughMemoryError
        When the index would not fit in memory.

    Notes
    -----
    The rows are kept once more, rounded to 8 bits, n × d bytes: a quarter of the bytes to read, and reading is most of
    the work; many rows on a graphics card where there is one, in half precision. What rounding can have done to a
    cosine is known for each row, so all rows that can be among the best are found, and only these are compared again
    with the given rows. The result is the exact one.

    With ``corpus_precision="binary"`` the rows are kept as their signs around the mean row and a length each, and the
    query in sixteen steps: n × (d / 8 + 4) bytes. The words are those of ``semantic_search_faiss`` in
    sentence-transformers, which keeps signs around zero and compares them with the signs of the query.

    Examples
    --------
    >>> index = SearchIndex(["north", "east"], [[0.0, 1.0], [1.0, 0.0]])
    >>> [(hit.text, round(hit.score, 2)) for hit in index.search([0.6, 0.8], top_k=2)]
    [('north', 0.8), ('east', 0.6)]
    """

    def __init__(
        self,
        texts: Sequence[str],
        embeddings: ArrayLike,
        *,
        corpus_precision: str = "float32",
        rescore_multiplier: int = 40,
    ) -> None:
        self._texts, self._rows = check_texts(texts), as_embeddings(embeddings)
        check_same_length("texts", len(self._texts), "embeddings", len(self._rows))
        if corpus_precision not in CORPUS_PRECISIONS:
            raise InvalidInputError(
                f"corpus_precision={corpus_precision!r} is not known; choose from {', '.join(CORPUS_PRECISIONS)}."
            )
        check_integer(rescore_multiplier, "rescore_multiplier", 1)
        check_memory("index", *self._rows.shape)
        self._places = first_rows(self._texts, self._rows)
        self._screen: IndexOnCard | Codes | Signs
        if corpus_precision == "binary":
            from embedlab.search._signs import Signs

            self._screen, self._n_screened = Signs(self._rows, self._places), rescore_multiplier
            return
        self._screen, self._n_screened = keep_on_card(self._rows, self._places) or self._rounded(), 1

    def __len__(self) -> int:
        return len(self._texts)

    @property
    def nbytes(self) -> int:
        """Memory of the index beside the rows it was given, in bytes, here or on the card."""
        return self._screen.nbytes

    def search(self, query_embedding: ArrayLike, top_k: int = 10, rows: ArrayLike | None = None) -> list[Hit]:
        """Return the texts nearest to a query.

        Every text is compared: the result is exact, unless ``corpus_precision`` is "binary".

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
            When ``top_k`` exceeds the number of texts searched, ``rows`` are not positions of texts, the dimensions
            differ, or the query is all zeros.
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

    def recall(self, top_k: int = 10, n_queries: int = 200) -> float:
        """Return the share of the true best that a search finds, measured with some of the texts as queries.

        Parameters
        ----------
        top_k : int, default=10
            How many of the nearest other texts count; one as near as the last of them does, too.
        n_queries : int, default=200
            How many texts are looked for, at most; those whose embedding is all zeros are not.

        Returns
        -------
        float
            From 0 to 1, which an exact index has.

        Raises
        ------
        InvalidInputError
            When there are not more than ``top_k`` texts, or all embeddings are zeros.
        """
        check_integer(top_k, "top_k", 1, len(self) - 1, f"each text has {len(self) - 1:,} others")
        known = np.flatnonzero(self._rows.any(axis=1))
        chosen = known[sample_positions(len(known), check_integer(n_queries, "n_queries", 1), random_state=0)]
        if not len(chosen):
            raise InvalidInputError("All embeddings are zeros: the model knows none of the words. Choose another.")
        last = nearest_neighbors(self._rows, top_k + 1, queries=self._rows[chosen])[1][:, -1:]
        scores = [[hit.score for hit in self.search(self._rows[row], top_k + 1)] for row in chosen]
        # Each text finds itself, which says nothing.
        n_found = (np.array(scores) >= last - ROUNDING).sum(axis=1) - 1
        return float(n_found.mean() / top_k)

    def _rounded(self) -> Codes:
        from embedlab.search._codes import Codes

        return Codes(self._rows, self._places)

    def _candidates(self, unit: NDArray[np.float32], top_k: int, chosen: NDArray[np.int64] | None) -> NDArray[np.int64]:
        """Return all rows that can be among the best, or for signs those that seem to be."""
        n_searched = len(self) if chosen is None else len(chosen)
        candidates = self._screen.candidates(unit, min(top_k * self._n_screened, n_searched), chosen)
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
