"""What is known of learned labels, whether a row has one or several."""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from embedlab.classification.confusion import LabelFigures
from embedlab.classification.probe import EvenScale, probabilities_of
from embedlab.rows import normalize_rows
from embedlab.validation import as_embeddings, check_integer, check_same_width

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray


@dataclass(frozen=True, eq=False)
class Learned(LabelFigures):
    """Labels of rows, what a model that has not seen a row says of it, and how far the two agree.

    :class:`Classification` has one label a row, :class:`MultiClassification` several; they say what the fields are.
    """

    classes: tuple[str, ...]
    labels: NDArray
    probabilities: NDArray[np.float32]
    left_out: dict[str, int]
    n_unlabelled: int
    together: NDArray[np.int64] = field(repr=False)
    _scale: EvenScale = field(repr=False)
    _model: Any = field(repr=False)
    is_grouped: bool = False

    @property
    @abstractmethod
    def is_labelled(self) -> NDArray[np.bool_]:
        """Rows that were learned from, and predicted by a model that had not seen them, shape (n,)."""

    @property
    @abstractmethod
    def is_suspect(self) -> NDArray[np.bool_]:
        """Labelled rows that a model which has not seen them gives other labels, shape (n,)."""

    @property
    @abstractmethod
    def margins(self) -> NDArray[np.float32]:
        """How much more probable the prediction is than what was given, 0 where both agree, shape (n,)."""

    @abstractmethod
    def names(self, rows: NDArray[np.int64]) -> list[str]:
        """Return what is predicted for some rows, each as one text."""

    @abstractmethod
    def _lies(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return the rows that have labels, and the labels they have, as often as they have one."""

    @property
    def n_labelled(self) -> int:
        """Number of labelled rows."""
        return int(self.is_labelled.sum())

    @property
    def n_groups(self) -> int:
        """Number of groups of labelled rows that were held out together, a row alone counted as one."""
        return len(np.unique(self.together[self.is_labelled]))

    @property
    def of_one_group(self) -> list[str]:
        """Labels whose rows were all held out together: nothing is left to learn them from, so they count as wrong."""
        rows, codes = self._lies()
        lies = np.unique(np.stack([codes, self.together[rows]]), axis=1)[0]
        return [self.classes[code] for code in np.flatnonzero(np.bincount(lies, minlength=len(self.classes)) == 1)]

    def suspects(self, top_k: int | None = None) -> NDArray[np.int64]:
        """Return the rows whose labels are likely wrong, the most confident disagreement first.

        Parameters
        ----------
        top_k : int, default=None
            How many at most; None gives all.

        Returns
        -------
        int64 array
            Rows with ``is_suspect``, by ``margins``, equal ones by position.

        References
        ----------
        C. Northcutt, L. Jiang and I. Chuang, "Confident Learning: Estimating Uncertainty in Dataset Labels", JAIR 70,
        2021. Taken from it: probabilities of rows held out, and the ranking by margin of section 3.2. Its count of how
        many labels are wrong is not.
        """
        rows = np.flatnonzero(self.is_suspect)
        if top_k is not None:
            check_integer(top_k, "top_k", 1)
        return rows[np.argsort(-self.margins[rows], kind="stable")][:top_k]

    def _ask(self, embeddings: ArrayLike) -> NDArray[np.float32]:
        """Return what the model of all labelled rows says of new texts, shape (m, n_classes)."""
        rows = as_embeddings(embeddings)
        check_same_width(self._scale.center[None], rows)
        return probabilities_of(self._model, self._scale(normalize_rows(rows)), len(self.classes))
