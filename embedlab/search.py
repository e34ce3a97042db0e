"""Semantic search: the texts whose embeddings point where the query's points."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from embedlab._rows import normalize_rows, top_positions
from embedlab._validation import as_embeddings, check_integer, check_same_length, check_same_width, check_texts
from embedlab.errors import InvalidInputError

if TYPE_CHECKING:
    from numpy.typing import ArrayLike


@dataclass(frozen=True, slots=True)
class Hit:
    """A text that was found.

    Parameters
    ----------
    index : int
        Its position in the list that was searched.
    score : float
        Its cosine with the query, in [-1, 1].
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
        One row a text; normalised here, so they need not be.

    Raises
    ------
    InvalidInputError
        When the numbers of texts and rows differ.

    Examples
    --------
    >>> index = SearchIndex(["north", "east"], [[0.0, 1.0], [1.0, 0.0]])
    >>> [(hit.text, round(hit.score, 2)) for hit in index.search([0.6, 0.8], top_k=2)]
    [('north', 0.8), ('east', 0.6)]
    """

    def __init__(self, texts: Sequence[str], embeddings: ArrayLike) -> None:
        rows = as_embeddings(embeddings)
        self._texts, self._unit = check_texts(texts), normalize_rows(rows)
        check_same_length("texts", len(self._texts), "embeddings", len(rows))

    def __len__(self) -> int:
        return len(self._texts)

    def search(self, query_embedding: ArrayLike, top_k: int = 10) -> list[Hit]:
        """Return the texts nearest to a query.

        Every text is compared: the result is exact.

        Parameters
        ----------
        query_embedding : array-like of shape (d,) or (1, d)
            Embedded by the same model, with its query prompt where it has one.
        top_k : int, default=10

        Returns
        -------
        list of Hit of length ``top_k``
            Best first, equal scores by position.

        Raises
        ------
        InvalidInputError
            When ``top_k`` is larger than the number of texts, the dimensions differ, or the query is all zeros.
        """
        check_integer(top_k, "top_k", 1, len(self), f"there are {len(self):,} texts")
        query = as_embeddings(np.atleast_2d(np.asarray(query_embedding)), "query_embedding")
        check_same_width(self._unit, query)
        if len(query) != 1:
            raise InvalidInputError(f"query_embedding holds {len(query)} queries; search takes one. Call it for each.")
        if not query.any():
            raise InvalidInputError(
                "The query's embedding is all zeros: the model knows none of its words. Try others."
            )
        scores = np.clip(self._unit @ normalize_rows(query)[0], -1.0, 1.0)
        best = top_positions(scores, top_k)
        return [Hit(index, float(scores[index]), self._texts[index]) for index in best.tolist()]
