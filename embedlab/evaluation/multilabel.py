"""Figures of embeddings with several labels a text, one for each text: how far two sets of labels overlap."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from embedlab.classification import fit_probe, overlap, probabilities_of, rarest_labels
from embedlab.errors import InvalidInputError
from embedlab.evaluation.metrics import neighbor_means, probe_folds
from embedlab.evaluation.ranking import CUTOFF
from embedlab.validation import as_embeddings, check_same_length

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray


def probe_jaccard(
    embeddings: ArrayLike,
    members: NDArray[np.bool_],
    *,
    groups: Sequence[object] | NDArray | None = None,
    copies: NDArray[np.int64] | None = None,
    random_state: int = 0,
) -> NDArray[np.float64]:
    """Return how far the labels that linear probes give a row they have not seen overlap with its own.

    One logistic regression for each label says whether a row has it, which it does from a probability of a half. Folds,
    scale and penalty are those of :func:`embedlab.evaluation.probe_hits`; the folds spread the rarest label of each
    row.

    Parameters
    ----------
    embeddings : array-like of shape (n, d)
    members : bool array of shape (n, n_labels)
        Which labels a row has, one at least.
    groups : sequence of length n, optional
        What rows that know of each other share; they are held out together, as copies are.
    copies : int array of shape (n,), optional
        As for :func:`embedlab.evaluation.probe_hits`.
    random_state : int, default=0
        Which rows make up a fold.

    Returns
    -------
    float64 array of shape (n,)
        The Jaccard index: labels in both sets, over labels in either; from 0 to 1.

    Raises
    ------
    InvalidInputError
        When a row has no label, or all rows are held out together.
    """
    rows = as_embeddings(embeddings)
    _check_members(members, len(rows))
    found = np.empty(len(rows))
    for held, learned, asked in probe_folds(rows, rarest_labels(members), groups, copies, random_state):
        probabilities = probabilities_of(fit_probe(learned, members[~held]), asked, members.shape[1])
        found[held] = overlap(members[held], probabilities >= 0.5)
    return found


def neighbor_jaccard(
    embeddings: ArrayLike,
    members: NDArray[np.bool_],
    *,
    groups: Sequence[object] | NDArray | None = None,
    copies: NDArray[np.int64] | None = None,
    rows: NDArray[np.int64] | None = None,
    n_neighbors: int = CUTOFF,
) -> NDArray[np.float64]:
    """Return how far the labels of each row and of its nearest overlap, as a mean over these.

    Parameters
    ----------
    embeddings, groups, copies, rows, n_neighbors
        As for :func:`embedlab.evaluation.neighbor_purity`; copies of a row are not its neighbours.
    members : bool array of shape (n, n_labels)
        Which labels a row has, one at least.

    Returns
    -------
    float64 array of shape (m,)
        Mean Jaccard index, from 0 to 1; NaN for a row that has nothing but copies.

    Raises
    ------
    InvalidInputError
        When a row has no label.
    """
    unit = as_embeddings(embeddings)
    _check_members(members, len(unit))
    return neighbor_means(
        unit, lambda own, near: overlap(members[own], members[near]), groups, copies, rows, n_neighbors
    )


def _check_members(members: NDArray[np.bool_], n_rows: int) -> None:
    check_same_length("texts", n_rows, "sets of labels", len(members))
    if not members.any(axis=1).all():
        raise InvalidInputError("A text has no label. Give each of them one at least, or leave it out.")
