"""Several rankings of the same texts made one: what is far ahead in any of them comes first."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from math import isfinite
from typing import TYPE_CHECKING

import numpy as np

from embedlab.errors import InvalidInputError
from embedlab.validation import check_integer, check_rows, check_same_length

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from embedlab.search.dense import Hit, SearchIndex
    from embedlab.search.lexical import LexicalIndex

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
    documents: NDArray[np.int64] | None = None,
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
    documents : int array of shape (n,), optional
        The document of each text, where the texts are passages. Documents are found then: each is ranked by its best
        passage, and a hit is the passage by which it was found.

    Returns
    -------
    list of FusedHit
        ``ranks`` are the rank by words and the rank by meaning, each None beyond the first ``max(top_k, 100)``. Fewer
        than ``top_k`` only where ``weight`` is 0 and fewer texts hold a word of the query, or of fewer documents.

    Raises
    ------
    InvalidInputError
        When the indexes hold different numbers of texts, ``weight`` is out of [0, 1], or one of the searches refuses.
    """
    check_same_length("texts to search by words", len(words), "by meaning", len(meaning))
    if not 0 <= weight <= 1:
        raise InvalidInputError(f"weight={weight} is not in [0, 1]; 0 is words alone, 1 is meaning alone.")
    n_rows = len(meaning) if rows is None else len(check_rows(rows, len(meaning)))
    if documents is None:
        check_integer(top_k, "top_k", 1, n_rows, f"{n_rows:,} texts are searched")
    depth, numbers = max(top_k, DEPTH), np.arange(len(meaning)) if documents is None else documents
    found = [
        first_of_each(lambda k: words.search(query, k, rows), numbers, depth, n_rows),
        first_of_each(lambda k: meaning.search(query_embedding, k, rows), numbers, depth, n_rows),
    ]
    fused = fuse_rankings([list(hits) for hits in found], weights := [1 - weight, weight], top_k=top_k)
    return [replace(hit, index=_best_passage(hit, found, weights)) for hit in fused]


def first_of_each(
    search: Callable[[int], list[Hit]], documents: NDArray[np.int64], top_k: int, n_rows: int
) -> dict[int, Hit]:
    """Return the documents found first and the best hit in each, looked for deeper until there are ``top_k``."""
    depth = min(top_k, n_rows)
    while True:
        hits = search(depth)
        found: dict[int, Hit] = {}
        for hit in hits:
            found.setdefault(int(documents[hit.index]), hit)
        if len(found) >= top_k or len(hits) < depth or depth == n_rows:
            return dict(list(found.items())[:top_k])
        depth = min(4 * depth, n_rows)


def _best_passage(document: FusedHit, found: Sequence[dict[int, Hit]], weights: Sequence[float]) -> int:
    """Return the passage that adds most to the score of a document; of equals, the one found by meaning."""
    adds = [share / (K + rank) if rank else 0.0 for share, rank in zip(weights, document.ranks, strict=True)]
    return found[int(adds[1] >= adds[0])][document.index].index


def _check_weights(weights: Sequence[float], n_rankings: int) -> list[float]:
    check_same_length("rankings", n_rankings, "weights", len(weights))
    if not all(isfinite(weight) and weight >= 0 for weight in weights) or not any(weights):
        raise InvalidInputError(f"weights={list(weights)}; needed are numbers of 0 or more, at least one above 0.")
    return [float(weight) for weight in weights]
