"""Parquet: a footer that says what is in the file, and columns that are unpacked a few rows at a time."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from embedlab.errors import TableError
from embedlab.reading.records.arrow import table_of_batches
from embedlab.tables import ReadOptions, Table, check_size, check_unpacked, check_values

if TYPE_CHECKING:
    import pyarrow.parquet as pq

# Rows that are unpacked at once.
_BATCH_ROWS = 8192


def read_parquet(content: bytes, name: str, options: ReadOptions) -> Table:
    """Read a Parquet file: structs become columns with a dot, lists JSON, missing cells empty.

    Raises
    ------
    TableError
        When the file is damaged or larger than the limits.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        file = pq.ParquetFile(io.BytesIO(content))
        meta = file.metadata
        check_unpacked(name, sum(meta.row_group(i).total_byte_size for i in range(meta.num_row_groups)))
        schema = file.schema_arrow
        check_size(name, meta.num_rows, len(schema))
        check_values(name, _count_values(meta))
        # Texts stay in dictionaries: a few bytes can say one long text a million times.
        kinds = (pa.types.is_string, pa.types.is_large_string, pa.types.is_binary, pa.types.is_large_binary)
        texts = [field.name for field in schema if any(is_kind(field.type) for is_kind in kinds)]
        file = pq.ParquetFile(io.BytesIO(content), read_dictionary=texts)
        batches = file.iter_batches(batch_size=_BATCH_ROWS, use_threads=False)
        return table_of_batches(batches, "parquet", name, options)
    except (pa.ArrowException, OSError, ValueError) as error:
        if isinstance(error, TableError):
            raise
        raise TableError(f"{name} is a damaged Parquet file: it was perhaps cut off. Export it again.") from error


def _count_values(meta: pq.FileMetaData) -> int:
    groups = [meta.row_group(i) for i in range(meta.num_row_groups)]
    return sum(group.column(i).num_values for group in groups for i in range(group.num_columns))
