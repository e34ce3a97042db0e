"""Datasets on a server: uploads under ids nobody can guess, and samples by name."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import sha256
from typing import Any, TypeVar

from embedlab.columns import ColumnGuess, Meanings, guess_label_column, guess_text_column
from embedlab.datasets.corpus import Corpus, select_texts
from embedlab.datasets.preparation import Preparation
from embedlab.errors import TableError
from embedlab.reading import DoubleEncoding, find_double_encoding
from embedlab.samples import SAMPLES, sample_path
from embedlab.tables import ReadOptions, Table

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

    def corpus(self, text: str | Preparation) -> Corpus:
        """Return the texts of a column, or prepared ones, selected once; see :func:`select_texts`."""
        preparation = Preparation.of(text)
        return self.part(("texts", preparation), lambda: select_texts(self.table, preparation, self.meanings))

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
