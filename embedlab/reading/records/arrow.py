"""Columns of Arrow, which say themselves what a cell is, written out as a table of texts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain
from math import isfinite
from typing import TYPE_CHECKING, Any

import numpy as np

from embedlab.errors import TableError
from embedlab.limits import limits
from embedlab.reading.records.columns import text_of
from embedlab.reading.records.labels import features_of, name_labels
from embedlab.reading.records.parts import WHOLE, Part, find_parts, likeliest, note_parts
from embedlab.reading.records.shapes import Shaped
from embedlab.tables import (
    ReadOptions,
    Table,
    check_chars,
    check_size,
    check_values,
    choose_part,
    list_parts,
    make_table,
)

if TYPE_CHECKING:
    import pyarrow as pa

# Rows that are looked at to find the likeliest list.
_SAMPLE_ROWS = 200


def table_of_batches(batches: Iterator[pa.RecordBatch], kind: str, name: str, options: ReadOptions) -> Table:
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
    batches = _counted(batches, name)
    first = next((batch for batch in batches if batch.num_rows), None)
    if first is None:
        raise TableError(f"{name} holds column names but no rows below them.")
    features = features_of(first.schema)
    parts = _parts_in(first)
    names = [part.name for part in parts]
    part = likeliest(parts) if options.part is None else parts[choose_part(names, options.part, name)]
    columns: list[str] = []
    cells: list[list[str]] = []
    n_chars = n_without = 0
    for batch in chain([first], batches):
        batch = name_labels(batch, features) if features else batch
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
    notes = [*note_parts(part, names, n_without), *_note_labels(features)]
    return make_table(name, kind, columns, cells, notes, **facts)


def _note_labels(features: dict[str, Any]) -> list[str]:
    columns = list_parts(list(features))
    return [f"Labels that are kept as numbers have their names here, as the file says: {columns}."] if features else []


def _counted(batches: Iterator[pa.RecordBatch], name: str) -> Iterator[pa.RecordBatch]:
    """Count the values before they become objects in memory: a list of nothing but gaps has no bytes."""
    n_values = 0
    for batch in batches:
        n_values += sum(map(_count_values, batch.columns))
        check_values(name, n_values)
        yield batch


def _count_values(values: pa.Array) -> int:
    """Return how many values there are, those in lists, structs and maps one by one."""
    import pyarrow as pa

    if isinstance(values, pa.ExtensionArray):
        values = values.storage
    if pa.types.is_map(values.type):
        start, end = values.offsets[0].as_py(), values.offsets[-1].as_py()
        return sum(_count_values(inner.slice(start, end - start)) for inner in (values.keys, values.items))
    if pa.types.is_struct(values.type):
        return sum(map(_count_values, values.flatten()))
    lists = (pa.types.is_list, pa.types.is_large_list, pa.types.is_fixed_size_list)
    return _count_values(values.flatten()) if any(is_kind(values.type) for is_kind in lists) else len(values)


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
        if isinstance(values, pa.ExtensionArray) and not isinstance(values, pa.UuidArray):
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
        indices = pc.fill_null(values.indices.cast(pa.int64()), -1).to_numpy(zero_copy_only=False)
        used, places = np.unique(indices, return_inverse=True)
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
    except (ValueError, ArithmeticError, KeyError):  # arithmetic: of damaged numbers; a KeyError: an unknown time zone
        cells = values.cast(pa.string()).to_pylist()
    if pa.types.is_map(values.type):
        return [cell and (found if len(found := dict(cell)) == len(cell) else cell) for cell in cells]
    return cells
