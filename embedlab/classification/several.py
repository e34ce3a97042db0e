"""Several labels a row, learned from embeddings: each label by a model of its own."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from embedlab.classification.learned import Learned
from embedlab.classification.sets import overlap, overlap_of_most_frequent
from embedlab.columns import write_labels
from embedlab.intervals import mean_interval

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

# A model of one label gives it to what is more probably of it than not.
_GIVEN_FROM = 0.5


@dataclass(frozen=True, eq=False)
class MultiClassification(Learned):
    """What one logistic regression a label learned of sets of labels, and how they did on rows they had not seen.

    Parameters
    ----------
    classes : tuple of str of length n_classes
        The labels that were learned, in the order of the alphabet.
    labels : bool array of shape (n, n_classes)
        Which labels each row has, of those that were learned.
    probabilities : float32 array of shape (n, n_classes)
        Probability that a row has each label, from 0 to 1; they need not be 1 in sum. For labelled rows by models that
        have not seen the row nor one equal to it; for the others by the models of all labelled rows.
    left_out : dict of str to int
        Labels that only one text has, with the number of their rows: they are neither learned nor counted. A row that
        has others besides is learned from and counted by those.
    n_unlabelled, together, is_grouped
        As in :class:`Classification`.
    """

    labels: NDArray[np.bool_]

    @property
    def is_labelled(self) -> NDArray[np.bool_]:
        """Rows with a label that was learned, each predicted by models that had not seen it, shape (n,)."""
        return self.labels.max(axis=1)

    @property
    def predictions(self) -> NDArray[np.bool_]:
        """Whether each row is given each label, with a probability of a half or more, shape (n, n_classes)."""
        return self.probabilities >= _GIVEN_FROM

    @property
    def hits(self) -> NDArray[np.int64]:
        """Rows of each label that were given it, shape (n_classes,)."""
        return (self.labels & self.predictions).sum(axis=0)

    @property
    def support(self) -> NDArray[np.int64]:
        """Rows of each label, shape (n_classes,)."""
        return self.labels.sum(axis=0)

    @property
    def given(self) -> NDArray[np.int64]:
        """Labelled rows that were given each label, shape (n_classes,)."""
        return self.predictions[self.is_labelled].sum(axis=0)

    @cached_property
    def overlaps(self) -> NDArray[np.float64]:
        """Jaccard index of the given and the predicted labels of each labelled row, from 0 to 1, (n_labelled,)."""
        return overlap(self.labels[self.is_labelled], self.predictions[self.is_labelled])

    @property
    def mean_overlap(self) -> float:
        """Mean of ``overlaps``: 1 where all labels of all rows were predicted, and no others."""
        return float(self.overlaps.mean())

    @property
    def overlap_interval(self) -> tuple[float, float]:
        """The 95 % interval of the mean overlap, with rows held out together as one draw."""
        return mean_interval(self.overlaps, self.together[self.is_labelled])

    @property
    def exact(self) -> float:
        """Share of the labelled rows whose labels were all predicted, and no others, from 0 to 1."""
        return float((self.overlaps == 1).mean())

    @property
    def baseline(self) -> float:
        """Mean overlap of giving every row the same most frequent labels, as many of them as is best."""
        return overlap_of_most_frequent(self.labels[self.is_labelled])

    @property
    def missing(self) -> NDArray[np.bool_]:
        """Labels that labelled rows do not have and were given, shape (n, n_classes)."""
        return ~self.labels & self.predictions & self.is_labelled[:, None]

    @property
    def surplus(self) -> NDArray[np.bool_]:
        """Labels that rows have and were not given, shape (n, n_classes)."""
        return self.labels & ~self.predictions

    @property
    def is_suspect(self) -> NDArray[np.bool_]:
        """Labelled rows with a missing or a surplus label, shape (n,)."""
        return (self.missing | self.surplus).max(axis=1)

    @cached_property
    def margins(self) -> NDArray[np.float32]:
        """Of the label most surely missing or surplus: how much more probable that is than the contrary, (n,)."""
        by_label = np.abs(2 * self.probabilities - 1)
        return np.where(self.missing | self.surplus, by_label, 0).max(axis=1)

    def names(self, rows: NDArray[np.int64]) -> list[str]:
        """Return the predicted labels of some rows, each as one text, the most probable label first."""
        return [write_labels(names) for names in self._sets(self.probabilities[rows])]

    def listed_probabilities(self, rows: NDArray[np.int64]) -> list[str]:
        """Return the probabilities of the predicted labels of some rows, in the order of ``names``: 0.91; 0.62."""
        sizes = self.predictions[rows].sum(axis=1)
        ordered = -np.sort(-self.probabilities[rows], axis=1)
        return ["; ".join(f"{each:.2f}" for each in row[:size]) for row, size in zip(ordered, sizes, strict=True)]

    def names_in(self, which: NDArray[np.bool_]) -> list[str]:
        """Return the labels marked in each row of an array of shape (m, n_classes), each as one text."""
        return [write_labels(tuple(self.classes[code] for code in np.flatnonzero(row))) for row in which]

    def predict(self, embeddings: ArrayLike) -> tuple[list[tuple[str, ...]], NDArray[np.float32]]:
        """Predict the labels of new texts by the models of all labelled rows.

        Parameters
        ----------
        embeddings : array-like of shape (m, d)
            By the same model as those it was learned from.

        Returns
        -------
        names : list of tuple of str of length m
            The labels with a probability of a half or more, the most probable first; none where there is no such one.
        probabilities : float32 array of shape (m, n_classes)

        Raises
        ------
        InvalidInputError
            When the dimensions differ.
        """
        found = self._ask(embeddings)
        return self._sets(found), found

    def _sets(self, probabilities: NDArray[np.float32]) -> list[tuple[str, ...]]:
        order = np.argsort(-probabilities, axis=1, kind="stable")
        sizes = (probabilities >= _GIVEN_FROM).sum(axis=1)
        return [tuple(self.classes[code] for code in row[:size]) for row, size in zip(order, sizes, strict=True)]

    def _lies(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        rows, codes = np.nonzero(self.labels)
        return rows, codes
