"""Figures of embeddings, one for each pair, query or text, so that a mean and its sampling error can be taken."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from math import comb
from typing import TYPE_CHECKING

import numpy as np

from embedlab.classification import EvenScale, deal_folds, fit_probe, held_together
from embedlab.errors import InvalidInputError
from embedlab.rows import ROUNDING, normalize_rows, row_blocks
from embedlab.similarity import different_rows
from embedlab.validation import as_embeddings, check_labels, check_same_length

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

CUTOFF = 10
"""How many texts of a ranked list count."""

_N_FOLDS = 5
_DISCOUNTS = 1 / np.log2(np.arange(2, CUTOFF + 2))


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


def ranking_figures(scores: ArrayLike, grades: Sequence[Mapping[int, float]]) -> NDArray[np.float64]:
    """Hold the texts, ranked by their scores for each query, against those that are relevant.

    Parameters
    ----------
    scores : array-like of shape (m, n)
        How well each text fits each query; ``-inf`` for a text that is never found. The best ten count.
    grades : sequence of length m of dicts of int to float
        The relevant texts of each query with their grades, above 0.

    Returns
    -------
    float64 array of shape (m, 3)
        For each query nDCG@10, ``sum of grade / log2(rank + 1)`` over that of the best possible list; 1 over the rank
        of the first relevant text, 0 where none is among the first ten; share of the relevant texts among them. Of
        texts with equal scores, to a millionth, each order is as likely: the figures are their means over all orders.

    References
    ----------
    K. Järvelin and J. Kekäläinen, "Cumulated gain-based evaluation of IR techniques", 2002; for ties F. McSherry and
    M. Najork, "Computing Information Retrieval Performance Measures Efficiently in the Presence of Tied Scores", 2008.

    Examples
    --------
    >>> ranking_figures([[0.1, 0.8, 0.9]], [{1: 1.0}]).round(3).tolist()
    [[0.631, 0.5, 1.0]]
    >>> ranking_figures([[0.9, 0.9]], [{0: 1.0}]).round(3).tolist()
    [[0.815, 0.75, 1.0]]
    """
    figures = np.zeros((len(grades), 3))
    for query, (row, wanted) in enumerate(zip(np.asarray(scores, dtype=np.float64), grades, strict=True)):
        best = np.sort(list(wanted.values()))[::-1][:CUTOFF]
        ideal = best @ _DISCOUNTS[: len(best)]
        for start, tied in _ranked_ties(row):
            gains = np.array([wanted.get(position, 0.0) for position in tied])
            places = np.arange(start, min(start + len(tied), CUTOFF))
            figures[query, 0] += gains.mean() * _DISCOUNTS[places].sum() / ideal
            figures[query, 1] = figures[query, 1] or _reciprocal_rank(start, len(tied), int(np.count_nonzero(gains)))
            figures[query, 2] += np.count_nonzero(gains) / len(tied) * len(places) / len(wanted)
    return figures


def retrieval_figures(
    texts: NDArray[np.float32], queries: NDArray[np.float32], grades: Sequence[Mapping[int, float]]
) -> NDArray[np.float64]:
    """Take :func:`ranking_figures` of embeddings by cosine, (m, 3); one of zeros is never found, and finds nothing.

    Parameters
    ----------
    texts, queries : float32 arrays of shape (n, d) and (m, d)
    grades : sequence of length m of dicts of int to float
    """
    stored, asked = normalize_rows(texts), normalize_rows(queries)
    figures = np.empty((len(asked), 3))
    for block in row_blocks(len(asked), len(stored)):
        cosines = asked[block] @ stored.T
        cosines[:, ~stored.any(axis=1)] = -np.inf
        cosines[~asked[block].any(axis=1)] = -np.inf
        figures[block] = ranking_figures(cosines, grades[block])
    return figures


def _ranked_ties(scores: NDArray[np.float64]) -> Iterator[tuple[int, list[int]]]:
    """Give the texts of the first ten ranks, those of equal scores together, with the rank before the first of them."""
    last = np.partition(scores, -CUTOFF)[-CUTOFF] if len(scores) > CUTOFF else -np.inf
    near = np.flatnonzero((scores >= last - ROUNDING) & (scores > -np.inf))
    order = near[np.argsort(-scores[near], kind="stable")]
    ends = np.flatnonzero(-np.diff(scores[order]) > ROUNDING) + 1
    start = 0
    for tied in np.split(order, ends) if len(order) else []:
        if start < CUTOFF:
            yield start, tied.tolist()
        start += len(tied)


def _reciprocal_rank(start: int, n_tied: int, n_relevant: int) -> float:
    """Return the mean of 1 over the rank of the first relevant of some texts in random order, 0 beyond the tenth."""
    if not n_relevant:
        return 0.0
    orders = comb(n_tied, n_relevant)
    return sum(
        comb(n_tied - 1 - place, n_relevant - 1) / orders / (start + place + 1)
        for place in range(min(n_tied - n_relevant + 1, CUTOFF - start))
    )


def probe_hits(
    embeddings: ArrayLike,
    labels: ArrayLike,
    *,
    groups: Sequence[object] | NDArray | None = None,
    random_state: int = 0,
) -> NDArray[np.bool_]:
    """Return which rows a linear probe gets right that has not seen them.

    Logistic regression with an L2 penalty, in five folds that spread each label. The embeddings are centred and scaled
    as a whole, so that the penalty means the same for every model. Copies of a row are held out with it: a probe that
    has seen one has learned its label by heart.

    Parameters
    ----------
    embeddings : array-like of shape (n, d)
    labels : int array-like of shape (n,)
    groups : sequence of length n, optional
        What rows that know of each other share, such as author or document; they are held out together, too.
    random_state : int, default=0
        Which rows make up a fold.

    Returns
    -------
    bool array of shape (n,)

    Raises
    ------
    InvalidInputError
        When there are fewer than two labels, one has fewer than five rows, or all rows are held out together.

    References
    ----------
    G. Alain and Y. Bengio, "Understanding intermediate layers using linear classifier probes", 2016.
    """
    rows = as_embeddings(embeddings)
    known = check_labels(labels, len(rows))
    sizes = np.unique(known, return_counts=True)[1]
    if len(sizes) < 2 or sizes.min() < _N_FOLDS:
        raise InvalidInputError(
            f"A probe needs two labels at least and {_N_FOLDS} texts of each; here are {len(sizes)} labels, the rarest "
            f"with {sizes.min()}. Leave out rare labels."
        )
    folds = deal_folds(known, held_together(different_rows(normalize_rows(rows))[1], groups), _N_FOLDS, random_state)
    if not folds.any():
        raise InvalidInputError("All texts are copies of each other or of one group, so none is left to learn from.")
    features = EvenScale.of(rows)(rows)
    hits = np.empty(len(rows), dtype=bool)
    for fold in range(int(folds.max()) + 1):
        held = folds == fold
        hits[held] = fit_probe(features[~held], known[~held]).predict(features[held]) == known[held]
    return hits


def neighbor_purity(
    embeddings: ArrayLike,
    labels: ArrayLike,
    *,
    groups: Sequence[object] | NDArray | None = None,
    rows: NDArray[np.int64] | None = None,
    n_neighbors: int = CUTOFF,
) -> NDArray[np.float64]:
    """Return which share of the nearest rows has the label of each row; copies of a row are not its neighbours.

    Parameters
    ----------
    embeddings : array-like of shape (n, d)
    labels : int array-like of shape (n,)
    groups : sequence of length n, optional
        What rows that know of each other share; they are not each other's neighbours either.
    rows : int64 array of shape (m,), optional
        The rows whose neighbours are looked at; all when not given.
    n_neighbors : int, default=10
        Fewer where there are not as many.

    Returns
    -------
    float64 array of shape (m,)
        From 0 to 1; NaN for a row that has nothing but copies.
    """
    unit = normalize_rows(as_embeddings(embeddings))
    known = check_labels(labels, len(unit))
    together = held_together(different_rows(unit)[1], groups)
    asked = np.arange(len(unit)) if rows is None else rows
    purity = np.full(len(asked), np.nan)
    for block in row_blocks(len(asked), len(unit)):
        own = asked[block]
        cosines = unit[own] @ unit.T
        cosines[together[own][:, None] == together] = -np.inf
        near = np.argpartition(-cosines, min(n_neighbors, len(unit)) - 1, axis=1)[:, :n_neighbors]
        is_other = np.take_along_axis(cosines, near, axis=1) > -np.inf
        same = (known[near] == known[own][:, None]) & is_other
        with np.errstate(invalid="ignore"):
            purity[block] = same.sum(axis=1) / is_other.sum(axis=1)
    return purity
