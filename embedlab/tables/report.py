"""A table and the report of how it was read, and the limits every reader keeps."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from embedlab.errors import TableError

if TYPE_CHECKING:
    import pandas as pd

MAX_FILE_BYTES = 200 << 20
"""Streamlit's own limit on an upload; a file is held in memory while it is read."""
MAX_ROWS = 1_000_000
"""What a map can still show."""
MAX_COLUMNS = 1_000
"""More columns are a matrix of numbers, not a table of texts."""
MAX_CELLS = 100_000_000
"""One long row among many short ones would fill the memory with empty cells."""
MAX_CELL_CHARS = 100_000
"""No model reads further; longer cells are cut and reported."""
MAX_TOTAL_CHARS = 500_000_000
"""Characters of a whole table: a file of some hundred bytes can say one long text a million times."""

# NUL and other controls but tab and line ends, and halves of surrogate pairs, which no encoder takes.
UNREADABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


@dataclass(frozen=True)
class EncodingCandidate:
    """An encoding a file may be in, and how the lines in doubt read in it."""

    encoding: str
    samples: tuple[str, ...]


@dataclass(frozen=True)
class ReadReport:
    """How a file was read.

    Parameters
    ----------
    file_name : str
    format : str
        ``"csv"``, ``"tsv"``, ``"xlsx"``, ``"parquet"``, ``"jsonl"``, ``"json"`` or ``"txt"``.
    n_rows, n_columns : int
    encoding : str or None
        None where the format settles it.
    encoding_certain : bool
        False when a person should look at ``encoding_candidates``.
    encoding_candidates : tuple of EncodingCandidate
        The likeliest first.
    delimiter : str or None
        ``""`` for one text a line.
    header : bool
        Whether the first row gave the names of the columns.
    sheet : str or None
        The sheet of a workbook that was read.
    notes : tuple of str
        What a person should know: sentences in plain words.
    """

    file_name: str
    format: str
    n_rows: int
    n_columns: int
    encoding: str | None = None
    encoding_certain: bool = True
    encoding_candidates: tuple[EncodingCandidate, ...] = ()
    delimiter: str | None = None
    header: bool = True
    sheet: str | None = None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Table:
    """A table of texts: ``frame``, a DataFrame whose cells are all ``str``, and ``report``."""

    frame: pd.DataFrame
    report: ReadReport


def make_table(
    name: str,
    kind: str,
    columns: Sequence[str],
    cells: Sequence[Sequence[str]],
    notes: Sequence[str] = (),
    **facts: object,
) -> Table:
    """Put columns of cells together, within the limits.

    Parameters
    ----------
    name, kind : str
        File name and format.
    columns : sequence of str
        Names as they stand in the file; empty and repeated ones are made unique.
    cells : sequence of sequences of str
        One sequence a column.
    notes, facts
        Further fields of :class:`ReadReport`.

    Raises
    ------
    TableError
        When there are no rows, or too many rows or columns.
    """
    import pandas as pd

    n_rows = len(cells[0]) if cells else 0
    if not n_rows:
        raise TableError(f"{name} holds column names but no rows below them.")
    check_size(name, n_rows, len(columns))
    cut, n_cut, n_removed = [], 0, 0
    for column in cells:
        if any(map(UNREADABLE.search, column)):
            n_removed += sum(len(UNREADABLE.findall(cell)) for cell in column)
            column = [UNREADABLE.sub("", cell) for cell in column]
        too_long = sum(len(cell) > MAX_CELL_CHARS for cell in column)
        n_cut += too_long
        cut.append([cell[:MAX_CELL_CHARS] for cell in column] if too_long else column)
    notes = list(notes)
    if n_removed:
        notes.append(f"{_count(n_removed, 'control character')}, which cannot be shown, {_was(n_removed)} removed.")
    if n_cut:
        notes.append(
            f"{_count(n_cut, 'cell')} had more than {MAX_CELL_CHARS:,} characters and {_was(n_cut)} cut there."
        )
    columns = [UNREADABLE.sub("", column) for column in columns]
    names = _unique_names(columns)
    if renamed := [new for new, old in zip(names, columns, strict=True) if new != old.strip()]:
        notes.append(f"Columns without a name of their own are called: {', '.join(renamed[:8])}.")
    frame = pd.DataFrame(dict(zip(names, cut, strict=True)), dtype=object)
    return Table(frame, ReadReport(name, kind, n_rows, len(names), notes=tuple(notes), **facts))  # type: ignore[arg-type]


def check_size(name: str, n_rows: int, n_columns: int) -> None:
    """Raise ``TableError`` for more rows, columns or cells than are read."""
    if n_rows > MAX_ROWS:
        raise TableError(
            f"{name} has {n_rows:,} rows; up to {MAX_ROWS:,} are read. Split it, or keep a sample of the rows."
        )
    if n_columns > MAX_COLUMNS:
        raise TableError(f"{name} has {n_columns:,} columns; up to {MAX_COLUMNS:,} are read. Keep the ones you need.")
    if n_rows * n_columns > MAX_CELLS:
        raise TableError(
            f"{name} has {n_rows:,} rows and {n_columns:,} columns; up to {MAX_CELLS:,} cells are read. "
            "Keep the columns you need. If few rows are that wide, a line end is missing in them."
        )


def list_lines(numbers: Sequence[int], most: int = 5) -> str:
    """Write line numbers for a note: ``lines 4, 9, 12 and 3 more``."""
    shown = ", ".join(f"{number:,}" for number in numbers[:most])
    more = f" and {len(numbers) - most:,} more" if len(numbers) > most else ""
    return f"line{'s' if len(numbers) > 1 else ''} {shown}{more}"


def count_rows(number: int) -> str:
    """Write a number of rows as the subject of a sentence: ``1 row has``, ``3 rows have``."""
    return "1 row has" if number == 1 else f"{number:,} rows have"


def _unique_names(columns: Sequence[str]) -> list[str]:
    names: list[str] = []
    taken = {column.strip() for column in columns}
    for number, column in enumerate(columns, start=1):
        wanted = column.strip() or f"column {number}"
        name, repeat = wanted, 2
        while name in names or (name != column.strip() and name in taken):
            name, repeat = f"{wanted} ({repeat})", repeat + 1
        names.append(name)
    return names


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def _was(number: int) -> str:
    return "was" if number == 1 else "were"
