"""Formats that say themselves what a cell is: Parquet, JSON Lines, JSON."""

from __future__ import annotations

import io
import json
from typing import TYPE_CHECKING, Any

from embedlab.errors import TableError
from embedlab.limits import check_bytes, limits, setting_of
from embedlab.reading.encodings import Decoded
from embedlab.tables import Table, check_chars, check_size, check_unpacked, make_table

if TYPE_CHECKING:
    import pyarrow as pa
    import pyarrow.parquet as pq

# Rows of a Parquet file that are unpacked at once.
_BATCH_ROWS = 8192


def read_parquet(content: bytes, name: str) -> Table:
    """Read a Parquet file; nested cells become JSON, missing ones empty.

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
        columns = _read_columns(file, name)
    except (pa.ArrowException, OSError, ValueError) as error:
        if isinstance(error, TableError):
            raise
        raise TableError(f"{name} is a damaged Parquet file: it was perhaps cut off. Export it again.") from error
    return make_table(name, "parquet", schema.names, columns)


def _check_values(meta: pq.FileMetaData, name: str) -> None:
    """Refuse long lists in cells: each value in them becomes an object in memory."""
    groups = [meta.row_group(i) for i in range(meta.num_row_groups)]
    n_values = sum(group.column(i).num_values for group in groups for i in range(group.num_columns))
    if n_values > limits().max_cells:
        raise TableError(
            f"{name} holds {n_values:,} values, those in lists included; up to {limits().max_cells:,} are read "
            f"({setting_of('max_cells')}). Keep the columns you need, without long lists."
        )


def _read_columns(file: pq.ParquetFile, name: str) -> list[list[str]]:
    """Write out all columns a few rows at a time, so that nested cells never stand in memory all at once."""
    columns: list[list[str]] = [[] for _ in file.schema_arrow]
    total = 0
    for batch in file.iter_batches(batch_size=_BATCH_ROWS, use_threads=False):
        for cells, column in zip(columns, batch.columns, strict=True):
            cells += _as_texts(column)
            total += sum(map(len, cells[-len(column) :]))
            check_chars(name, total)
    return columns


def _as_texts(column: pa.Array) -> list[str]:
    """Write out a column; cells that repeat share one string, cut just beyond what the table keeps."""
    import pyarrow as pa

    most = limits().max_cell_chars
    if not pa.types.is_dictionary(column.type):
        return [_cell(value)[: most + 1] for value in column.to_pylist()]
    words = [_cell(value)[: most + 1] for value in column.dictionary.to_pylist()]
    return ["" if index is None else words[index] for index in column.indices.to_pylist()]


def read_json(decoded: Decoded, name: str) -> Table | None:
    """Read JSON Lines or a JSON list of objects or strings; return None for text that is neither.

    Raises
    ------
    TableError
        When the text begins as JSON and a line in the middle is not.
    """
    text = decoded.text.strip()
    if text.startswith(("[", "{")):
        # An object takes 300 bytes, and each of its fields 200.
        check_bytes(4 * len(text) + 300 * text.count("{") + 200 * text.count(":"), f"Reading {name}")
    ending = name.lower().rpartition(".")[2]
    if text.startswith("[") and (records := _json_list(text, name, ending)) is not None:
        return _from_records(records, name, "json", decoded)
    claims = ending in ("jsonl", "ndjson", "json")
    if text.startswith("{") or claims:
        first = _loads(text.split("\n", 1)[0])
        is_lone = ending == "json" and isinstance(first, dict) and "\n" not in text
        if (isinstance(first, dict) or (claims and first is not None)) and not (is_lone and _lists_in(first)):
            return _from_lines(text, name, decoded)
        whole = first if is_lone else _loads(text)
        if isinstance(whole, dict):
            return _from_object(whole, name, decoded)
        if claims:
            raise TableError(
                f"{name} is not JSON: its first line cannot be read. Save one object a line, or a list of objects."
            )
    return None


def _json_list(text: str, name: str, ending: str) -> list[Any] | None:
    records = _loads(text)
    if isinstance(records, list) and _are_records(records):
        return records
    if ending == "json":
        raise TableError(f"{name} is not a JSON list of objects or texts, or it was cut off. Export it again.")
    return None


def _from_object(whole: dict[str, Any], name: str, decoded: Decoded) -> Table:
    """Read the one list of objects or texts that an object holds."""
    lists = _lists_in(whole)
    if len(lists) != 1:
        raise TableError(
            f"{name} is one JSON object with {len(lists)} lists of objects in it; one is needed. "
            "Save the list you mean by itself."
        )
    key, records = lists.popitem()
    notes = [*decoded.notes, f"The list {key!r} was read; what else the file holds was left out."]
    return _from_records(records, name, "json", decoded, notes)


def _lists_in(whole: dict[str, Any]) -> dict[str, list[Any]]:
    return {key: value for key, value in whole.items() if isinstance(value, list) and value and _are_records(value)}


def _are_records(values: list[Any]) -> bool:
    return all(isinstance(value, (dict, str)) for value in values)


def _from_lines(text: str, name: str, decoded: Decoded) -> Table:
    records: list[Any] = []
    notes = list(decoded.notes)
    lines = [(number, line) for number, line in enumerate(text.split("\n"), start=1) if line.strip()]
    for number, line in lines:
        record = _loads(line)
        if record is None and line is lines[-1][1] and records:
            notes.append(f"The last line, {number:,}, was cut off and is left out.")
        elif not isinstance(record, (dict, str)):
            raise TableError(
                f'Line {number:,} of {name} is not a JSON object. Each line needs one, such as {{"text": "…"}}.'
            )
        else:
            records.append(record)
    return _from_records(records, name, "jsonl", decoded, notes)


def _from_records(records: list[Any], name: str, kind: str, decoded: Decoded, notes: list[str] | None = None) -> Table:
    rows = [record if isinstance(record, dict) else {"text": record} for record in records]
    columns = list(dict.fromkeys(key for row in rows for key in row))
    if not columns:
        raise TableError(f'{name} holds no records. Each needs a name and a text, such as {{"text": "…"}}.')
    check_size(name, len(rows), len(columns))
    cells = [[_cell(row.get(column)) for row in rows] for column in columns]
    return make_table(
        name, kind, columns, cells, notes if notes is not None else decoded.notes, encoding=decoded.encoding
    )


def _loads(text: str) -> Any:  # noqa: ANN401 - any JSON value
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _cell(value: Any) -> str:  # noqa: ANN401 - any JSON or Arrow value
    if value is None:
        return ""
    if isinstance(value, (dict, list, bool)):
        value = json.dumps(value, ensure_ascii=False, default=_cell)
    if isinstance(value, bytes):  # texts that were written without saying so
        value = value.decode("utf-8", "replace")
    return str(value)
