"""Rows as a table with a column for each field, and conditions on such a table: in SQL, or answered here.

A column has one kind: texts, numbers or truth values. Whole numbers up to 2^53 are kept exactly in 64-bit floats, and
come back whole.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING
from urllib.parse import unquote

import numpy as np

from embedlab.errors import InvalidInputError
from embedlab.stores.contract import Combination, Comparison, Condition, Kind, Metadata, Records, Scalar, kind_of

if TYPE_CHECKING:
    import pyarrow as pa
    from numpy.typing import NDArray

ID, DOCUMENT, VECTOR = "id", "document", "vector"
"""The columns that are no field of metadata."""
_OWN = {ID, DOCUMENT, VECTOR}
# What a column may not be called: Lance parts names at dots, and gives the first two signs a meaning of their own.
_AWKWARD = frozenset("`.%\"'\\")
# How the columns of texts and of ids are called by those who write tables of Lance.
_TEXTS = ("document", "text", "content", "page_content", "chunk")
_IDS = ("id", "_id", "doc_id", "chunk_id", "uuid")


def column_of(field: str) -> str:
    """Return how the column of a field is called: as the field, with awkward characters as in an address of the web.

    Examples
    --------
    >>> column_of("topic"), column_of("no. 1"), column_of("id")
    ('topic', 'no%2E 1', '%69d')
    """
    named = "".join(f"%{ord(char):02X}" if char in _AWKWARD or ord(char) < 32 else char for char in field)
    # Columns of Lance's own begin with an underscore.
    return f"%{ord(field[0]):02X}{named[1:]}" if named in _OWN or named.startswith("_") else named


def field_of(column: str) -> str:
    """Return the field that a column is called after."""
    return unquote(column)


def kinds_in(records: Records) -> dict[str, Kind]:
    """Return of what kind each field of some rows is; raise ``InvalidInputError`` where one is of two kinds."""
    kinds: dict[str, Kind] = {}
    for metadata in records.metadatas:
        for field, value in metadata.items():
            check_kind(field, kinds.setdefault(field, kind_of(value)), kind_of(value))
    return kinds


def check_kind(field: str, kept: Kind, given: Kind) -> None:
    """Raise ``InvalidInputError`` where a value is not of the kind that its column has."""
    if kept != given:
        raise InvalidInputError(
            f"The field {field!r} holds a {kept} in one row and a {given} in another, and this store keeps one kind a "
            "field. Write them all as texts, or call one of the two otherwise."
        )


def arrow_type(kind: Kind) -> pa.DataType:
    """Return of what type the column of a kind is."""
    import pyarrow as pa

    return {"text": pa.string(), "number": pa.float64(), "truth value": pa.bool_()}[kind]


def kinds_of(schema: pa.Schema) -> dict[str, Kind]:
    """Return of what kind each field of a table is; columns that hold something else are no fields."""
    import pyarrow as pa

    kinds: dict[str, Kind] = {}
    for column in schema:
        if column.name in _OWN:
            continue
        if pa.types.is_string(column.type) or pa.types.is_large_string(column.type):
            kinds[field_of(column.name)] = "text"
        elif pa.types.is_boolean(column.type):
            kinds[field_of(column.name)] = "truth value"
        elif pa.types.is_integer(column.type) or pa.types.is_floating(column.type):
            kinds[field_of(column.name)] = "number"
    return kinds


def to_columns(records: Records, kinds: Mapping[str, Kind]) -> dict[str, pa.Array]:
    """Return ids, documents and every field of ``kinds`` as columns; a field that a row has not is null there."""
    import pyarrow as pa

    columns = {ID: pa.array(records.ids, pa.string()), DOCUMENT: pa.array(records.documents, pa.string())}
    for field, kind in kinds.items():
        cells = [metadata.get(field) for metadata in records.metadatas]
        columns[column_of(field)] = pa.array(cells, arrow_type(kind))
    return columns


def from_columns(table: pa.Table, embeddings: NDArray[np.float32] | None = None) -> Records:
    """Return the rows of a table that :func:`to_columns` made columns of."""
    cells = {field: table.column(column_of(field)).to_pylist() for field in kinds_of(table.schema)}
    metadatas: list[Metadata] = [
        {field: _whole(column[row]) for field, column in cells.items() if column[row] is not None}
        for row in range(table.num_rows)
    ]
    return Records(table.column(ID).to_pylist(), table.column(DOCUMENT).to_pylist(), metadatas, embeddings)


def as_sql(condition: Condition, kinds: Mapping[str, Kind]) -> str:
    """Return a condition in SQL.

    Examples
    --------
    >>> as_sql(Comparison("topic", "ne", "late"), {"topic": "text"})
    "(`topic` IS NULL OR `topic` NOT IN ('late'))"
    """
    if isinstance(condition, Combination):
        return f"({f' {condition.operator.upper()} '.join(as_sql(part, kinds) for part in condition.parts)})"
    values = [_literal(value) for value in condition.values if kinds.get(condition.field) == kind_of(value)]
    if not values:
        return "TRUE" if condition.operator == "ne" else "FALSE"
    column = f"`{column_of(condition.field)}`"
    if condition.operator == "ne":
        return f"({column} IS NULL OR {column} NOT IN ({values[0]}))"
    if condition.operator in ("gte", "lte"):
        return f"{column} {'>=' if condition.operator == 'gte' else '<='} {values[0]}"
    return f"{column} IN ({', '.join(values)})"


def passing(condition: Condition, table: pa.Table) -> NDArray[np.bool_]:
    """Return which rows of a table pass a condition."""
    if isinstance(condition, Combination):
        parts = [passing(part, table) for part in condition.parts]
        return np.logical_and.reduce(parts) if condition.operator == "and" else np.logical_or.reduce(parts)
    return _compared(condition, table)


def _compared(condition: Comparison, table: pa.Table) -> NDArray[np.bool_]:
    import pyarrow as pa
    import pyarrow.compute as pc

    kind = kinds_of(table.schema).get(condition.field)
    values = [value for value in condition.values if kind_of(value) == kind]
    if kind is None or not values:
        return np.full(table.num_rows, condition.operator == "ne")
    column = table.column(column_of(condition.field))
    if condition.operator in ("gte", "lte"):
        held = (pc.greater_equal if condition.operator == "gte" else pc.less_equal)(column, values[0])
    else:
        held = pc.is_in(column, pa.array(values, arrow_type(kind)))
    mask = np.asarray(pc.fill_null(held, False)).astype(bool)
    return ~mask if condition.operator == "ne" else mask


def find_roles(schema: pa.Schema) -> tuple[str, str, str]:
    """Return the columns of ids, texts and vectors of a table; empty where it has none."""
    import pyarrow as pa

    vectors = [
        column.name
        for column in schema
        if pa.types.is_fixed_size_list(column.type) and pa.types.is_floating(column.type.value_type)
    ]
    texts = [
        column.name for column in schema if pa.types.is_string(column.type) or pa.types.is_large_string(column.type)
    ]
    id = next((name for name in _IDS if name in texts), "")
    document = next((name for name in _TEXTS if name in texts), "")
    return id, document, VECTOR if VECTOR in vectors else next(iter(vectors), "")


def quoted(text: str) -> str:
    """Return a text as SQL writes it."""
    return "'" + text.replace("'", "''") + "'"


def _literal(value: Scalar) -> str:
    if isinstance(value, str):
        return quoted(value)
    return str(value).upper() if isinstance(value, bool) else repr(float(value))


def _whole(value: Scalar) -> Scalar:
    return int(value) if isinstance(value, float) and value.is_integer() and abs(value) <= 2**53 else value
