"""Figures of embeddings with labels, one for each text, so that a mean and its sampling error can be taken."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

import numpy as np

from embedlab.classification import EvenScale, deal_folds, fit_probe, held_together
from embedlab.compute import Threads
from embedlab.errors import InvalidInputError
from embedlab.evaluation.ranking import CUTOFF
from embedlab.rows import normalize_rows, row_blocks
from embedlab.similarity import different_rows
from embedlab.validation import as_embeddings, check_labels

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

_N_FOLDS = 5


def probe_hits(
    embeddings: ArrayLike,
    labels: ArrayLike,
    *,
    groups: Sequence[object] | NDArray | None = None,
    copies: NDArray[np.int64] | None = None,
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
    copies : int array of shape (n,), optional
        A number for each row, the same for copies; those of equal embeddings when not given. Embeddings of few bits are
        equal for many texts that are no copies.
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
    hits = np.empty(len(rows), dtype=bool)
    for held, learned, asked in probe_folds(rows, known, groups, copies, random_state):
        hits[held] = fit_probe(learned, known[~held]).predict(asked) == known[held]
    return hits


def probe_folds(
    rows: NDArray[np.float32],
    codes: NDArray[np.int64],
    groups: Sequence[object] | NDArray | None,
    copies: NDArray[np.int64] | None,
    random_state: int,
) -> Iterator[tuple[NDArray[np.bool_], NDArray[np.float32], NDArray[np.float32]]]:
    """Give which rows are held out, fold by fold, the features a probe learns from, and those it has not seen.

    Raises
    ------
    InvalidInputError
        When all rows are held out together.
    """
    together = held_together(different_rows(normalize_rows(rows))[1] if copies is None else copies, groups)
    folds = deal_folds(codes, together, _N_FOLDS, random_state)
    if not folds.any():
        raise InvalidInputError("All texts are copies of each other or of one group, so none is left to learn from.")
    features = EvenScale.of(rows)(rows)
    for fold in range(int(folds.max()) + 1):
        held = folds == fold
        yield held, features[~held], features[held]


def neighbor_purity(
    embeddings: ArrayLike,
    labels: ArrayLike,
    *,
    groups: Sequence[object] | NDArray | None = None,
    copies: NDArray[np.int64] | None = None,
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
    copies : int array of shape (n,), optional
        As for :func:`probe_hits`.
    rows : int64 array of shape (m,), optional
        The rows whose neighbours are looked at; all when not given.
    n_neighbors : int, default=10
        Fewer where there are not as many.

    Returns
    -------
    float64 array of shape (m,)
        From 0 to 1; NaN for a row that has nothing but copies.
    """
    unit = as_embeddings(embeddings)
    known = check_labels(labels, len(unit))
    return neighbor_means(unit, lambda own, near: known[near] == known[own], groups, copies, rows, n_neighbors)


def neighbor_means(
    embeddings: NDArray[np.float32],
    likeness: Callable[[NDArray[np.int64], NDArray[np.int64]], NDArray],
    groups: Sequence[object] | NDArray | None,
    copies: NDArray[np.int64] | None,
    rows: NDArray[np.int64] | None,
    n_neighbors: int,
) -> NDArray[np.float64]:
    """Return how alike each row and its nearest are, as a mean over these; see :func:`neighbor_purity`.

    Parameters
    ----------
    embeddings, groups, copies, rows, n_neighbors
        As there.
    likeness : callable
        From rows of shape (b, 1) and their nearest of shape (b, k) to how alike they are, from 0 to 1, shape (b, k).

    Returns
    -------
    float64 array of shape (m,)
        NaN for a row that has nothing but copies.
    """
    unit = normalize_rows(embeddings)
    together = held_together(different_rows(unit)[1] if copies is None else copies, groups)
    asked = np.arange(len(unit)) if rows is None else rows
    means = np.full(len(asked), np.nan)

    def measure(block: slice) -> None:
        own = asked[block]
        cosines = unit[own] @ unit.T
        cosines[together[own][:, None] == together] = -np.inf
        near = np.argpartition(-cosines, min(n_neighbors, len(unit)) - 1, axis=1)[:, :n_neighbors]
        is_other = np.take_along_axis(cosines, near, axis=1) > -np.inf
        with np.errstate(invalid="ignore"):
            means[block] = (likeness(own[:, None], near) * is_other).sum(axis=1) / is_other.sum(axis=1)

    with Threads() as threads:
        # Threads that have a block each take as much memory together as one block does elsewhere, on eight cores.
        for _ in threads.each(measure, row_blocks(len(asked), 8 * len(unit))):
            pass
    return means
