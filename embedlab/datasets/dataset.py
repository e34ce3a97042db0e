"""Datasets on a server: uploads under ids nobody can guess, samples by name, and the texts chosen from them."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass, field, replace
from functools import cached_property
from hashlib import sha256
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

from embedlab.columns import ColumnGuess, Meanings, Scale, guess_label_column, guess_text_column
from embedlab.errors import InvalidInputError, TableError
from embedlab.reading import DoubleEncoding, find_double_encoding
from embedlab.samples import SAMPLES, sample_path
from embedlab.tables import ReadOptions, Table
from embedlab.texts import TextSummary, summarize_texts, texts_digest

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

T = TypeVar("T")

# What is made of one dataset and kept with it: its texts by column, what is known about them.
_KEPT_PARTS = 8


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
    content : bytes or None
        The file as it was uploaded, to read it again another way; None for a sample.
    options : ReadOptions
        How ``content`` was read.
    whole : Dataset or None
        What it is a sample of.
    """

    id: str
    title: str
    table: Table
    content: bytes | None = None
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

    def corpus(self, text_column: str) -> Corpus:
        """Return the texts of one column, selected once; see :func:`select_texts`."""
        return self.part(("texts", text_column), lambda: select_texts(self, text_column))

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
        return find_double_encoding(self.table.frame) if self.content is not None else DoubleEncoding(0, ())

    @property
    def file_name(self) -> str:
        """The name of the file it was read from."""
        origin = self.whole or self
        return SAMPLES[origin.id].file_name if origin.id in SAMPLES else origin.title

    @cached_property
    def sha256(self) -> str:
        """Digest of the bytes of that file, hexadecimal."""
        origin = self.whole or self
        content = sample_path(origin.id).read_bytes() if origin.id in SAMPLES else origin.content or b""
        return sha256(content).hexdigest()

    @cached_property
    def nbytes(self) -> int:
        """Rough size in memory, in bytes: the cells and the file."""
        return int(self.table.frame.memory_usage(deep=True).sum()) + len(self.content or b"")


@dataclass(frozen=True)
class Corpus:
    """The texts of one column that can be embedded, and where they stand in the table.

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
    meanings : Meanings
        What the cells of the whole table mean.
    """

    texts: list[str]
    frame: pd.DataFrame
    summary: TextSummary
    digest: str
    meanings: Meanings

    @property
    def _rows(self) -> NDArray[np.int64]:
        """The row of the whole table that each text comes from: a table numbers its rows from 0."""
        return self.frame.index.to_numpy()

    def labels(self, column: str) -> NDArray[np.object_]:
        """Return the cells of a column for these texts, ``""`` where one is missing, shape (n,)."""
        return self.meanings.labels(column)[self._rows]

    def label_sets(self, column: str) -> NDArray[np.object_] | None:
        """Return the labels of each text as a tuple, shape (n,); None where a cell of the column holds one label."""
        sets = self.meanings.label_sets(column)
        return None if sets is None else sets[self._rows]

    def scale(self, column: str) -> Scale | None:
        """Return a column for these texts as numbers, dates or times of day; None for one of categories."""
        scale = self.meanings.scale(column)
        return None if scale is None else replace(scale, numbers=scale.numbers[self._rows])


def select_texts(dataset: Dataset, text_column: str) -> Corpus:
    """Take the texts of one column, with blank and invisible ones set aside.

    Parameters
    ----------
    dataset : Dataset
    text_column : str

    Returns
    -------
    Corpus

    Raises
    ------
    InvalidInputError
        When the column does not exist or holds nothing that can be embedded.
    """
    frame = dataset.table.frame
    if text_column not in frame.columns:
        raise InvalidInputError(f"{dataset.title} has no column {text_column!r}. It has: {', '.join(frame.columns)}.")
    column = frame[text_column].tolist()
    summary = summarize_texts(column)
    if not len(summary.kept):
        raise InvalidInputError(f"Every text in the column {text_column!r} is blank. Choose another text column.")
    texts = [column[row] for row in summary.kept]
    kept = frame if len(texts) == len(frame) else frame.iloc[summary.kept]
    return Corpus(texts, kept, summary, texts_digest(texts), dataset.meanings)
