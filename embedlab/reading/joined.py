"""Several files as one table, each row with the name of the file it comes from."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import PurePath
from typing import TypeVar

from embedlab.errors import TableError, UnreadFilesError
from embedlab.tables import ReadReport, Table, check_chars, check_size, free_name, list_parts, make_table

T = TypeVar("T")

TOGETHER = "All files together"
"""How messages call several files."""


def join_tables(readers: Mapping[str, Callable[[], Table]]) -> Table:
    """Read files one after the other, and join their columns by name.

    Parameters
    ----------
    readers : mapping of str to callable
        What reads each file, by the name that stands in its rows.

    Returns
    -------
    Table
        Rows in the order of the files; cells of columns that a file lacks are empty.

    Raises
    ------
    UnreadFilesError
        When some cannot be read; says what is wrong with each.
    TableError
        When there is none, or all together are more than is read.
    """
    tables: dict[str, Table] = {}
    said: dict[str, str] = {}
    n_rows = n_chars = 0
    columns: dict[str, None] = {}
    for name, read in readers.items():
        try:
            table = read()
        except TableError as error:
            said[name] = str(error)
            continue
        columns |= dict.fromkeys(map(str, table.frame))
        n_rows += len(table.frame)
        n_chars += sum(int(cells.str.len().sum()) for _, cells in table.frame.items())
        check_size(TOGETHER, n_rows, len(columns) + 1)
        check_chars(TOGETHER, n_chars)
        tables[name] = table
    if said:
        raise UnreadFilesError(said, len(readers))
    if not tables:
        raise TableError("There is no file to read. Name at least one.")
    files = [name for name, table in tables.items() for _ in range(len(table.frame))]
    cells = [[cell for table in tables.values() for cell in _cells(table, column)] for column in columns]
    reports = [table.report for table in tables.values()]
    return make_table(
        f"{len(tables):,} files", _shared([report.format for report in reports]) or "several",
        [free_name("file", list(columns)), *columns], [files, *cells], _notes(tables, list(columns)),
        files=tuple(tables), **_facts(reports),
    )  # fmt: skip


def number_names(names: Sequence[str]) -> list[str]:
    """Return names of files so that no two are the same, their endings kept.

    Examples
    --------
    >>> number_names(["may.csv", "june.csv", "may.csv"])
    ['may.csv', 'june.csv', 'may_2.csv']
    """
    numbered: list[str] = []
    for name in names:
        path, number = PurePath(name), 2
        while name in numbered or (number > 2 and name in names):
            name, number = f"{path.stem}_{number}{path.suffix}", number + 1
        numbered.append(name)
    return numbered


def _cells(table: Table, column: str) -> list[str]:
    return list(table.frame[column]) if column in table.frame else [""] * len(table.frame)


def _notes(tables: Mapping[str, Table], columns: list[str]) -> list[str]:
    notes = [f"{name}: {note}" for name, table in tables.items() for note in table.report.notes]
    for name, table in tables.items():
        if missing := [column for column in columns if column not in table.frame]:
            notes.append(f"{name}: no column {list_parts(missing)}; these cells are empty.")
    return notes


def _facts(reports: Sequence[ReadReport]) -> dict[str, object]:
    """Return what is true of all files, and the rows of names of the first."""
    first = reports[0]
    doubtful = next((report for report in reports if not report.encoding_certain), first)
    return {
        "encoding": _shared([report.encoding for report in reports]),
        "encoding_certain": doubtful.encoding_certain,
        "encoding_candidates": doubtful.encoding_candidates,
        "delimiter": _shared([report.delimiter for report in reports]),
        "header_rows": first.header_rows,
        "header_reason": first.header_reason,
        "skip_rows": first.skip_rows,
        "head": first.head,
        "part": _shared([report.part for report in reports]),
        "parts": tuple(part for part in first.parts if all(part in report.parts for report in reports)),
    }


def _shared(values: Sequence[T]) -> T | None:
    """Return the value that all are; None where they differ."""
    return values[0] if all(value == values[0] for value in values) else None
