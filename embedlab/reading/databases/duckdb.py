"""DuckDB: one table or view, read by another process; a view may ask for anything, and is given this file alone."""

from __future__ import annotations

import json
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path

from embedlab.errors import MissingDependencyError, TableError
from embedlab.limits import limits
from embedlab.reading.apart import run_apart
from embedlab.reading.records import table_of_stream
from embedlab.tables import ReadOptions, Table, as_part, part_within

_PROGRAM = Path(__file__).with_name("_duckdb_process.py")
_ADVICE = "Choose a table, not a view, or save its rows as Parquet or CSV."
_REASONS = {
    "PermissionException": "asks for more than reading: the view opens files or runs what could do harm. Save its rows "
    "as CSV.",
    "ncrypted": "is protected by a password and cannot be read. Save its tables as Parquet or CSV.",
    "version number": "was written by a version of DuckDB that is too new or too old to be read. Save its tables as "
    "Parquet or CSV.",
}


def read_duckdb(content: bytes, name: str, options: ReadOptions) -> Table:
    """Read one table or view of a DuckDB database: the table with the most text, or ``options.part``.

    Parameters
    ----------
    content : bytes
    name : str
    options : ReadOptions

    Raises
    ------
    TableError
        When it is damaged, holds no table or no such one, is beyond the limits, or takes too long.
    MissingDependencyError
        Where duckdb is not installed.
    """
    if find_spec("duckdb") is None:
        raise MissingDependencyError("duckdb", "duckdb")
    arguments = (options.part or "", limits().max_rows)
    with run_apart(_PROGRAM, [content], arguments, name, _ADVICE, _REASONS) as written:
        found = json.loads(written.readline())
        parts, part, within = found["parts"], found["part"], None
        if not parts:
            raise TableError(f"{name} is a DuckDB database without a table. Check which file holds the rows.")
        if options.part is not None:
            at, within = part_within(parts, options.part, name)
            part = parts[at]
        table = table_of_stream(written, "duckdb", name, replace(options, part=within))
        return as_part(table, "table", part, parts)
