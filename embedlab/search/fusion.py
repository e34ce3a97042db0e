"""Several rankings of the same texts made one: what is far ahead in any of them comes first."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from math import isfinite
from typing import TYPE_CHECKING, Literal

from embedlab.errors import InvalidInputError
from embedlab.validation import check_integer, check_rows, check_same_length

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

    from embedlab.search.dense import Hit, SearchIndex
    from embedlab.search.lexical import LexicalIndex

By = Literal["meaning", "words", "both"]

K = 60
"""Softens the lead of the first ranks; the value of Cormack et al."""

DEPTH = 100
"""Hits of each way that are fused at least; a text further behind adds less than 1/160 to a score."""


@dataclass(frozen=True, slots=True)
class FusedHit:
    """A text that was found by at least one of several rankings.

    Parameters
    ----------
    index : int
        Its position in the list that was searched.
    score : float
        The sum of ``weight / (k + rank)`` over the rankings.
    ranks : tuple of int or None
        Its rank in each ranking, from 1; None where the ranking does not hold it.
    """

    index: int
    score: float
    ranks: tuple[int | None, ...]


def fuse_rankings(
    rankings: Sequence[Sequence[int]], weights: Sequence[float] | None = None, k: int = K, top_k: int = 10
) -> list[FusedHit]:
    """Fuse rankings by reciprocal rank: the score of a text is the sum of ``weight / (k + rank)``.

    Only ranks count, so scores that cannot be compared, such as BM25 and cosines, can be put together.

    Parameters
    ----------
    rankings : sequence of sequences of int
        Positions of texts, best first; they may hold different texts.
    weights : sequence of float, optional
        One a ranking, 0 or more; all 1 when not given.
    k : int, default=60
        The larger, the less the first ranks are ahead of the next.
    top_k : int, default=10
        How many texts at most.

    Returns
    -------
    list of FusedHit
        Best first, equal scores by position. Fewer than ``top_k`` where the rankings hold fewer texts; those in
        rankings of weight 0 alone do not count.

    Raises
    ------
    InvalidInputError
        When there is no ranking, a ranking holds a text twice, there is not one weight for each, a weight is negative
        or not finite, or all are 0.

    References
    ----------
    G. V. Cormack, C. L. A. Clarke and S. Büttcher, "Reciprocal Rank Fusion outperforms Condorcet and individual Rank
    Learning Methods", SIGIR 2009.

    Examples
    --------
    >>> fuse_rankings([[7, 3], [3]], k=1, top_k=1)  # 1/3 + 1/2
    [FusedHit(index=3, score=0.8333333333333333, ranks=(2, 1))]
    """
    if not rankings:
        raise InvalidInputError("There is no ranking to fuse. Give at least one.")
    check_integer(k, "k", 0)
    check_integer(top_k, "top_k", 1)
    shares = _check_weights([1.0] * len(rankings) if weights is None else weights, len(rankings))
    places = [{index: rank for rank, index in enumerate(ranking, 1)} for ranking in rankings]
    for number, (ranking, found) in enumerate(zip(rankings, places, strict=True)):
        if len(found) < len(ranking):
            raise InvalidInputError(f"rankings[{number}] holds a text twice. Keep the better rank of each.")
    fused = []
    for index in sorted(set().union(*places)):
        ranks = tuple(found.get(index) for found in places)
        score = sum(share / (k + rank) for share, rank in zip(shares, ranks, strict=True) if rank is not None)
        fused.append(FusedHit(int(index), score, ranks))
    return sorted((hit for hit in fused if hit.score > 0), key=lambda hit: -hit.score)[:top_k]


def search_both(
    words: LexicalIndex,
    meaning: SearchIndex,
    query: str,
    query_embedding: ArrayLike,
    top_k: int = 10,
    *,
    weight: float = 0.5,
    rows: ArrayLike | None = None,
) -> list[FusedHit]:
    """Search the same texts by words and by meaning, and fuse what is found.

    Parameters
    ----------
    words, meaning : LexicalIndex, SearchIndex
        Of the same texts.
    query : str
    query_embedding : array-like of shape (d,) or (1, d)
    top_k : int, default=10
    weight : float, default=0.5
        Share of the meaning, in [0, 1].
    rows : int array-like of shape (m,), optional
        Positions of the texts to search among; all texts when not given.

    Returns
    -------
    list of FusedHit
        ``ranks`` are the rank by words and the rank by meaning, each None beyond the first ``max(top_k, 100)``. Fewer
        than ``top_k`` only where ``weight`` is 0 and fewer texts hold a word of the query.

    Raises
    ------
    InvalidInputError
        When the indexes hold different numbers of texts, ``weight`` is out of [0, 1], or one of the searches refuses.
    """
    check_same_length("texts to search by words", len(words), "by meaning", len(meaning))
    if not 0 <= weight <= 1:
        raise InvalidInputError(f"weight={weight} is not in [0, 1]; 0 is words alone, 1 is meaning alone.")
    n_rows = len(meaning) if rows is None else len(check_rows(rows, len(meaning)))
    check_integer(top_k, "top_k", 1, n_rows, f"{n_rows:,} texts are searched")
    depth = max(top_k, DEPTH)
    by_words = words.search(query, depth, rows)
    by_meaning = meaning.search(query_embedding, min(depth, n_rows), rows)
    rankings = [[hit.index for hit in hits] for hits in (by_words, by_meaning)]
    return fuse_rankings(rankings, [1 - weight, weight], top_k=top_k)


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
) -> list[FusedHit]:
    """Search in one of three ways, with the same kind of result: the scores are cosines, BM25 or fused.

    Parameters
    ----------
    by : {"meaning", "words", "both"}
    words, meaning : LexicalIndex, SearchIndex or None
        Of the same texts; the one that is not needed may be None.
    query, query_embedding, top_k, weight, rows
        As for :func:`search_both`.

    Returns
    -------
    list of FusedHit
        ``ranks`` are the rank by words and the rank by meaning, None for a way that was not asked.

    Raises
    ------
    InvalidInputError
        When an index that is needed is missing, ``by`` is unknown, or the search refuses.
    """
    if by == "both" and words is not None and meaning is not None:
        return search_both(words, meaning, query, query_embedding, top_k, weight=weight, rows=rows)
    if by == "words" and words is not None:
        return [FusedHit(hit.index, hit.score, (rank, None)) for rank, hit in _ranked(words.search(query, top_k, rows))]
    if by == "meaning" and meaning is not None:
        hits = meaning.search(query_embedding, top_k, rows)
        return [FusedHit(hit.index, hit.score, (None, rank)) for rank, hit in _ranked(hits)]
    raise InvalidInputError(
        f"by={by!r} is no way to search, or lacks its index. Choose meaning, words or both, and give the indexes of it."
    )


def _ranked(hits: list[Hit]) -> list[tuple[int, Hit]]:
    return list(enumerate(hits, 1))


def _check_weights(weights: Sequence[float], n_rankings: int) -> list[float]:
    check_same_length("rankings", n_rankings, "weights", len(weights))
    if not all(isfinite(weight) and weight >= 0 for weight in weights) or not any(weights):
        raise InvalidInputError(f"weights={list(weights)}; needed are numbers of 0 or more, at least one above 0.")
    return [float(weight) for weight in weights]


def best_passages(hits: Sequence[FusedHit], documents: Sequence[Hashable], top_k: int) -> list[FusedHit]:
    """Return the best hit in each document, for the documents found first.

    Parameters
    ----------
    hits : sequence of FusedHit
        Passages, best first.
    documents : sequence of length n
        The document of each passage that was searched.
    top_k : int
        How many documents are wanted.
    """
    best: dict[Hashable, FusedHit] = {}
    for hit in hits:
        best.setdefault(documents[hit.index], hit)
    return list(best.values())[:top_k]
