"""Datasets on a server: uploads under ids nobody can guess, samples by name, and the texts chosen from them."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import sha256
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

from embedlab.errors import InvalidInputError, TableError
from embedlab.reading import DoubleEncoding, find_double_encoding
from embedlab.samples import SAMPLES, sample_path
from embedlab.tables import ReadOptions, Table, guess_label_column, guess_text_column
from embedlab.texts import TextSummary, summarize_texts, texts_digest

if TYPE_CHECKING:
    import pandas as pd

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
    def text_column(self) -> str | None:
        """The column that looks most like texts, or None where no column does."""
        if self.whole is not None:
            return self.whole.text_column
        if self.id in SAMPLES:
            return SAMPLES[self.id].text_column
        try:
            return guess_text_column(self.table.frame)
        except TableError:
            return None

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
    """

    texts: list[str]
    frame: pd.DataFrame
    summary: TextSummary
    digest: str

    def labels(self, column: str) -> np.ndarray:
        """Return the values of a column for these texts, an object array of str of shape (n,)."""
        return self.frame[column].to_numpy(dtype=object)


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
    return Corpus(texts, kept, summary, texts_digest(texts))
