"""Writes one table or view of a DuckDB database as a stream of Arrow; a process of its own, see ``duckdb.py``."""

import json
import sys
from typing import Any

import duckdb
import pyarrow as pa

BATCH_ROWS, SAMPLE_ROWS, SAMPLE_TABLES = 8192, 200, 100
# Nothing but reading this file, and no more memory than leaves room for the rest.
SETTINGS: Any = {
    "enable_external_access": "false",
    "allow_community_extensions": "false",
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "memory_limit": "1GB",
    "threads": "1",
    "lock_configuration": "true",
}
NAMES = """
SELECT schema_name, table_name AS name, true AS is_table FROM duckdb_tables() WHERE database_name = current_database()
UNION ALL
SELECT schema_name, view_name, false FROM duckdb_views() WHERE database_name = current_database() AND NOT internal
"""


def quoted(*names: str) -> str:
    """Write a name of several steps for SQL."""
    return ".".join('"' + name.replace('"', '""') + '"' for name in names)


def count_letters(database: duckdb.DuckDBPyConnection, place: str) -> float:
    """Estimate how many letters of running text a table holds, from its first rows; a little for each row without."""
    rows = database.execute(f"SELECT * FROM {place} LIMIT {SAMPLE_ROWS}").fetchall()
    n_rows = database.execute(f"SELECT count(*) FROM {place}").fetchall()[0][0]
    texts = (cell for row in rows for cell in row if isinstance(cell, str))
    letters = sum(len(text) for text in texts if " " in text or not text.isascii())
    return n_rows * (letters / max(1, len(rows)) + 1e-5)


def main(wanted: str, most_rows: int, path: str) -> None:
    """Write the names of all tables and views and of the chosen one, then its rows, one more than wanted at most."""
    database = duckdb.connect(path, read_only=True, config=SETTINGS)
    found = {
        name if schema == "main" else f"{schema}.{name}": (quoted(schema, name), is_table)
        for schema, name, is_table in database.execute(NAMES).fetchall()
    }
    parts = sorted(found)
    part = max((part for part in parts if wanted == part or wanted.startswith(f"{part}/")), key=len, default=wanted)
    if not wanted and parts:
        tables = [part for part in parts if found[part][1]][:SAMPLE_TABLES]
        part = max(tables or parts, key=lambda one: count_letters(database, found[one][0]))
    print(json.dumps({"parts": parts, "part": part}), flush=True)  # noqa: T201 - what this process is for
    if part in found:
        rows = database.sql(f"SELECT * FROM {found[part][0]} LIMIT {most_rows + 1}").to_arrow_reader(BATCH_ROWS)
        with pa.ipc.new_stream(sys.stdout.buffer, rows.schema) as stream:
            for batch in rows:
                stream.write_batch(batch)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), sys.argv[3])
