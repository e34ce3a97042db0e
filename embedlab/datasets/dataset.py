"""Datasets on a server: uploads under ids nobody can guess, samples by name, and the texts chosen from them."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass, field, replace
from functools import cached_property
from hashlib import sha256
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

from embedlab.columns import ColumnGuess, Meanings, Scale, guess_label_column, guess_text_column
from embedlab.datasets.preparation import Preparation, prepare
from embedlab.errors import InvalidInputError, TableError
from embedlab.reading import DoubleEncoding, find_double_encoding
from embedlab.samples import SAMPLES, sample_path
from embedlab.tables import ReadOptions, Table
from embedlab.texts import TextSummary, find_languages, summarize_texts, texts_digest

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

T = TypeVar("T")

# What is made of one dataset and kept with it: its texts by column, what is known about them.
_KEPT_PARTS = 8
_PLACE_BYTES = 8


@dataclass(frozen=True)
class Dataset:
    """A table somebody works on.

    Parameters
    ----------
    id : str
        Names it in an address: the name of a bundled sample, or 32 hexadecimal digits nobody can guess; for some rows
        of either, see :func:`embedlab.datasets.uploads.id_of_sample`.
    title : str
        What a person calls it.
    table : Table
    files : tuple of (str, bytes)
        Name and content of each file as it was uploaded, to read them again another way; empty for a sample.
    options : ReadOptions
        How ``files`` were read.
    whole : Dataset or None
        What it is a sample of.
    """

    id: str
    title: str
    table: Table
    files: tuple[tuple[str, bytes], ...] = ()
    options: ReadOptions = ReadOptions()
    whole: Dataset | None = None
    _parts: dict[Hashable, Any] = field(default_factory=dict, repr=False, compare=False)

    def part(self, key: Hashable, make: Callable[[], T]) -> T:
        """Return what ``make()`` makes of this dataset: made once under its key, and gone with the dataset."""
        found: T | None = self._parts.get(key)
        if found is None:
            self._parts[key] = found = make()
            for oldest in list(self._parts)[:-_KEPT_PARTS]:
                self._parts.pop(oldest, None)
        return found

    def corpus(self, text: str | Preparation, progress: Callable[[int, int], None] | None = None) -> Corpus:
        """Return the texts of a column, or prepared ones, selected once; see :func:`select_texts`."""
        preparation = Preparation.of(text)
        return self.part(("texts", preparation), lambda: select_texts(self.table, preparation, self.meanings, progress))

    @cached_property
    def meanings(self) -> Meanings:
        """What the cells of each column mean."""
        return Meanings(self.table.frame, self.options.missing, self.options.day_first)

    @cached_property
    def text_guess(self) -> ColumnGuess | None:
        """The column that looks most like texts, and why; None where none does, and for a sample, whose is known."""
        if self.whole is not None or self.id in SAMPLES:
            return None if self.whole is None else self.whole.text_guess
        try:
            return guess_text_column(self.table.frame)
        except TableError:
            return None

    @property
    def text_column(self) -> str | None:
        """The column of a sample that holds the texts, or the one that looks most like them; None where none does."""
        origin = self.whole or self
        if origin.id in SAMPLES:
            return SAMPLES[origin.id].text_column
        return None if self.text_guess is None else self.text_guess.column

    @cached_property
    def label_column(self) -> str | None:
        """The column that looks most like labels, if there is one."""
        if self.whole is not None:
            return self.whole.label_column
        if self.id in SAMPLES:
            return SAMPLES[self.id].label_column
        return guess_label_column(self.table.frame, self.text_column) if self.text_column else None

    @cached_property
    def double_encoding(self) -> DoubleEncoding:
        """Cells that a repair would change; none in a sample."""
        return find_double_encoding(self.table.frame) if self.files else DoubleEncoding(0, ())

    @cached_property
    def digests(self) -> dict[str, str]:
        """SHA-256 of the bytes of each file it was read from, hexadecimal, by the name of the file."""
        origin = self.whole or self
        if origin.id in SAMPLES:
            files = [(SAMPLES[origin.id].file_name, sample_path(origin.id).read_bytes())]
        else:
            files = list(origin.files)
        return {name: sha256(content).hexdigest() for name, content in files}

    @property
    def nbytes(self) -> int:
        """Rough size in memory, in bytes: the cells, the files, and the texts that were taken or prepared so far."""
        return self._table_bytes + sum(part.nbytes for part in list(self._parts.values()) if isinstance(part, Corpus))

    @cached_property
    def _table_bytes(self) -> int:
        return int(self.table.frame.memory_usage(deep=True).sum()) + sum(len(content) for _, content in self.files)


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
        Digest of the texts.
    text_column : str
        The column of ``frame`` that holds the texts.
    whole : DataFrame
        All rows, those of blank texts among them; ``summary.kept`` says which ``frame`` has.
    meanings : Meanings
        What the cells of ``whole`` mean.
    prepared : tuple of str, default=()
        The columns of ``whole`` that the table does not have.
    """

    texts: list[str]
    frame: pd.DataFrame
    summary: TextSummary
    digest: str
    text_column: str
    whole: pd.DataFrame
    meanings: Meanings
    prepared: tuple[str, ...] = ()

    @cached_property
    def nbytes(self) -> int:
        """Rough size in memory, in bytes, beside that of the table: prepared cells, and places for all cells."""
        frames = [self.whole] * bool(self.prepared) + [self.frame] * (self.frame is not self.whole)
        n_places = len(self.texts) + sum(frame.size for frame in frames)
        cells = self.whole[list(self.prepared)].memory_usage(index=False, deep=True).sum() if self.prepared else 0
        return _PLACE_BYTES * n_places + int(cells)

    @property
    def _rows(self) -> NDArray[np.int64]:
        """The row of the whole table that each text comes from: a table numbers its rows from 0."""
        return self.frame.index.to_numpy()

    @cached_property
    def languages(self) -> dict[str, float]:
        """The languages of the texts with their shares, as :func:`embedlab.texts.find_languages` finds them."""
        return find_languages(self.texts)

    def labels(self, column: str) -> NDArray[np.object_]:
        """Return the cells of a column for these texts, ``""`` where one is missing, shape (n,)."""
        return self.meanings.labels(column)[self._rows]

    def label_sets(self, column: str) -> NDArray[np.object_] | None:
        """Return the labels of each text as a tuple, shape (n,); None where a cell of the column holds one label."""
        sets = self.meanings.label_sets(column)
        return None if sets is None else sets[self._rows]

    def known_labels(self, column: str) -> NDArray[np.object_]:
        """Return what :func:`embedlab.classify` takes: tuples where a cell lists several labels, else the cells."""
        sets = self.label_sets(column)
        return self.labels(column) if sets is None else sets

    def scale(self, column: str) -> Scale | None:
        """Return a column for these texts as numbers, dates or times of day; None for one of categories."""
        scale = self.meanings.scale(column)
        return None if scale is None else replace(scale, numbers=scale.numbers[self._rows])


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
