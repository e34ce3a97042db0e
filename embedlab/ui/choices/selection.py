"""What a person has chosen in the frame, as every page and view is told it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from embedlab.datasets import Corpus, Dataset, Preparation
from embedlab.errors import InvalidInputError

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from embedlab.texts import Splitting


@dataclass(frozen=True, eq=False)
class Selection:
    """What the person has chosen in the frame.

    Parameters
    ----------
    dataset : Dataset
    text_column, label_column : str or None
    model, pooling_mode : str
    filter_name : str
        Names the filter on the texts; empty while all are looked at.
    rows : int64 array or None
        Texts that pass the filter; None while all are looked at.
    further_columns : tuple of str
        Columns that are joined to the text column.
    cleaning : tuple of str
        The steps the texts are cleaned by.
    splitting : Splitting or None
        How long texts are split; None while they are cut at the model's limit.
    split : callable or None
        Returns the texts as passages, as ``splitting`` says: what counts the tokens is the model.
    """

    dataset: Dataset
    text_column: str | None
    label_column: str | None
    model: str
    pooling_mode: str
    filter_name: str = ""
    rows: NDArray[np.int64] | None = None
    further_columns: tuple[str, ...] = ()
    cleaning: tuple[str, ...] = ()
    splitting: Splitting | None = None
    split: Callable[[], Corpus] | None = None

    @property
    def preparation(self) -> Preparation | None:
        """What makes the texts; None while no text column is chosen."""
        if self.text_column is None:
            return None
        return Preparation((self.text_column, *self.further_columns), self.cleaning)

    @cached_property
    def corpus(self) -> Corpus:
        """The texts that are embedded.

        Raises
        ------
        InvalidInputError
            While no text column is chosen, and where the texts cannot be split as it is asked for.
        ModelNotFetchedError, ModelLoadError
            When they are to be split, and there is no model to count their tokens.
        """
        if self.preparation is None:
            raise InvalidInputError(
                f"No column of {self.dataset.title} looks like texts. Choose the text column in the panel on the left, "
                "or load another file on the Data page."
            )
        return self.dataset.corpus(self.preparation) if self.split is None else self.split()

    @property
    def of_documents(self) -> Selection:
        """The same choices with whole texts, all of them, where they are split."""
        if self.splitting is None:
            return self
        return replace(self, splitting=None, split=None, filter_name="", rows=None)

    @property
    def languages(self) -> dict[str, float]:
        """The languages of the texts with their shares; none while there are no texts. No model is needed."""
        try:
            return self.of_documents.corpus.languages
        except InvalidInputError:
            return {}

    @property
    def left_out(self) -> NDArray[np.int64] | None:
        """Texts that do not pass the filter; None while all are looked at."""
        return None if self.rows is None else np.setdiff1d(np.arange(len(self.corpus.texts)), self.rows)

    def keep_matching(self, rows: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return those of some texts that pass the filter, in their order."""
        return rows if self.rows is None else rows[np.isin(rows, self.rows)]
