"""One of three ways to search, by meaning, by words or by both, with the same kind of result."""

from __future__ import annotations

from collections.abc import Callable
from math import isfinite
from typing import TYPE_CHECKING, Literal

from embedlab.errors import InvalidInputError
from embedlab.rows import ROUNDING
from embedlab.search.fusion import FusedHit, first_of_each, search_both
from embedlab.validation import check_integer, check_rows

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import ArrayLike, NDArray

    from embedlab.search.dense import Hit, SearchIndex
    from embedlab.search.lexical import LexicalIndex

By = Literal["meaning", "words", "both"]


def search_by(
    by: By,
    words: LexicalIndex | None,
    meaning: SearchIndex | None,
    query: str,
    query_embedding: ArrayLike,
    top_k: int = 10,
    *,
    weight: float = 0.5,
    rows: ArrayLike | None = None,
    documents: NDArray[np.int64] | None = None,
    min_score: float | None = None,
) -> list[FusedHit]:
    """Search in one of three ways, with the same kind of result: the scores are cosines, BM25 or fused.

    Parameters
    ----------
    by : {"meaning", "words", "both"}
    words, meaning : LexicalIndex, SearchIndex or None
        Of the same texts; the one that is not needed may be None.
    query, query_embedding, top_k, weight, rows, documents
        As for :func:`search_both`.
    min_score : float, optional
        Hits with a lower cosine, or by words a lower BM25, are left out; rounding of 1e-6 is allowed for.

    Returns
    -------
    list of FusedHit
        ``ranks`` are the rank by words and the rank by meaning, None for a way that was not asked.

    Raises
    ------
    InvalidInputError
        When an index that is needed is missing, ``by`` is unknown, or the search refuses; for ``min_score`` by both: a
        fused score says where a text stands, not how well it fits.
    """
    check_min_score(by, min_score)
    if by == "both" and words is not None and meaning is not None:
        return search_both(words, meaning, query, query_embedding, top_k, weight=weight, rows=rows, documents=documents)
    if by == "words" and words is not None:
        hits = _search(lambda k: words.search(query, k, rows), len(words), top_k, rows, documents)
        return [FusedHit(hit.index, hit.score, (rank, None)) for rank, hit in enumerate(_reaching(hits, min_score), 1)]
    if by == "meaning" and meaning is not None:
        hits = _search(lambda k: meaning.search(query_embedding, k, rows), len(meaning), top_k, rows, documents)
        return [FusedHit(hit.index, hit.score, (None, rank)) for rank, hit in enumerate(_reaching(hits, min_score), 1)]
    raise InvalidInputError(
        f"by={by!r} is no way to search, or lacks its index. Choose meaning, words or both, and give the indexes of it."
    )


def check_min_score(by: str, min_score: float | None) -> None:
    """Refuse a lowest score where scores say where a text stands among the others, and not how well it fits."""
    if min_score is not None and (by == "both" or not isfinite(min_score)):
        raise InvalidInputError(
            f"min_score={min_score} by {by}: give a number, and search by meaning or by words. The score of both says "
            "where a text stands among the others, not how well it fits."
        )


def _search(
    search: Callable[[int], list[Hit]],
    n_texts: int,
    top_k: int,
    rows: ArrayLike | None,
    documents: NDArray[np.int64] | None,
) -> list[Hit]:
    """Return the best hits of one way, one a document where there are any."""
    if documents is None:
        return search(top_k)
    n_rows = n_texts if rows is None else len(check_rows(rows, n_texts))
    return list(first_of_each(search, documents, check_integer(top_k, "top_k", 1), n_rows).values())


def _reaching(hits: list[Hit], min_score: float | None) -> list[Hit]:
    return hits if min_score is None else [hit for hit in hits if hit.score >= min_score - ROUNDING]
