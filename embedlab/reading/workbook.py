"""XLSX, read by another process that may die without taking the server with it.

A workbook of 1.4 kB whose only cell is the last one of the sheet ends the process that reads it with a fast reader; a
zip bomb fills the memory. The reading process has a limit on both memory and time, and only streams.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import zipfile
from io import BytesIO
from pathlib import Path

from embedlab.errors import TableError
from embedlab.limits import limits
from embedlab.reading.layout import Grid, lay_out
from embedlab.tables import ReadOptions, Table, check_size, check_unpacked, make_table

MAX_RATIO = 200
TIMEOUT_S = 120
# A part that gives another kind away.
_OTHER_KINDS = {
    "xl/workbook.bin": ("a binary Excel workbook (.xlsb)", "Open it and save it as .xlsx or CSV."),
    "META-INF/manifest.xml": ("an OpenDocument file (.ods)", "Open it and save the sheet as .xlsx or CSV."),
    "word/document.xml": ("a Word document", "Copy the table into a sheet and save that as .xlsx or CSV."),
    "ppt/presentation.xml": ("a presentation", "Copy the table into a sheet and save that as .xlsx or CSV."),
    "Index/Document.iwa": ("a Numbers sheet", "Open it and export it as .xlsx or CSV."),
}
_WORKER = Path(__file__).with_name("_workbook_process.py")


def read_workbook(content: bytes, name: str, options: ReadOptions) -> Table:
    """Read the first sheet of a workbook that holds anything.

    Parameters
    ----------
    content : bytes
    name : str
    options : ReadOptions
        What is not to be guessed.

    Raises
    ------
    TableError
        When the file is no workbook, damaged, empty, or would unpack to more than is safe.
    """
    _check_zip(content, name)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "book.xlsx"
        path.write_bytes(content)
        # -I: the process sees neither the current folder nor the environment's Python settings.
        command = [sys.executable, "-I", str(_WORKER), str(path)]
        most = limits()
        command += map(str, (most.max_rows + 1, most.max_columns, most.max_cell_chars, most.max_total_chars))
        try:
            done = subprocess.run(command, capture_output=True, timeout=TIMEOUT_S, check=False)
        except subprocess.TimeoutExpired:
            raise TableError(f"{name} takes longer than {TIMEOUT_S} s to read. Save the sheet as CSV.") from None
    if done.returncode != 0:
        raise TableError(
            f"{name} cannot be read: it is damaged, or far larger inside than it looks. Save the sheet as CSV."
        )
    head, *lines = done.stdout.decode("utf-8", "replace").split("\n")
    found = json.loads(head)
    rows = [json.loads(line) for line in lines if line]
    return _as_table(name, found["sheet"], found["others"], rows, options)


def _check_zip(content: bytes, name: str) -> None:
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            entries = archive.infolist()
    except zipfile.BadZipFile:
        raise TableError(f"{name} is a damaged workbook or archive: it was perhaps cut off. Export it again.") from None
    names = {entry.filename for entry in entries}
    for part, (kind, advice) in _OTHER_KINDS.items():
        if part in names:
            raise TableError(f"{name} is {kind}, which cannot be read. {advice}")
    unpacked = sum(entry.file_size for entry in entries)
    check_unpacked(name, unpacked)
    if unpacked > MAX_RATIO * len(content) + (10 << 20):
        raise TableError(f"{name} unpacks to {unpacked >> 20:,} MiB, far more than it should. Save the sheet as CSV.")


def _as_table(name: str, sheet: str, others: list[str], rows: list[list[str]], options: ReadOptions) -> Table:
    rows = [row for row in rows if any(cell.strip() for cell in row)]
    if not rows:
        raise TableError(f"{name} is blank: no sheet of it holds any text.")
    width = max(map(len, rows))
    check_size(name, len(rows) - 1, width)  # one row may hold the names
    first = min(next(i for i, cell in enumerate(row) if cell.strip()) for row in rows)
    squared = [row[first:] + [""] * (width - len(row)) for row in rows]
    notes = [f"Only the sheet {sheet!r} was read; the others are: {', '.join(others[:8])}."] if others else []
    found = lay_out(Grid(squared, list(range(1, len(squared) + 1))), name, options)
    return make_table(
        name, "xlsx", found.names, found.columns, [*notes, *found.notes], part=sheet, parts=(sheet, *others),
        **found.facts,
    )  # fmt: skip
