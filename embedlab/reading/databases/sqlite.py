"""SQLite: one table or view, read only; a view may ask for anything, so it has little time and no right to more."""

from __future__ import annotations

import sqlite3
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from embedlab.errors import TableError
from embedlab.reading.records import text_of
from embedlab.tables import ReadOptions, Table, check_chars, check_size, choose_part, make_table, note_others

TIMEOUT_S = 30.0
# Rows taken at once, rows and tables looked at to find the likeliest, steps of SQLite between looks at the time.
_BATCH_ROWS, _SAMPLE_ROWS, _SAMPLE_TABLES, _STEPS = 8192, 200, 100, 10_000
# Reading, and plain functions in views: neither pragmas, nor other files, nor rows without end.
_ALLOWED = (sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ, sqlite3.SQLITE_FUNCTION)
# The two bytes of the header that say whether changes go to a second file first.
_LOG_BYTES, _HAS_LOG = slice(18, 20), b"\x02\x02"


def read_sqlite(content: bytes, name: str, options: ReadOptions) -> Table:
    """Read one table or view of a SQLite database: the table with the most text, or ``options.part``.

    Parameters
    ----------
    content : bytes
    name : str
    options : ReadOptions

    Raises
    ------
    TableError
        When it is damaged, holds no table or no such one, is beyond the limits, or takes too long.
    """
    try:
        with _opened(content) as database:
            return _read(database, content, name, options)
    except (sqlite3.Error, sqlite3.Warning, OverflowError, ValueError) as error:
        if isinstance(error, TableError):
            raise
        if "interrupted" in str(error):
            raise TableError(
                f"{name} takes longer than {TIMEOUT_S:.0f} s to read. Choose a table, not a view, or save it as CSV."
            ) from error
        if any(word in str(error) for word in ("authoriz", "prohibited", "unsafe")):
            raise TableError(
                f"{name} asks for more than reading: the view or table runs what could do harm. Save its rows as CSV."
            ) from error
        raise TableError(
            f"{name} is a SQLite database that cannot be read ({error}): it is perhaps damaged. Export it again, or "
            "save the table as CSV."
        ) from error


@contextmanager
def _opened(content: bytes) -> Iterator[sqlite3.Connection]:
    """Open a copy that nothing can change, and trust nothing that stands in it."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "copy.db"
        path.write_bytes(content)
        with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro&immutable=1", uri=True)) as database:
            database.execute("PRAGMA trusted_schema=OFF")
            database.execute("PRAGMA cell_size_check=ON")
            database.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, max(len(content), 1 << 20))
            end = time.monotonic() + TIMEOUT_S
            database.set_progress_handler(lambda: time.monotonic() > end, _STEPS)
            yield database


def _read(database: sqlite3.Connection, content: bytes, name: str, options: ReadOptions) -> Table:
    # Shadow tables are what full-text indexes keep for themselves.
    found = [
        (part, kind)
        for schema, part, kind, *_ in database.execute("PRAGMA table_list")
        if schema == "main" and kind != "shadow" and not part.lower().startswith("sqlite_")
    ]
    database.set_authorizer(_authorize)
    parts = sorted(part for part, _ in found)
    if not parts:
        raise TableError(f"{name} is a SQLite database without a table. Check which file holds the rows.")
    if options.part is not None:
        part = parts[choose_part(parts, options.part, name)]
    else:
        tables = [part for part in parts if (part, "table") in found][:_SAMPLE_TABLES]
        part = max(tables or parts, key=lambda one: _count_letters(database, one))
    notes = note_others("table", part, parts)
    if content[_LOG_BYTES] == _HAS_LOG:
        notes.append(
            "The database writes its last changes to a second file (-wal) first. Those that are still there are not "
            "read; close the program that uses it to have them in this file."
        )
    columns, cells, n_odd = _take(database, part, name)
    if n_odd:
        notes.append(f"Cells with bytes that are no UTF-8: {n_odd:,}; what cannot be read in them is shown as \ufffd.")
    if len(parts) == 1:
        return make_table(name, "sqlite", columns, cells, notes)
    return make_table(name, "sqlite", columns, cells, notes, part=part, parts=tuple(parts))


def _authorize(action: int, subject: str | None, *_: str | None) -> int:
    # A full-text index looks whether its file has changed.
    is_looking = action == sqlite3.SQLITE_PRAGMA and subject == "data_version"
    return sqlite3.SQLITE_OK if action in _ALLOWED or is_looking else sqlite3.SQLITE_DENY


def _count_letters(database: sqlite3.Connection, part: str) -> float:
    """Estimate how many letters of running text a table holds, from its first rows; a little for each row without."""
    try:
        rows = database.execute(f"SELECT * FROM {_quoted(part)} LIMIT {_SAMPLE_ROWS}").fetchall()
        (n_rows,) = database.execute(f"SELECT count(*) FROM {_quoted(part)}").fetchone()
    except sqlite3.DatabaseError:
        return -1.0  # one that cannot be read is not the one that was meant, where there is another
    letters = sum(len(cell) for row in rows for cell in row if isinstance(cell, str) and _is_text(cell))
    return n_rows * (letters / max(1, len(rows)) + 1e-5)


def _is_text(cell: str) -> bool:
    return " " in cell or not cell.isascii()


def _take(database: sqlite3.Connection, part: str, name: str) -> tuple[list[str], list[list[str]], int]:
    """Return the names and the cells of a table, and how many cells were no UTF-8."""
    n_odd = n_chars = 0

    def decoded(raw: bytes) -> str:
        nonlocal n_odd
        try:
            return raw.decode()
        except UnicodeDecodeError:
            n_odd += 1
            return raw.decode("utf-8", "replace")

    database.text_factory = decoded
    cursor = database.execute(f"SELECT * FROM {_quoted(part)}")
    columns = [str(column[0]) for column in cursor.description]
    cells: list[list[str]] = [[] for _ in columns]
    check_size(name, 0, len(columns))
    while rows := cursor.fetchmany(_BATCH_ROWS):
        check_size(name, len(cells[0]) + len(rows), len(columns))
        for column, values in zip(cells, zip(*rows, strict=True), strict=True):
            texts = list(map(text_of, values))
            n_chars += sum(map(len, texts))
            column += texts
        check_chars(name, n_chars)
    return columns, cells, n_odd


def _quoted(part: str) -> str:
    return '"' + part.replace('"', '""') + '"'
