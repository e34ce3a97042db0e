"""One of two settings that stand side by side: texts, a model, and a way from a question to a prompt."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from embedlab.gold import id_column
from embedlab.retrieval import PassageIndex

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from embedlab.datasets import Corpus
    from embedlab.retrieval import Way
    from embedlab.ui.choices import Selection


@dataclass(frozen=True, eq=False)
class Side:
    """A setting.

    Parameters
    ----------
    name : str
        ``"a"`` or ``"b"``.
    panel : Selection
        What is chosen in the panel, whose filter holds for both.
    selection : Selection
        The texts and the model of this side.
    way : Way
    """

    name: str
    panel: Selection
    selection: Selection
    way: Way

    @property
    def rows(self) -> NDArray[np.int64] | None:
        """The passages of this side that pass the filter; None while all are looked at."""
        passing = self.panel.rows
        if passing is None or self.selection.corpus is self.panel.corpus:
            return passing
        kept = np.unique(self.panel.corpus.table_rows[passing])
        return np.flatnonzero(np.isin(self.selection.corpus.table_rows, kept))

    def index(self) -> PassageIndex:
        """Return the passages of this side, with no index yet."""
        corpus = self.selection.corpus
        return PassageIndex.of(corpus, documents=document_names(corpus.documents or corpus))


def document_names(documents: Corpus) -> list[str]:
    """Return what names each document: its id where the table has a column of them, else its row, from 1."""
    column = id_column(documents.whole, documents.text_column)
    if column is not None:
        return documents.frame[column].astype(str).tolist()
    return [str(row + 1) for row in documents.table_rows.tolist()]
