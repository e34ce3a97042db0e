"""What labels and predictions say: figures of each class, and of their table: accuracy and confusions."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING

import numpy as np

from embedlab.validation import check_integer

if TYPE_CHECKING:
    from numpy.typing import NDArray


class LabelFigures(ABC):
    """Figures of each label, of whoever has counted those that were found, those there are and those given."""

    @property
    @abstractmethod
    def hits(self) -> NDArray[np.int64]:
        """Labelled rows of each class that were given it, shape (n_classes,)."""

    @property
    @abstractmethod
    def support(self) -> NDArray[np.int64]:
        """Labelled rows of each class, shape (n_classes,)."""

    @property
    @abstractmethod
    def given(self) -> NDArray[np.int64]:
        """Labelled rows that were given each class, shape (n_classes,)."""

    @property
    def recall(self) -> NDArray[np.float64]:
        """Share of the rows of each class that were found, shape (n_classes,)."""
        return self.hits / self.support

    @property
    def precision(self) -> NDArray[np.float64]:
        """Share of the rows given each class that have it as label, 0 where it was never given, shape (n_classes,)."""
        return self.hits / np.maximum(self.given, 1)

    @property
    def f1(self) -> NDArray[np.float64]:
        """Harmonic mean of precision and recall of each class, shape (n_classes,)."""
        return 2 * self.hits / (self.support + self.given)

    @property
    def macro_f1(self) -> float:
        """Mean F1 of the classes, each counting the same."""
        return float(self.f1.mean())


class ConfusionFigures(LabelFigures):
    """Figures of whoever has a table of labels and predictions."""

    @property
    @abstractmethod
    def confusion(self) -> NDArray[np.int64]:
        """Rows with each label (down) that were given each class (across), shape (n_classes, n_classes)."""

    @property
    def accuracy(self) -> float:
        """Share of the labelled rows whose label was predicted, from 0 to 1."""
        return float(np.trace(self.confusion) / self.confusion.sum())

    @property
    def majority(self) -> float:
        """Share of the most frequent label: the accuracy of predicting it always."""
        return float(self.support.max() / self.confusion.sum())

    @property
    def hits(self) -> NDArray[np.int64]:
        """Labelled rows of each class that were given it, shape (n_classes,)."""
        return np.diag(self.confusion)

    @property
    def support(self) -> NDArray[np.int64]:
        """Labelled rows of each class, shape (n_classes,)."""
        return self.confusion.sum(axis=1)

    @property
    def given(self) -> NDArray[np.int64]:
        """Labelled rows that were given each class, shape (n_classes,)."""
        return self.confusion.sum(axis=0)

    @property
    def balanced_accuracy(self) -> float:
        """Mean recall of the classes: the accuracy if all had the same number of rows."""
        return float(self.recall.mean())

    def most_confused(self, limit: int) -> NDArray[np.int64]:
        """Return the positions, rising, of at most ``limit`` classes: those of the most frequent confusions."""
        errors = self.confusion - np.diag(np.diag(self.confusion))
        label, given = np.nonzero(errors)
        by_size = np.argsort(-errors[label, given], kind="stable")
        classes = np.stack([label, given], axis=1)[by_size].ravel()
        # Those that are never confused fill up what is left.
        classes = np.concatenate([classes, np.arange(len(errors))])
        first = np.sort(np.unique(classes, return_index=True)[1])[: check_integer(limit, "limit", 1)]
        return np.sort(classes[first])
