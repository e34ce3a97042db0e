"""What a table says of its texts, as pairs that belong together and others."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

from embedlab.errors import InvalidInputError
from embedlab.gold import Gold, Labelled, MultiLabelled, Pairs, Retrieval
from embedlab.thresholds.cosines import KnownCosines
from embedlab.thresholds.known import known_cosines

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

# Of a scale from 0 to 5, pairs with 4 and more: "mostly equivalent" in the STS tasks.
_USUAL = 0.75


def usual_cut(gold: Pairs) -> float:
    """Return the score from which pairs are taken to belong together: three quarters up the scale that is used."""
    low, high = float(gold.scores.min()), float(gold.scores.max())
    return low + _USUAL * (high - low)


def gold_cosines(
    gold: Gold,
    embeddings: ArrayLike,
    queries: ArrayLike | None = None,
    *,
    cut: float | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> KnownCosines:
    """Count the cosines of pairs that belong together by what a table says, and of others.

    Parameters
    ----------
    gold : Gold
    embeddings : array-like of shape (n, d)
        Of ``gold.texts``.
    queries : array-like of shape (q, d), optional
        Of ``gold.queries``.
    cut : float, optional
        For pairs with scores: from which score on they belong together; :func:`usual_cut` when not given.
    progress : callable, default=None
        As for :func:`known_cosines`.

    Returns
    -------
    KnownCosines

    Raises
    ------
    InvalidInputError
        Where nothing is known of the texts, or :func:`known_cosines` refuses.
    """
    if isinstance(gold, Labelled | MultiLabelled):
        return known_cosines(embeddings, labels=gold.labels, groups=gold.groups, progress=progress)
    if isinstance(gold, Pairs):
        firsts = np.arange(len(gold.scores))
        return known_cosines(
            embeddings,
            pairs=np.column_stack([firsts, len(firsts) + firsts]),
            is_match=gold.scores >= (usual_cut(gold) if cut is None else cut),
            groups=np.concatenate([gold.groups, gold.groups]),
            progress=progress,
        )
    if isinstance(gold, Retrieval):
        pairs = [(query, text) for query, grades in enumerate(gold.grades) for text in grades]
        groups = [*gold.groups.tolist(), *[None] * len(gold.texts)]
        return known_cosines(embeddings, pairs=np.array(pairs), queries=queries, groups=groups, progress=progress)
    raise InvalidInputError(
        "Nothing is known about these texts. Bring a column of labels, pairs with a score, or questions with their "
        "answers: they say which texts belong together."
    )
