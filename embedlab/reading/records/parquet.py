"""Parquet: a footer that says what is in the file, and columns that are unpacked a few rows at a time."""

from __future__ import annotations

import io
from bisect import bisect_right
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from itertools import accumulate, chain
from pathlib import Path
from typing import TYPE_CHECKING

from embedlab.errors import TableError
from embedlab.reading.records.arrow import table_of_batches
from embedlab.tables import ReadOptions, Table, check_size, check_unpacked, check_values

if TYPE_CHECKING:
    import pyarrow as pa
    import pyarrow.parquet as pq

# Rows that are unpacked at once.
_BATCH_ROWS = 8192
# What is read of a file on disk at once, for each column.
_BUFFER_BYTES = 1 << 20


def read_parquet(content: bytes, name: str, options: ReadOptions) -> Table:
    """Read a Parquet file: structs become columns with a dot, lists JSON, missing cells empty.

    Raises
    ------
    TableError
        When the file is damaged or larger than the limits.
    """
    import pyarrow.parquet as pq

    with _damage_said(name):
        file = pq.ParquetFile(io.BytesIO(content))
        meta = file.metadata
        check_unpacked(name, sum(meta.row_group(i).total_byte_size for i in range(meta.num_row_groups)))
        schema = file.schema_arrow
        check_size(name, meta.num_rows, len(schema))
        check_values(name, _count_values(meta))
        file = pq.ParquetFile(io.BytesIO(content), read_dictionary=_texts_in(schema))
        batches = file.iter_batches(batch_size=_BATCH_ROWS, use_threads=False)
        return table_of_batches(batches, "parquet", name, options)


class LongParquet:
    """A Parquet file on disk of which never more than some rows are held.

    Parameters
    ----------
    path : Path

    Attributes
    ----------
    groups : list of (int, int)
        Rows of each group of rows, and the bytes they unpack to.
    fingerprint : str
        Digest of the footer, which says where each column of each group lies and what its extremes are.

    Raises
    ------
    TableError
        When the file is damaged.
    """

    def __init__(self, path: Path) -> None:
        import pyarrow.parquet as pq

        self._name = path.name
        with _damage_said(self._name):
            meta = pq.read_metadata(path)
            texts = _texts_in(meta.schema.to_arrow_schema())
            self._file = pq.ParquetFile(path, read_dictionary=texts, buffer_size=_BUFFER_BYTES, pre_buffer=False)
        groups = [meta.row_group(i) for i in range(meta.num_row_groups)]
        self.groups = [(group.num_rows, group.total_byte_size) for group in groups]
        with path.open("rb") as file:
            file.seek(-min(path.stat().st_size, meta.serialized_size + 8), io.SEEK_END)
            self.fingerprint = sha256(file.read()).hexdigest()
        self._firsts = list(accumulate((rows for rows, _ in self.groups), initial=0))
        self._next_row = -1
        self._ahead: Iterator[pa.RecordBatch] = iter(())

    def table(self, first: int, n_rows: int, options: ReadOptions) -> Table:
        """Return some rows as a table, as :func:`read_parquet` does of all; to go on where one ended costs nothing.

        Raises
        ------
        TableError
            When the file is damaged, or some rows are more than a table may hold.
        """
        with _damage_said(self._name):
            return table_of_batches(self._batches(first, n_rows), "parquet", self._name, options)

    def _batches(self, first: int, n_rows: int) -> Iterator[pa.RecordBatch]:
        if first != self._next_row:
            self._ahead = self._batches_from(first)
        self._next_row = -1  # until all were taken
        left = n_rows
        while left:
            batch = next(self._ahead)
            taken = min(left, batch.num_rows)
            if taken < batch.num_rows:
                self._ahead = chain([batch.slice(taken)], self._ahead)
            left -= taken
            yield batch.slice(0, taken)
        self._next_row = first + n_rows

    def _batches_from(self, row: int) -> Iterator[pa.RecordBatch]:
        """Yield what follows a row; within its group, what stands before it is unpacked and let go."""
        group = bisect_right(self._firsts, row) - 1
        skipped = row - self._firsts[group]
        for number in range(group, len(self.groups)):
            for batch in self._file.iter_batches(batch_size=_BATCH_ROWS, row_groups=[number], use_threads=False):
                here = min(skipped, batch.num_rows)
                skipped -= here
                if here < batch.num_rows:
                    yield batch.slice(here)


@contextmanager
def _damage_said(name: str) -> Iterator[None]:
    """Say of a file that cannot be unpacked that it is damaged."""
    import pyarrow as pa

    try:
        yield
    except (TableError, FileNotFoundError):
        raise
    except (pa.ArrowException, OSError, ValueError) as error:
        raise TableError(f"{name} is a damaged Parquet file: it was perhaps cut off. Export it again.") from error


def _texts_in(schema: pa.Schema) -> list[str]:
    """Return the columns of texts, which stay in dictionaries: a few bytes can say one long text a million times."""
    import pyarrow as pa

    kinds = (pa.types.is_string, pa.types.is_large_string, pa.types.is_binary, pa.types.is_large_binary)
    return [field.name for field in schema if any(is_kind(field.type) for is_kind in kinds)]


def _count_values(meta: pq.FileMetaData) -> int:
    groups = [meta.row_group(i) for i in range(meta.num_row_groups)]
    return sum(group.column(i).num_values for group in groups for i in range(group.num_columns))
