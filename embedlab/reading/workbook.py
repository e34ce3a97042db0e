"""Workbooks of Excel and OpenOffice, read by another process that may die without taking the server with it.

A workbook of 1.4 kB whose only cells are the first and the last one of the sheet makes the reader ask for 550 GB; a
zip bomb fills the memory. The reading process has a limit on both memory and time.
"""

from __future__ import annotations

import json
import zipfile
from io import BytesIO
from pathlib import Path
from typing import Any

from embedlab.errors import TableError
from embedlab.limits import limits
from embedlab.reading.apart import run_apart
from embedlab.reading.layout import Grid, lay_out
from embedlab.tables import ReadOptions, Table, check_size, check_unpacked, choose_part, make_table, note_others

_SHOWN = 8
# A part that gives a kind away.
_READ = {"xl/workbook.xml": "xlsx", "xl/workbook.bin": "xlsb", "content.xml": "ods"}
_WORKER = Path(__file__).with_name("_workbook_process.py")
_REASONS = {"PasswordError": "is protected by a password. Open it, remove the password, and save it again."}


def read_workbook(content: bytes, name: str, options: ReadOptions) -> Table:
    """Read a sheet of a workbook: the one that is asked for, or the first that holds anything.

    Parameters
    ----------
    content : bytes
        XLSX, XLSB, ODS or XLS.
    name : str
    options : ReadOptions
        What is not to be guessed.

    Raises
    ------
    TableError
        When the file is no workbook, damaged, empty, or would unpack to more than is safe.
    """
    kind = _kind_of(content, name) if content.startswith(b"PK") else "xls"
    found, rows = _read_apart(content, name, options.part or "")
    sheets, sheet = found["names"], found["sheet"]
    if options.part is not None:
        choose_part(sheets, options.part, name)
    if "size" in found:
        check_size(name, *found["size"])
    if not rows:
        raise TableError(
            f"{name} is blank: {f'the sheet {sheet!r}' if options.part else 'no sheet of it'} holds no text."
        )
    table = _as_grid(rows, found)
    check_size(name, len(rows) - 1, max(map(len, table.rows)))  # one row may hold the names
    laid = lay_out(table, name, options)
    return make_table(
        name, kind, laid.names, laid.columns, [*_notes(found), *laid.notes], part=sheet, parts=tuple(sheets),
        **laid.facts,
    )  # fmt: skip


def _kind_of(content: bytes, name: str) -> str:
    """Tell the kinds of workbook apart, and refuse what unpacks to too much."""
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            entries = archive.infolist()
    except zipfile.BadZipFile:
        raise TableError(f"{name} is a damaged workbook or archive: it was perhaps cut off. Export it again.") from None
    names = {entry.filename for entry in entries}
    unpacked = sum(entry.file_size for entry in entries)
    check_unpacked(name, unpacked, len(content))
    return next((kind for part, kind in _READ.items() if part in names), "xlsx")


def _read_apart(content: bytes, name: str, part: str) -> tuple[dict[str, Any], list[tuple[int, list[str]]]]:
    """Have another process read a sheet: what is known of it, and its rows with their numbers."""
    most = limits()
    numbers = (most.max_rows + 1, most.max_columns, most.max_cells, most.max_cell_chars, most.max_total_chars)
    with run_apart(_WORKER, [content], [part, *numbers], name, "Save the sheet as CSV.", _REASONS) as written:
        head, *lines = written.read().decode("utf-8", "replace").split("\n")
    return json.loads(head), [json.loads(line) for line in lines if line]


def _as_grid(rows: list[tuple[int, list[str]]], found: dict[str, Any]) -> Grid:
    """Cut off the columns to the left and right that are empty in every row."""
    filled = [[i for i, cell in enumerate(row) if cell.strip()] for _, row in rows]
    first, last = min(row[0] for row in filled), max(row[-1] for row in filled)
    across = {row + 1 for row in found["across"]}
    lines = [line for line, _ in rows]
    return Grid([row[first : last + 1] for _, row in rows], lines, [line in across for line in lines])


def _notes(found: dict[str, Any]) -> list[str]:
    notes = note_others("sheet", found["sheet"], found["names"])
    if n_merged := found["merged"]:
        areas = "1 merged cell was" if n_merged == 1 else f"{n_merged:,} merged cells were"
        notes.append(f"{areas} filled: each cell they cover says the same.")
    if cells := found["uncomputed"]:
        more = f" and {len(cells) - _SHOWN:,} more" if len(cells) > _SHOWN else ""
        notes.append(
            f"Formulas without a kept value are empty here: {', '.join(cells[:_SHOWN])}{more}. Open the file in a "
            "spreadsheet program and save it, and the values are kept."
        )
    return notes
