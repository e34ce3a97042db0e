"""The texts that can be embedded: taken from a table, whole or as passages, with the rows they come from."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

from embedlab.columns import Meanings, Scale
from embedlab.datasets.preparation import Preparation, prepare
from embedlab.errors import InvalidInputError
from embedlab.texts import TextSummary, find_languages, summarize_texts, texts_digest

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

    from embedlab.tables import Table
    from embedlab.texts import Passages


@dataclass(frozen=True)
class Corpus:
    """The texts of a table that can be embedded, and where they stand in it.

    Parameters
    ----------
    texts : list of str of length n
        Blank and invisible texts are left out: a model gives all of them one and the same vector.
    frame : DataFrame with n rows
        The rows these texts come from, with all columns.
    summary : TextSummary
        What was kept and what was set aside.
    digest : str
        Digest of the texts, and of where they stand if they are passages.
    text_column : str
        The column of ``frame`` that holds the texts.
    whole : DataFrame
        All rows, those of blank texts among them; ``summary.kept`` says which ``frame`` has.
    meanings : Meanings
        What the cells of ``whole`` mean.
    prepared : tuple of str, default=()
        The columns of ``whole`` that the table does not have.
    documents : Corpus or None
        What the texts are passages of; None where they are whole.
    passages : Passages or None
        Where each text stands in the texts of ``documents``.
    """

    texts: list[str]
    frame: pd.DataFrame
    summary: TextSummary
    digest: str
    text_column: str
    whole: pd.DataFrame
    meanings: Meanings
    prepared: tuple[str, ...] = ()
    documents: Corpus | None = None
    passages: Passages | None = None

    @property
    def table_rows(self) -> NDArray[np.int64]:
        """The row of the table, counted from 0, that each text comes from, shape (n,)."""
        if self.documents is None or self.passages is None:
            return self.summary.kept
        return self.documents.table_rows[self.passages.document]

    @property
    def document(self) -> NDArray[np.int64] | None:
        """Position among ``documents`` of what each text is a passage of, shape (n,); None where texts are whole."""
        return None if self.passages is None else self.passages.document

    @property
    def n_documents(self) -> int:
        """Number of documents; of the texts where they are whole."""
        return len(self.texts if self.documents is None else self.documents.texts)

    @cached_property
    def places(self) -> dict[str, NDArray[np.int64]]:
        """Where each passage stands, as columns of a table; none where texts are whole.

        ``document`` is the row of the table counted from 1, ``passage`` and ``passages`` are which of how many,
        ``start`` and ``end`` its place in the document's text in characters.
        """
        if self.documents is None or self.passages is None:
            return {}
        return self.passages.places(self.documents.table_rows + 1)

    def place(self, row: int) -> str:
        """Return where a passage stands, in words; empty where texts are whole."""
        return _in_words(*(int(self.places[name][row]) for name in _PLACE)) if self.places else ""

    def around(self, row: int) -> tuple[str, int, int]:
        """Return the document a text is a passage of, and where it begins and ends there; a whole text is its own."""
        if self.documents is None or self.passages is None:
            return self.texts[row], 0, len(self.texts[row])
        found = self.passages
        return self.documents.texts[found.document[row]], int(found.start[row]), int(found.end[row])

    @cached_property
    def captions(self) -> list[str]:
        """The texts as they are shown alone, as on a map: behind the place of each where they are passages."""
        if not self.places:
            return self.texts
        columns = (self.places[name].tolist() for name in _PLACE)
        return [f"{_in_words(*place).capitalize()}: {text}" for *place, text in zip(*columns, self.texts, strict=True)]

    @cached_property
    def nbytes(self) -> int:
        """Rough size in memory, in bytes, beside that of the table: prepared cells, and places for all cells.

        Passages share the cells of their documents.
        """
        frames = [self.whole] * bool(self.prepared) + [self.frame] * (self.frame is not self.whole)
        n_places = len(self.texts) + sum(frame.size for frame in frames)
        cells = self.whole[list(self.prepared)].memory_usage(index=False, deep=True).sum() if self.prepared else 0
        return _PLACE_BYTES * n_places + int(cells)

    @cached_property
    def languages(self) -> dict[str, float]:
        """The languages of the texts with their shares, as :func:`embedlab.texts.find_languages` finds them."""
        return find_languages(self.texts)

    def _read(self, column: str) -> tuple[Meanings, NDArray[np.int64]]:
        """Return what tells the meaning of a column, and the row that each text has there.

        A column means the same whether its texts are split or not: long ones do not count more than once.
        """
        if self.documents is None or self.passages is None or column not in self.documents.whole.columns:
            return self.meanings, self.frame.index.to_numpy()
        meanings, rows = self.documents._read(column)
        return meanings, rows[self.passages.document]

    def labels(self, column: str) -> NDArray[np.object_]:
        """Return the cells of a column for these texts, ``""`` where one is missing, shape (n,)."""
        meanings, rows = self._read(column)
        return meanings.labels(column)[rows]

    def label_sets(self, column: str) -> NDArray[np.object_] | None:
        """Return the labels of each text as a tuple, shape (n,); None where a cell of the column holds one label."""
        meanings, rows = self._read(column)
        sets = meanings.label_sets(column)
        return None if sets is None else sets[rows]

    def known_labels(self, column: str) -> NDArray[np.object_]:
        """Return what :func:`embedlab.classify` takes: tuples where a cell lists several labels, else the cells."""
        sets = self.label_sets(column)
        return self.labels(column) if sets is None else sets

    def scale(self, column: str) -> Scale | None:
        """Return a column for these texts as numbers, dates or times of day; None for one of categories."""
        meanings, rows = self._read(column)
        scale = meanings.scale(column)
        return None if scale is None else replace(scale, numbers=scale.numbers[rows])


_PLACE = "document", "passage", "passages"
# Of a list or a column, for a cell.
_PLACE_BYTES = 8


def _in_words(document: int, passage: int, passages: int) -> str:
    return f"document {document:,}, passage {passage:,} of {passages:,}"


def select_texts(
    table: Table,
    text: str | Preparation,
    meanings: Meanings | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Corpus:
    """Take the texts of a table, with blank and invisible ones set aside.

    Parameters
    ----------
    table : Table
    text : str or Preparation
        The text column, or which columns are joined and how they are cleaned. Prepared texts stand in a column of their
        own, ``Corpus.text_column``; the columns of the file stay as they are.
    meanings : Meanings, optional
        What the cells of the table mean, where that is known already.
    progress : callable, optional
        Called with the cells that are cleaned by a step, and all of them, where they are cleaned.

    Returns
    -------
    Corpus

    Raises
    ------
    InvalidInputError
        When a column does not exist or nothing can be embedded.
    """
    preparation = Preparation.of(text)
    there = table.frame.columns
    if missing := [column for column in preparation.columns if column not in there]:
        raise InvalidInputError(f"{table.report.file_name} has no column {missing[0]!r}. It has: {', '.join(there)}.")
    whole, text_column = prepare(table.frame, preparation, progress)
    column = whole[text_column].tolist()
    summary = summarize_texts(column)
    if not len(summary.kept):
        named = " and ".join(map(repr, preparation.columns))
        after = " when it is cleaned" if preparation.cleaning else ""
        raise InvalidInputError(f"Every text in the column {named} is blank{after}. Choose another text column.")
    texts = [column[row] for row in summary.kept]
    kept = whole if len(texts) == len(whole) else whole.iloc[summary.kept]
    if meanings is None or whole is not meanings.frame:
        meanings = Meanings(whole) if meanings is None else meanings.of(whole)
    prepared = tuple(whole.columns[len(there) :])
    return Corpus(texts, kept, summary, texts_digest(texts), text_column, whole, meanings, prepared)
