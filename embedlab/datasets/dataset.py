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
