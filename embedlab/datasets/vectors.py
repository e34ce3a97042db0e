"""Vectors and coordinates that were computed elsewhere, read from a file."""

from __future__ import annotations

import io
from tokenize import TokenError
from typing import TYPE_CHECKING

import numpy as np

from embedlab.errors import InvalidInputError
from embedlab.limits import check_bytes, limits, setting_of
from embedlab.validation import as_embeddings

if TYPE_CHECKING:
    import pyarrow as pa
    from numpy.typing import NDArray

# The header is a Python literal, which the reader of numpy hands to the parser of Python.
_BROKEN_HEADER = (ValueError, TypeError, OverflowError, RecursionError, MemoryError, SyntaxError, TokenError)
_ADVICE = "Save them by numpy.save as .npy, or as Parquet with a column of lists or a column for each dimension."


def read_vectors(content: bytes, name: str, rows: NDArray[np.int64], n_rows: int) -> NDArray[np.float32]:
    """Read one vector for each text from ``.npy`` or Parquet.

    Parameters
    ----------
    content : bytes
        An array of shape (n, d), or a table with one column of lists, called ``embedding`` where there are several, or
        with a column of numbers for each dimension, in order; other columns of it are left out.
    name : str
        File name, for messages; the bytes decide what the file is.
    rows : int64 array of shape (m,)
        Rows of the table whose text is not blank.
    n_rows : int
        Rows of the table.

    Returns
    -------
    float32 array of shape (m, d)

    Raises
    ------
    InvalidInputError
        When the file is damaged or holds no numbers, has neither a row for each row of the table nor one for each text
        that is not blank, or a text's vector is missing or not finite.
    """
    if content.startswith(b"\x93NUMPY"):
        array = _read_npy(content, name)
    elif content.startswith(b"PAR1"):
        array = _read_parquet(content, name)
    else:
        raise InvalidInputError(f"{name} is neither an .npy file nor Parquet. {_ADVICE}")
    if array.ndim != 2 or len(array) not in (n_rows, len(rows)):
        blank = f", or {len(rows):,} without the blank texts" if len(rows) < n_rows else ""
        raise InvalidInputError(
            f"{name} holds an array of shape {array.shape}; needed is a row for each of the {n_rows:,} rows of the "
            f"table{blank}, in the same order."
        )
    return as_embeddings(array[rows] if len(array) == n_rows else array, name)


def check_directions(vectors: NDArray[np.float32], name: str) -> None:
    """Raise ``InvalidInputError`` where a vector is all zeros: it has no cosine with any other."""
    zeros = np.flatnonzero(~vectors.any(axis=1))
    if len(zeros):
        raise InvalidInputError(
            f"{name} holds {len(zeros):,} vectors of nothing but zeros, the first for text {zeros[0] + 1:,}. "
            "Embed those texts again, or leave them out of the table."
        )


def _read_npy(content: bytes, name: str) -> NDArray[np.generic]:
    stream = io.BytesIO(content)
    try:
        version = np.lib.format.read_magic(stream)
        read_header = np.lib.format.read_array_header_1_0 if version == (1, 0) else np.lib.format.read_array_header_2_0
        shape, is_by_columns, dtype = read_header(stream)
        # A file of some bytes can claim an array of any size, for which memory would be set aside.
        if (
            dtype.kind not in "fiu"
            or dtype.itemsize * int(np.prod(shape, dtype=object)) != len(content) - stream.tell()
        ):
            raise ValueError
        # The bytes are numbers, whatever the header says; nothing is unpickled.
        return np.frombuffer(content, dtype, offset=stream.tell()).reshape(shape, order="F" if is_by_columns else "C")
    except _BROKEN_HEADER as error:
        raise InvalidInputError(f"{name} is damaged, or holds something other than numbers. {_ADVICE}") from error


def _read_parquet(content: bytes, name: str) -> NDArray[np.generic]:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        file = pq.ParquetFile(io.BytesIO(content))
        meta = file.metadata
        unpacked = sum(meta.row_group(i).total_byte_size for i in range(meta.num_row_groups))
        if unpacked > limits().max_unpacked_mib << 20:
            raise InvalidInputError(
                f"{name} unpacks to {unpacked >> 20:,} MiB; up to {limits().max_unpacked_mib:,} MiB are read "
                f"({setting_of('max_unpacked_mib')}). Split it, or save the vectors as .npy."
            )
        check_bytes(2 * unpacked, f"Unpacking {name}")
        schema = file.schema_arrow
        lists = [field.name for field in schema if _is_numbers(getattr(field.type, "value_type", pa.null()))]
        if lists:
            chosen = "embedding" if "embedding" in lists else lists[0]
            if len(lists) > 1 and chosen != "embedding":
                raise InvalidInputError(
                    f"{name} has several columns of lists: {', '.join(lists)}. Call the one that is meant 'embedding'."
                )
            return _stack(file.read([chosen]).column(0).combine_chunks(), name)
        numbers = [field.name for field in schema if _is_numbers(field.type)]
        if not numbers:
            raise InvalidInputError(f"{name} has no column of numbers or of lists of numbers. {_ADVICE}")
        columns = [np.asarray(column, dtype=np.float64) for column in file.read(numbers).columns]
        return np.stack(columns, axis=1)
    except (pa.ArrowException, OSError, ValueError) as error:
        if isinstance(error, InvalidInputError):
            raise
        raise InvalidInputError(
            f"{name} is a damaged Parquet file: it was perhaps cut off. Export it again."
        ) from error


def _is_numbers(type: pa.DataType) -> bool:
    import pyarrow as pa

    return bool(pa.types.is_floating(type) or pa.types.is_integer(type))


def _stack(column: pa.Array, name: str) -> NDArray[np.generic]:
    """Return a column of lists as rows; a row without a list is NaN."""
    import pyarrow as pa
    import pyarrow.compute as pc

    lengths = pc.list_value_length(column).drop_null().unique().to_pylist()
    if len(lengths) != 1:
        raise InvalidInputError(
            f"{name} holds vectors of different lengths: {sorted(lengths)[:5]}. Embed with one model."
        )
    present = np.asarray(pc.is_valid(column))
    full = np.full((len(column), lengths[0]), np.nan, dtype=np.float32)
    full[present] = np.asarray(pc.list_flatten(column).cast(pa.float32(), safe=False)).reshape(-1, lengths[0])
    return full
