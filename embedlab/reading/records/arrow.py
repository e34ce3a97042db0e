"""Parquet: columns that say themselves what a cell is, written out as texts."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from itertools import chain
from math import isfinite
from typing import TYPE_CHECKING, Any

import numpy as np

from embedlab.errors import TableError
from embedlab.limits import limits, setting_of
from embedlab.reading.records.columns import text_of
from embedlab.reading.records.parts import WHOLE, Part, find_parts, likeliest, note_parts
from embedlab.reading.records.shapes import Shaped
from embedlab.tables import ReadOptions, Table, check_chars, check_size, check_unpacked, choose_part, make_table

if TYPE_CHECKING:
    import pyarrow as pa
    import pyarrow.parquet as pq

# Rows that are unpacked at once, and those that are looked at to find the likeliest list.
_BATCH_ROWS, _SAMPLE_ROWS = 8192, 200


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
        _check_values(meta, name)
        # Texts stay in dictionaries: a few bytes can say one long text a million times.
        kinds = (pa.types.is_string, pa.types.is_large_string, pa.types.is_binary, pa.types.is_large_binary)
        texts = [field.name for field in schema if any(is_kind(field.type) for is_kind in kinds)]
        file = pq.ParquetFile(io.BytesIO(content), read_dictionary=texts)
        batches = file.iter_batches(batch_size=_BATCH_ROWS, use_threads=False)
        return _table_of_batches(batches, "parquet", name, options)
    except (pa.ArrowException, OSError, ValueError) as error:
        if isinstance(error, TableError):
            raise
        raise TableError(f"{name} is a damaged Parquet file: it was perhaps cut off. Export it again.") from error


def _table_of_batches(batches: Iterator[pa.RecordBatch], kind: str, name: str, options: ReadOptions) -> Table:
    """Write out batches of rows as a table, a few rows at a time.

    Parameters
    ----------
    batches : iterator of RecordBatch
        All rows, validated. Which list in a column is read is seen by the first.
    kind, name : str
        The format, and the name of the file.
    options : ReadOptions
        ``part`` chooses the list.

    Raises
    ------
    TableError
        When there are no rows, or too many rows, columns or characters.
    """
    first = next((batch for batch in batches if batch.num_rows), None)
    if first is None:
        raise TableError(f"{name} holds column names but no rows below them.")
    parts = _parts_in(first)
    names = [part.name for part in parts]
    part = likeliest(parts) if options.part is None else parts[choose_part(names, options.part, name)]
    columns: list[str] = []
    cells: list[list[str]] = []
    n_chars = n_without = 0
    for batch in chain([first], batches):
        found = _flat(zip(batch.schema.names, batch.columns, strict=True))
        for field in part.fields:
            found, n_empty = _unfold(found, ".".join(field))
            n_without += n_empty
        if not columns:
            columns, cells = [column for column, _ in found], [[] for _ in found]
        check_size(name, len(cells[0]) + len(found[0][1]), len(columns))
        for column, (_, values) in zip(cells, found, strict=True):
            texts = texts_of(values)
            n_chars += sum(map(len, texts))
            column += texts
        check_chars(name, n_chars)
    facts: dict[str, Any] = {"part": part.name, "parts": tuple(names)} if len(names) > 1 else {}
    return make_table(name, kind, columns, cells, note_parts(part, names, n_without), **facts)


def _parts_in(batch: pa.RecordBatch) -> list[Part]:
    """Return the table itself and the lists of structs in its columns, as its first rows show them."""
    import pyarrow as pa

    if any(pa.types.is_nested(field.type) for field in batch.schema):
        columns = [_python(column.slice(0, _SAMPLE_ROWS)) for column in batch.columns]
        rows = zip(*columns, strict=True)
        return find_parts([dict(zip(batch.schema.names, row, strict=True)) for row in rows])
    return [Part(WHOLE, Shaped([]))]


def _flat(columns: Iterable[tuple[str, pa.Array]]) -> list[tuple[str, pa.Array]]:
    """Put the fields of structs in the place of the structs; a struct that is missing lacks all of them."""
    import pyarrow as pa

    found = []
    for name, values in columns:
        if isinstance(values, pa.ExtensionArray):
            values = values.storage
        if pa.types.is_struct(values.type) and values.type.num_fields:
            names = [f"{name}.{values.type.field(i).name}" for i in range(values.type.num_fields)]
            found += _flat(zip(names, values.flatten(), strict=True))
        else:
            found.append((name, values))
    return found


def _unfold(columns: list[tuple[str, pa.Array]], field: str) -> tuple[list[tuple[str, pa.Array]], int]:
    """Make rows of the structs in the lists of a column, and count the empty lists; what stands around is repeated."""
    import pyarrow as pa
    import pyarrow.compute as pc

    lists = next(values for name, values in columns if name == field and _is_list_of_structs(values.type))
    if not (pa.types.is_list(lists.type) or pa.types.is_large_list(lists.type)):
        lists = lists.cast(pa.list_(lists.type.value_type))
    # The structs have names of their own from here on, as those in JSON have.
    inner = _flat([("", pc.list_flatten(lists))])
    inner = [(name.removeprefix("."), values) for name, values in inner]
    parents, taken = pc.list_parent_indices(lists), {name for name, _ in inner}
    around = [
        (f"parent.{name}" if name in taken else name, values.take(parents))
        for name, values in columns
        if not _is_list_of_structs(values.type)
    ]
    return [*around, *inner], len(lists) - pc.count_distinct(parents).as_py()


def _is_list_of_structs(kind: pa.DataType) -> bool:
    import pyarrow as pa

    is_list = (pa.types.is_list(kind), pa.types.is_large_list(kind), pa.types.is_fixed_size_list(kind))
    return any(is_list) and pa.types.is_struct(kind.value_type)


def texts_of(values: pa.Array) -> list[str]:
    """Write out a column; cells that repeat share one string, cut just beyond what the table keeps.

    Parameters
    ----------
    values : Array of length n

    Returns
    -------
    list of str, of length n
        Dates without a time of day, and times of day without one at midnight; decimals with all their digits.
    """
    import pyarrow as pa
    import pyarrow.compute as pc

    kind = values.type
    if pa.types.is_dictionary(kind):
        # Each batch brings the words of all batches.
        used, places = np.unique(pc.fill_null(values.indices, -1).to_numpy(zero_copy_only=False), return_inverse=True)
        words = np.array(texts_of(values.dictionary.take(pa.array(used, mask=used < 0))), dtype=object)
        return words[places].tolist()
    if pa.types.is_integer(kind) or pa.types.is_boolean(kind) or pa.types.is_date32(kind):
        found = values.dictionary_encode()
        return texts_of(pa.DictionaryArray.from_arrays(found.indices, found.dictionary.cast(pa.string())))
    if pa.types.is_string(kind) or pa.types.is_large_string(kind):
        if (pc.max(pc.utf8_length(values)).as_py() or 0) > (most := limits().max_cell_chars):
            values = pc.utf8_slice_codeunits(values, 0, most + 1)
        return pc.fill_null(values, "").to_numpy(zero_copy_only=False).tolist()
    if pa.types.is_floating(kind):
        # As few digits as tell the number from its neighbours: 0.1, not 0.10000000149011612.
        numbers = values.to_numpy(zero_copy_only=False)
        numbers = numbers.tolist() if pa.types.is_float64(kind) else numbers
        return [str(number) if isfinite(number) else "" for number in numbers]
    texts = [text_of(value) for value in _python(values)]
    if pa.types.is_timestamp(values.type) and values.type.tz is None:
        return [text.removesuffix(" 00:00:00") for text in texts]
    return texts


def _python(values: pa.Array) -> list[Any]:
    """Return a column as Python has it; maps as objects, and times that Python has no word for as Arrow writes them."""
    import pyarrow as pa

    try:
        cells = values.to_pylist()
    except (ValueError, OverflowError):
        cells = values.cast(pa.string()).to_pylist()
    if pa.types.is_map(values.type):
        return [cell and (found if len(found := dict(cell)) == len(cell) else cell) for cell in cells]
    return cells


def _check_values(meta: pq.FileMetaData, name: str) -> None:
    """Refuse long lists in cells: each value in them becomes an object in memory."""
    groups = [meta.row_group(i) for i in range(meta.num_row_groups)]
    n_values = sum(group.column(i).num_values for group in groups for i in range(group.num_columns))
    if n_values > limits().max_cells:
        raise TableError(
            f"{name} holds {n_values:,} values, those in lists included; up to {limits().max_cells:,} are read "
            f"({setting_of('max_cells')}). Keep the columns you need, without long lists."
        )
