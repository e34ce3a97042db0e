"""Figures of ranked lists, one for each query: where the relevant texts stand among the first k.

Texts with equal scores stand in no order of their own, so each of their orders is as likely as another, and a figure is
its mean over all of them. It needs no order written out: at each rank is known how many texts share it, and how many of
these are relevant, and from that follow the chances of all that can stand there.

References
----------
K. Järvelin and J. Kekäläinen, "Cumulated gain-based evaluation of IR techniques", 2002; for ties F. McSherry and
M. Najork, "Computing Information Retrieval Performance Measures Efficiently in the Presence of Tied Scores", 2008.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from embedlab.compute import Threads
from embedlab.errors import InvalidInputError
from embedlab.rows import ROUNDING, normalize_rows, row_blocks
from embedlab.validation import check_same_length

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    Grades = Sequence[Mapping[int, float]]

CUTOFF = 10
"""How many texts of a ranked list count where nothing else is said."""
CUTOFFS = (1, 3, 5, 10, 20, 100)
"""What a comparison offers instead."""
RANKING_FIGURES = ("ndcg", "mrr", "map", "recall", "precision", "hit_rate")
"""What the columns of the figures are."""


def check_relevant(
    relevant: Sequence[Collection[int] | Mapping[int, float]], n_queries: int, n_texts: int
) -> list[dict[int, float]]:
    """Return the relevant texts of each query with their grades, 1 where none are given.

    Raises
    ------
    InvalidInputError
        When a query has no relevant text, a position is no whole number or does not exist, or a grade is not a finite
        number above 0.
    """
    check_same_length("queries", n_queries, "sets of relevant texts", len(relevant))
    grades = [dict(rows) if isinstance(rows, Mapping) else dict.fromkeys(rows, 1.0) for rows in relevant]
    if not grades or not all(grades):
        empty = sum(not rows for rows in grades)
        raise InvalidInputError(f"{empty} of {n_queries} queries have no relevant text. Leave those queries out.")
    for rows in grades:
        for position, grade in rows.items():
            if isinstance(position, (bool, np.bool_)) or not isinstance(position, (int, np.integer)):
                raise InvalidInputError(
                    f"{position!r} is no position of a text; needed are whole numbers from 0. Turn a mask into "
                    "positions with np.flatnonzero."
                )
            if not 0 <= position < n_texts:
                raise InvalidInputError(f"There is no text {position}; relevant texts are named 0 to {n_texts - 1}.")
            if not 0 < grade < np.inf:
                raise InvalidInputError(
                    f"Text {position} has grade {grade}; grades are finite and above 0. Leave out texts that are not "
                    "relevant."
                )
    return grades


def ranking_figures(scores: ArrayLike, grades: Grades, top_k: int = CUTOFF) -> NDArray[np.float64]:
    """Hold the texts, ranked by their scores for each query, against those that are relevant.

    Parameters
    ----------
    scores : array-like of shape (m, n)
        How well each text fits each query; ``-inf`` for a text that is never found. Those of a millionth below the best
        of them are equal to it.
    grades : sequence of length m of dicts of int to float
        The positions of the relevant texts of each query with their grades, above 0.
    top_k : int, default=10
        How many of the best count.

    Returns
    -------
    float64 array of shape (m, 6)
        For each query, named by ``RANKING_FIGURES``: nDCG, ``sum of grade / log2(rank + 1)`` over that of the best
        possible list; MRR, 1 over the rank of the first relevant text, 0 where none is found; MAP, the sum of the
        precision at the rank of each relevant text that is found, over the number of relevant texts; recall, the share
        of the relevant texts that are found; precision, how many are found over ``top_k``; hit rate, whether one is.

    Examples
    --------
    Of two relevant texts one is second, the other third and no longer counted: 1/log2(3) over 1 + 1/log2(3).

    >>> ranking_figures([[0.9, 0.8, 0.1]], [{1: 1.0, 2: 1.0}], top_k=2).round(3).tolist()
    [[0.387, 0.5, 0.25, 0.5, 0.5, 1.0]]

    Of two equal texts one is relevant: it is first in one order and second in the other.

    >>> ranking_figures([[0.9, 0.9]], [{0: 1.0}]).round(3).tolist()
    [[0.815, 0.75, 0.75, 1.0, 0.1, 1.0]]
    >>> ranking_figures([[0.9, 0.9]], [{0: 1.0}], top_k=1).tolist()
    [[0.5, 0.5, 0.5, 0.5, 0.5, 0.5]]
    """
    scores = np.asarray(scores)
    tied = _ties(scores, grades, min(top_k, scores.shape[1]))
    ranks = np.arange(1, tied.sizes.shape[1] + 1)
    discounts = 1 / np.log2(np.arange(2, top_k + 2))
    best = [np.sort(list(wanted.values()))[::-1][:top_k] for wanted in grades]
    ideal = np.array([gains @ discounts[: len(gains)] for gains in best])
    n_relevant = np.array([len(wanted) for wanted in grades])

    is_relevant = tied.n_relevant / tied.sizes
    places = ranks - 1 - tied.starts  # How many texts of the same score stand before.
    # How likely a relevant text stands here when none stood before; it is 1 where all that are left are, and the first
    # stands no later.
    now = tied.n_relevant / (tied.sizes - places)
    not_before = np.cumprod(np.column_stack([np.ones(len(now)), 1 - now[:, :-1]]), axis=1)
    is_first = now * not_before
    # Where the text at this rank is relevant: those of better scores, itself, and of the others of its score a share.
    found = tied.before + 1 + places * (tied.n_relevant - 1) / np.maximum(1, tied.sizes - 1)
    figures = np.column_stack(
        [
            (tied.gains / tied.sizes) @ discounts[: len(ranks)] / ideal,
            is_first @ (1 / ranks),
            (is_relevant * found) @ (1 / ranks) / n_relevant,
            is_relevant.sum(axis=1) / n_relevant,
            is_relevant.sum(axis=1) / top_k,
            is_first.sum(axis=1),
        ]
    )
    return np.clip(figures, 0, 1)  # Sums of chances may be a hair above 1.


def retrieval_figures(
    texts: NDArray[np.float32], queries: NDArray[np.float32], grades: Grades, top_k: int = CUTOFF
) -> NDArray[np.float64]:
    """Take :func:`ranking_figures` of embeddings by cosine, (m, 6); one of zeros is never found, and finds nothing.

    Parameters
    ----------
    texts, queries : float32 arrays of shape (n, d) and (m, d)
    grades : sequence of length m of dicts of int to float
    top_k : int, default=10
    """
    stored, asked = normalize_rows(texts), normalize_rows(queries)
    figures = np.empty((len(asked), len(RANKING_FIGURES)))
    with Threads() as threads:
        for block in row_blocks(len(asked), len(stored)):
            cosines = threads.product(asked[block], stored.T)
            cosines[:, ~stored.any(axis=1)] = -np.inf
            cosines[~asked[block].any(axis=1)] = -np.inf
            figures[block] = ranking_figures(cosines, grades[block], top_k)
    return figures


@dataclass(frozen=True, eq=False)
class _Ties:
    """For each query and rank, arrays of shape (m, k), what is known of the texts that share it with equal scores.

    Parameters
    ----------
    starts : int array
        How many texts have better scores.
    sizes : float array
        How many have this one.
    gains, n_relevant : float arrays
        The sum of their grades, and how many are relevant.
    before : float array
        How many relevant texts have better scores.
    """

    starts: NDArray[np.int64]
    sizes: NDArray[np.float64]
    gains: NDArray[np.float64]
    n_relevant: NDArray[np.float64]
    before: NDArray[np.float64]


def _ties(scores: NDArray, grades: Grades, k: int) -> _Ties:
    best, ranked = _best(scores, min(k + 1, scores.shape[1]))
    starts, lowest = _starts(ranked[:, :k])
    best = best[:, :k]
    gains = np.array(
        [[wanted.get(text, 0.0) for text in row] for wanted, row in zip(grades, best.tolist(), strict=True)]
    )
    gains[ranked[:, :k] == -np.inf] = 0
    # The texts of one query and score have one number.
    number = starts + k * np.arange(len(starts))[:, None]
    sizes, gain, relevant = (
        np.bincount(number.ravel(), each.ravel(), minlength=number.size)[number]
        for each in (np.ones_like(gains), gains, (gains > 0).astype(np.float64))
    )
    before = np.take_along_axis(np.cumsum(gains > 0, axis=1) - (gains > 0), starts, axis=1).astype(np.float64)
    # Texts beyond the last rank count, too, where they are as good as the one on it.
    goes_on = (ranked[:, -1] >= lowest) & (lowest > -np.inf) & (ranked.shape[1] > k)
    for query in np.flatnonzero(goes_on).tolist():
        first, wanted = starts[query, -1], grades[query]
        others = {text: wanted[text] for text in wanted.keys() - set(best[query, :first].tolist())}
        equal = [grade for text, grade in others.items() if scores[query, text] >= lowest[query]]
        sizes[query, first:] = np.count_nonzero(scores[query] >= lowest[query]) - first
        gain[query, first:], relevant[query, first:] = sum(equal), len(equal)
    return _Ties(starts, sizes, gain, relevant, before)


def _best(scores: NDArray, k: int) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Return the ``k`` best texts of each query, the best first, and their scores."""
    best = np.argpartition(scores, -k, axis=1)[:, -k:]
    ranked = np.take_along_axis(scores, best, axis=1).astype(np.float64)
    order = np.argsort(-ranked, axis=1, kind="stable")
    return np.take_along_axis(best, order, axis=1), np.take_along_axis(ranked, order, axis=1)


def _starts(ranked: NDArray[np.float64]) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Return the rank at which each score begins, counted from 0, and the lowest score equal to the one on the last.

    The first of them says which are equal, so that many scores close together do not all become one.
    """
    starts, lowest = np.zeros(ranked.shape, dtype=np.int64), ranked[:, 0] - ROUNDING
    for rank in range(1, ranked.shape[1]):
        is_new = ranked[:, rank] < lowest
        starts[:, rank] = np.where(is_new, rank, starts[:, rank - 1])
        lowest = np.where(is_new, ranked[:, rank] - ROUNDING, lowest)
    return starts, lowest
