"""Datasets on a server: uploads under ids nobody can guess, samples by name, and the texts chosen from them."""

from __future__ import annotations

import re
import secrets
import threading
from collections import OrderedDict
from dataclasses import dataclass
from functools import cached_property
from hashlib import blake2b, sha256
from typing import TYPE_CHECKING

import numpy as np

from embedlab.errors import InvalidInputError, TableError
from embedlab.samples import SAMPLES, read_sample, sample_path
from embedlab.tables import Table, guess_label_column, guess_text_column, read_table, sample_table
from embedlab.texts import TextSummary, summarize_texts, texts_digest

if TYPE_CHECKING:
    import pandas as pd

_SOME_ROWS = re.compile("([^~]+)~([1-9][0-9]{0,8})")


@dataclass(frozen=True)
class ReadOptions:
    """How a file is to be read where the guess was wrong; None leaves the guess."""

    encoding: str | None = None
    delimiter: str | None = None
    header: bool | None = None


@dataclass(frozen=True)
class Dataset:
    """A table somebody works on.

    Parameters
    ----------
    id : str
        Names it in an address: the name of a bundled sample, or 32 hexadecimal digits nobody can guess; for some rows
        of either, see :func:`id_of_sample`.
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

    @property
    def nbytes(self) -> int:
        """Rough size in memory, in bytes."""
        return int(self.table.frame.memory_usage(deep=False).sum()) + 2 * len(self.content or b"")


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
    return Corpus(texts, frame.iloc[summary.kept], summary, texts_digest(texts))


def id_of_sample(dataset_id: str, n_rows: int) -> str:
    """Return the id of a random sample of so many rows of a dataset, or of what that is itself a sample of."""
    return f"{dataset_id.partition('~')[0]}~{n_rows}"


class DatasetStore:
    """Keep the uploads of all sessions in memory, the least recently used dropped when they grow too large.

    Parameters
    ----------
    max_bytes : int, default=2 GiB
        Rough limit on the memory of all uploads together.

    Notes
    -----
    An id is a keyed hash of the file and the way it is read. The same upload gets the same id, so that cached results
    are found again, and without the key, which never leaves the process, an id cannot be computed from a file.
    """

    def __init__(self, max_bytes: int = 2 << 30) -> None:
        self.max_bytes = max_bytes
        self._key = secrets.token_bytes(32)
        self._datasets: OrderedDict[str, Dataset] = OrderedDict()
        self._samples: dict[str, Dataset] = {}
        self._lock = threading.Lock()

    def add(self, content: bytes, name: str, options: ReadOptions | None = None) -> Dataset:
        """Read a file and keep it.

        Parameters
        ----------
        content : bytes
        name : str
            File name; its ending says what the file claims to be.
        options : ReadOptions, optional
            Where the guessed encoding, delimiter or header was wrong.

        Raises
        ------
        TableError
            When the file cannot be read as a table; nothing is kept then.
        """
        options = options or ReadOptions()
        digest = blake2b(key=self._key, digest_size=16)
        for part in (content, name.encode("utf-8", "replace"), repr(options).encode()):
            digest.update(len(part).to_bytes(8, "little") + part)
        dataset_id = digest.hexdigest()
        known = self.get(dataset_id)
        if known is not None:
            return known
        table = read_table(
            content, name=name, encoding=options.encoding, delimiter=options.delimiter, header=options.header
        )
        return self._keep(Dataset(dataset_id, name, table, content, options))

    def get(self, dataset_id: str) -> Dataset | None:
        """Return a bundled sample, an upload, or some rows of either by its id, or None where there is none."""
        if dataset_id in SAMPLES:
            return self._sample(dataset_id)
        if asked := _SOME_ROWS.fullmatch(dataset_id):
            return self._some_rows(dataset_id, asked[1], int(asked[2]))
        with self._lock:
            if dataset_id in self._datasets:
                self._datasets.move_to_end(dataset_id)
            return self._datasets.get(dataset_id)

    def _some_rows(self, dataset_id: str, whole_id: str, n_rows: int) -> Dataset | None:
        whole = self.get(whole_id)
        if whole is None or n_rows >= len(whole.table.frame):
            return whole
        with self._lock:
            known = self._datasets.get(dataset_id)
        if known is not None:
            return known
        title, table = f"{whole.title} (sample of {n_rows:,} rows)", sample_table(whole.table, n_rows)
        return self._keep(Dataset(dataset_id, title, table, options=whole.options, whole=whole))

    def _keep(self, dataset: Dataset) -> Dataset:
        with self._lock:
            self._datasets[dataset.id] = dataset
            while len(self._datasets) > 1 and sum(d.nbytes for d in self._datasets.values()) > self.max_bytes:
                self._datasets.popitem(last=False)
        return dataset

    def _sample(self, name: str) -> Dataset:
        with self._lock:
            if name not in self._samples:
                self._samples[name] = Dataset(name, SAMPLES[name].title, read_sample(name))
            return self._samples[name]
