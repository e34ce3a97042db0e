"""Several files as one table, each row with the name of the file it comes from."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any, BinaryIO

from embedlab.errors import TableError
from embedlab.reading.read import read_table
from embedlab.tables import Table, check_chars, check_size, free_name, list_parts, make_table


def read_tables(sources: Iterable[str | Path | BinaryIO], **options: Any) -> Table:  # noqa: ANN401 - those of read_table
    """Read several files as one table: columns are joined by their names, and ``file`` says where a row comes from.

    Parameters
    ----------
    sources : iterable of paths or binary file objects with a name
    **options
        How each of them is read, as :func:`read_table` has it.

    Returns
    -------
    Table
        Rows in the order of the files; cells of columns that a file lacks are empty. Files of one name are numbered.

    Raises
    ------
    TableError
        When there is no file, when one of them cannot be read, or all together are more than is read.
    """
    names: list[str] = []
    tables: list[Table] = []
    n_rows = n_chars = 0
    for source in sources:
        table = read_table(source, **options)
        n_rows += len(table.frame)
        n_chars += sum(int(cells.str.len().sum()) for _, cells in table.frame.items())
        check_size("All files together", n_rows, len({name for one in [*tables, table] for name in one.frame}) + 1)
        check_chars("All files together", n_chars)
        tables.append(table)
        names.append(free_name(table.report.file_name, names))
    if not tables:
        raise TableError("There is no file to read. Name at least one.")
    columns = list(dict.fromkeys(str(name) for table in tables for name in table.frame))
    notes = [f"{name}: {note}" for name, table in zip(names, tables, strict=True) for note in table.report.notes]
    for name, table in zip(names, tables, strict=True):
        if missing := [column for column in columns if column not in table.frame]:
            notes.append(f"{name}: no column {list_parts(missing)}; these cells are empty.")
    files = [name for name, table in zip(names, tables, strict=True) for _ in range(len(table.frame))]
    cells = [[cell for table in tables for cell in _cells(table, column)] for column in columns]
    kinds = {table.report.format for table in tables}
    return make_table(
        f"{len(tables):,} files", kinds.pop() if len(kinds) == 1 else "several",
        [free_name("file", columns), *columns], [files, *cells], notes,
    )  # fmt: skip


def _cells(table: Table, column: str) -> list[str]:
    return list(table.frame[column]) if column in table.frame else [""] * len(table.frame)
