"""Uploads on a server, kept in memory under ids nobody can guess; and the samples, under their names."""

from __future__ import annotations

import re
import secrets
import threading
from collections import OrderedDict
from collections.abc import Sequence
from hashlib import blake2b

from embedlab.datasets.dataset import Dataset
from embedlab.errors import InvalidInputError, TableError
from embedlab.jobs import Uses, Visitor
from embedlab.limits import limits, setting_of
from embedlab.reading import number_names, read_table, read_tables
from embedlab.samples import SAMPLES, read_sample
from embedlab.tables import ReadOptions, Table, sample_table

_SOME_ROWS = re.compile("([^~]+)~([1-9][0-9]{0,8})")


def id_of_sample(dataset_id: str, n_rows: int) -> str:
    """Return the id of a random sample of so many rows of a dataset, or of what that is itself a sample of."""
    return f"{dataset_id.partition('~')[0]}~{n_rows}"


def read_files(files: Sequence[tuple[str, bytes]], options: ReadOptions) -> Table:
    """Read a file as it is, or several as one table."""
    if len(files) > 1:
        return read_tables(files, **options.of_file)
    return read_table(files[0][1], name=files[0][0], **options.of_file)


def title_of(names: Sequence[str]) -> str:
    """Return what a person calls some files.

    Examples
    --------
    >>> title_of(["may.csv"]), title_of(["may.csv", "june.csv", "july.csv"])
    ('may.csv', 'may.csv and 2 more')
    """
    return names[0] if len(names) == 1 else f"{names[0]} and {len(names) - 1:,} more"


def _check_files(files: Sequence[tuple[str, bytes]]) -> None:
    if not files:
        raise InvalidInputError("There is no file to read. Choose at least one.")
    n_bytes, most = sum(len(content) for _, content in files), limits().max_upload_mib
    if len(files) > 1 and n_bytes > most << 20:
        raise TableError(
            f"All {len(files):,} files together have more than {most:,} MiB, the most that is read "
            f"({setting_of('max_upload_mib')}). Load fewer, or save them as Parquet, which is smaller."
        )


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "replace")


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
        self._uses = Uses()
        self._lock = threading.Lock()

    def add(
        self, content: bytes, name: str, options: ReadOptions | None = None, visitor: Visitor | None = None
    ) -> Dataset:
        """Read a file and keep it, as :meth:`add_files` does several."""
        return self.add_files([(name, content)], options, visitor)

    def add_files(
        self, files: Sequence[tuple[str, bytes]], options: ReadOptions | None = None, visitor: Visitor | None = None
    ) -> Dataset:
        """Read a file, or several as one table, and keep them.

        Parameters
        ----------
        files : sequence of (str, bytes)
            Name and content; the ending of a name says what the file claims to be. Files of one name are numbered.
        options : ReadOptions, optional
            How each of them is to be read.
        visitor : Visitor, optional
            Who brings them.

        Raises
        ------
        InvalidInputError
            Without a file.
        UnreadFilesError
            When some of several cannot be read.
        TableError
            When a file cannot be read as a table, or all together are too large; nothing is kept then.
        """
        options = options or ReadOptions()
        _check_files(files)
        names = number_names([name for name, _ in files])
        files = tuple(zip(names, [content for _, content in files], strict=True))
        digest = blake2b(key=self._key, digest_size=16)
        for part in (*(part for name, content in files for part in (content, _bytes(name))), _bytes(repr(options))):
            digest.update(len(part).to_bytes(8, "little") + part)
        dataset_id = digest.hexdigest()
        known = self.get(dataset_id, visitor)
        if known is not None:
            return known
        table = read_files(files, options)
        return self._keep(Dataset(dataset_id, title_of(names), table, files, options), visitor)

    def get(self, dataset_id: str, visitor: Visitor | None = None) -> Dataset | None:
        """Return a bundled sample, an upload, or some rows of either by its id, or None where there is none.

        While the visitor is here, it is not forgotten as unused.
        """
        if dataset_id in SAMPLES:
            return self._sample(dataset_id)
        if asked := _SOME_ROWS.fullmatch(dataset_id):
            return self._some_rows(dataset_id, asked[1], int(asked[2]), visitor)
        with self._lock:
            if dataset_id in self._datasets:
                self._datasets.move_to_end(dataset_id)
                self._uses.note(dataset_id, visitor)
            return self._datasets.get(dataset_id)

    def _some_rows(self, dataset_id: str, whole_id: str, n_rows: int, visitor: Visitor | None) -> Dataset | None:
        whole = self.get(whole_id, visitor)
        if whole is None or n_rows >= len(whole.table.frame):
            return whole
        with self._lock:
            known = self._datasets.get(dataset_id)
        if known is None:
            title, table = f"{whole.title} (sample of {n_rows:,} rows)", sample_table(whole.table, n_rows)
            known = Dataset(dataset_id, title, table, options=whole.options, whole=whole)
        return self._keep(known, visitor)

    def _keep(self, dataset: Dataset, visitor: Visitor | None) -> Dataset:
        with self._lock:
            self._datasets[dataset.id] = dataset
            self._datasets.move_to_end(dataset.id)
            self._uses.note(dataset.id, visitor)
            while len(self._datasets) > 1 and sum(d.nbytes for d in self._datasets.values()) > self.max_bytes:
                self._drop(next(iter(self._datasets)))
        return dataset

    def forget_unused(self, seconds: float) -> int:
        """Drop uploads nobody has used for so many seconds whose users have all left, and say how many."""
        with self._lock:
            unused = [str(key) for key in self._uses.idle(seconds)]
            for dataset_id in unused:
                self._drop(dataset_id)
        return len(unused)

    def _drop(self, dataset_id: str) -> None:
        del self._datasets[dataset_id]
        self._uses.forget(dataset_id)

    def _sample(self, name: str) -> Dataset:
        with self._lock:
            if name not in self._samples:
                self._samples[name] = Dataset(name, SAMPLES[name].title, read_sample(name))
            return self._samples[name]
