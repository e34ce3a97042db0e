"""Formats that say themselves what a cell is: Parquet, JSON Lines, JSON."""

from __future__ import annotations

import io
import json
from typing import TYPE_CHECKING, Any

from embedlab.errors import TableError
from embedlab.limits import check_bytes, limits
from embedlab.tables.decoding import Decoded
from embedlab.tables.report import Table, check_chars, check_size, check_unpacked, make_table

if TYPE_CHECKING:
    import pyarrow as pa


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
        check_size(name, meta.num_rows, meta.num_columns)
        check_unpacked(name, sum(meta.row_group(i).total_byte_size for i in range(meta.num_row_groups)))
        schema = file.schema_arrow
        # Texts stay in dictionaries: a few bytes can say one long text a million times.
        texts = [
            field.name for field in schema if pa.types.is_string(field.type) or pa.types.is_large_string(field.type)
        ]
        file = pq.ParquetFile(io.BytesIO(content), read_dictionary=texts)
        table = file.read()
    except (pa.ArrowException, OSError, ValueError) as error:
        if isinstance(error, TableError):
            raise
        raise TableError(f"{name} is a damaged Parquet file: it was perhaps cut off. Export it again.") from error
    cells, total = [], 0
    for column in table.columns:
        cells.append(_as_texts(column))
        total += sum(map(len, cells[-1]))
        check_chars(name, total)
    return make_table(name, "parquet", table.column_names, cells)


def _as_texts(column: pa.ChunkedArray) -> list[str]:
    """Write out a column; cells that repeat share one string, cut just beyond what the table keeps."""
    import pyarrow as pa

    if not pa.types.is_dictionary(column.type):
        return [_cell(value) for value in column.to_pylist()]
    texts: list[str] = []
    for chunk in column.chunks:
        words = [_cell(value)[: limits().max_cell_chars + 1] for value in chunk.dictionary.to_pylist()]
        texts += ["" if index is None else words[index] for index in chunk.indices.to_pylist()]
    return texts


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
        if isinstance(first, dict) or (claims and first is not None):
            return _from_lines(text, name, decoded)
        if claims:
            raise TableError(
                f"{name} is not JSON: its first line cannot be read. Save one object a line, or a list of objects."
            )
    return None


def _json_list(text: str, name: str, ending: str) -> list[Any] | None:
    records = _loads(text)
    if isinstance(records, list) and all(isinstance(record, (dict, str)) for record in records):
        return records
    if ending == "json":
        raise TableError(f"{name} is not a JSON list of objects or texts, or it was cut off. Export it again.")
    return None


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
        value = json.dumps(value, ensure_ascii=False, default=str)
    return str(value)
