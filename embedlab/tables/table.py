"""A table and the report of how it was read."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from embedlab.errors import TableError
from embedlab.limits import limits, setting_of
from embedlab.tables.parts import note_others
from embedlab.tables.sizes import check_size

if TYPE_CHECKING:
    import pandas as pd

# NUL and other controls but tab and line ends, and halves of surrogate pairs, which no encoder takes.
UNREADABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


_AT_ONCE = 4_096


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
        ``"csv"``, ``"tsv"``, ``"xlsx"``, ``"parquet"``, ``"arrow"``, ``"jsonl"``, ``"json"``, ``"sqlite"``,
        ``"duckdb"``, ``"dataset"``, ``"subtitles"``, ``"chat"`` or ``"txt"``.
    n_rows, n_columns : int
    encoding : str or None
        None where the format settles it.
    encoding_certain : bool
        False when a person should look at ``encoding_candidates``.
    encoding_candidates : tuple of EncodingCandidate
        The likeliest first.
    delimiter : str or None
        ``""`` for one text a line.
    header_rows : int
        How many rows gave the names of the columns; 0 where they are numbered.
    header_reason : str
        By what that is known: the rest of a sentence, empty where the format settles it.
    skip_rows : int
        Lines, or rows of a sheet, above the names that were set aside.
    head : tuple of (int, tuple of str)
        The first rows as they stand in the file, each with its line; empty where the format has no lines.
    part : str or None
        What was read of a file that holds several tables, such as the sheet of a workbook.
    parts : tuple of str
        Everything that could have been read in its place, itself included.
    notes : tuple of str
        What a person should know: sentences in plain words.
    files : tuple of str
        The files that were joined to one table; empty for one. ``encoding``, ``delimiter`` and ``part`` are what they
        have in common then, ``parts`` what could be read of each, and the rows of names are those of the first.
    """

    file_name: str
    format: str
    n_rows: int
    n_columns: int
    encoding: str | None = None
    encoding_certain: bool = True
    encoding_candidates: tuple[EncodingCandidate, ...] = ()
    delimiter: str | None = None
    header_rows: int = 1
    header_reason: str = ""
    skip_rows: int = 0
    head: tuple[tuple[int, tuple[str, ...]], ...] = ()
    part: str | None = None
    parts: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    files: tuple[str, ...] = ()


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
    import numpy as np
    import pandas as pd

    n_rows = len(cells[0]) if cells else 0
    if not n_rows:
        raise TableError(f"{name} holds column names but no rows below them.")
    check_size(name, n_rows, len(columns))
    cut, n_cut, n_removed, most = [], 0, 0, limits().max_cell_chars
    for column in cells:
        if _holds_unreadable(column):
            n_removed += sum(len(UNREADABLE.findall(cell)) for cell in column)
            column = [UNREADABLE.sub("", cell) for cell in column]
        if max(map(len, column)) > most:
            n_cut += sum(len(cell) > most for cell in column)
            column = [cell[:most] for cell in column]
        cut.append(column)
    notes = list(notes)
    if n_removed:
        notes.append(f"{_count(n_removed, 'control character')}, which cannot be shown, {_was(n_removed)} removed.")
    if n_cut:
        notes.append(
            f"{_count(n_cut, 'cell')} had more than {most:,} characters and {_was(n_cut)} cut there "
            f"({setting_of('max_cell_chars')})."
        )
    columns = [UNREADABLE.sub("", column) for column in columns]
    names = _unique_names(columns)
    if renamed := [new for new, old in zip(names, columns, strict=True) if new != old.strip()]:
        notes.append(f"Columns without a name of their own are called: {', '.join(renamed[:8])}.")
    block = np.empty((len(names), n_rows), dtype=object)  # what a frame keeps; from lists it would be made twice
    for place, column in enumerate(cut):
        block[place] = column
    frame = pd.DataFrame(block.T, columns=names, dtype=object, copy=False)
    return Table(frame, ReadReport(name, kind, n_rows, len(names), notes=tuple(notes), **facts))  # type: ignore[arg-type]


def _holds_unreadable(column: Sequence[str]) -> bool:
    """Whether a cell holds what no reader can show; some thousand cells are searched as one text."""
    pieces = (column[start : start + _AT_ONCE] for start in range(0, len(column), _AT_ONCE))
    return any(UNREADABLE.search("".join(piece)) for piece in pieces)


def as_part(table: Table, kind: str, part: str, parts: Sequence[str]) -> Table:
    """Say of a table that it is one part of a file, and which others there are; its own parts are named after it.

    Parameters
    ----------
    table : Table
    kind, part : str
        What it is, such as "split", and its name.
    parts : sequence of str
        Of all, itself included; where there is no other, the table stays as it is.
    """
    if len(parts) < 2:
        return table
    report = table.report
    within = [f"{part}/{inner}" for inner in report.parts]
    named = [one for other in parts for one in (within if within and other == part else [other])]
    read = f"{part}/{report.part}" if within else part
    notes = (*note_others(kind, part, parts), *report.notes)
    return Table(table.frame, replace(report, part=read, parts=tuple(named), notes=notes))


def free_name(name: str, taken: Sequence[str]) -> str:
    """Return a name for a new column, with a number behind it where it is taken: ``cluster_2``."""
    numbered = [name, *(f"{name}_{number}" for number in range(2, len(taken) + 3))]
    return next(candidate for candidate in numbered if candidate not in taken)


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
