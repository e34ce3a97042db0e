"""Files of any size, looked through once and then read in stretches of rows, each by itself and in any order.

Parquet is read by its groups of rows, long delimited text by places where a row begins. Every other file is read whole,
within the limits of all tables, and handed out in stretches. A stretch gives the same cells whenever and wherever it is
read, and the same as :func:`read_table` of the whole file; what cannot be promised of a file is refused.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from hashlib import file_digest
from pathlib import Path
from typing import TYPE_CHECKING, Any

from embedlab.errors import TableError
from embedlab.reading.longtext import is_long_text, read_long_text, survey_long_text
from embedlab.reading.read import read_table
from embedlab.reading.records import LongParquet
from embedlab.reading.repair import repair_table
from embedlab.tables import ReadOptions, Table

if TYPE_CHECKING:
    import pandas as pd

# Bytes of a stretch, unpacked, however few rows that are.
STRETCH_BYTES = 32 << 20


@dataclass(frozen=True)
class Stretch:
    """Rows of a file that are read at once.

    Parameters
    ----------
    first : int
        Where it begins: in bytes for delimited text, else the row, counted from 0.
    line : int
        The line it begins in, for delimited text.
    n_rows : int
        Rows of the file.
    """

    first: int
    line: int
    n_rows: int


@dataclass(frozen=True)
class Stream:
    """A file that was looked through, and how it is read in stretches.

    Parameters
    ----------
    path, name : str
        Where it lies, and how messages call it.
    kind : {"parquet", "text", "whole"}
    n_bytes, changed_ns : int
        Size, and when it was changed: it must be the same when it is read.
    fingerprint : str
        Digest of the file, of Parquet that of its footer.
    columns : tuple of str
    stretches : tuple of Stretch
    options : dict
        Fields of ``ReadOptions``, with what was guessed settled.
    style : dict
        How a delimited text is quoted.
    notes : tuple of str
        What a person should know.
    """

    path: str
    name: str
    kind: str
    n_bytes: int
    changed_ns: int
    fingerprint: str
    columns: tuple[str, ...]
    stretches: tuple[Stretch, ...]
    options: dict[str, Any]
    style: dict[str, Any]
    notes: tuple[str, ...]

    @property
    def n_rows(self) -> int:
        """Rows of the file."""
        return sum(stretch.n_rows for stretch in self.stretches)

    @classmethod
    def from_dict(cls, given: dict[str, Any]) -> Stream:
        """Return what ``dataclasses.asdict`` has written, perhaps by way of JSON."""
        lists = {name: tuple(given[name]) for name in ("columns", "notes")}
        return cls(**given | lists | {"stretches": tuple(Stretch(**each) for each in given["stretches"])})


def survey(path: Path, name: str, options: ReadOptions, n_rows: int) -> Stream:
    """Look a file through, and cut it into stretches.

    Parameters
    ----------
    path : Path
    name : str
        What messages call it.
    options : ReadOptions
        What is not to be guessed.
    n_rows : int
        Rows of a stretch at most; fewer where they are long.

    Raises
    ------
    TableError
        When it cannot be read, or not in stretches; says what to do.
    OSError
        When it cannot be opened.
    """
    if path.is_dir():
        raise TableError(f"{name} is a folder. Name the files in it.")
    stat = path.stat()
    facts: dict[str, Any] = {
        "path": str(path.absolute()),
        "name": name,
        "n_bytes": stat.st_size,
        "changed_ns": stat.st_mtime_ns,
    }
    with path.open("rb") as file:
        start = file.read(4)
    if start == b"PAR1":
        return _survey_parquet(path, facts, options, n_rows)
    if is_long_text(path, options):
        found = survey_long_text(path, options, n_rows, STRETCH_BYTES)
        stretches = tuple(Stretch(*each) for each in found.places)
        return Stream(
            **facts, kind="text", fingerprint=found.fingerprint, columns=found.columns, stretches=stretches,
            options=asdict(found.options), style=found.style, notes=found.notes,
        )  # fmt: skip
    table = read_table(path, name=name, **options.of_file)
    with path.open("rb") as file:
        fingerprint = file_digest(file, "sha256").hexdigest()
    return Stream(
        **facts, kind="whole", fingerprint=fingerprint, columns=tuple(map(str, table.frame)),
        stretches=_even(len(table.frame), n_rows), options=asdict(options), style={}, notes=table.report.notes,
    )  # fmt: skip


def _survey_parquet(path: Path, facts: dict[str, Any], options: ReadOptions, n_rows: int) -> Stream:
    file = LongParquet(path)
    stretches: list[Stretch] = []
    first = 0
    for n_in_group, n_bytes in file.groups:
        fitting = max(1, min(n_rows, STRETCH_BYTES * n_in_group // max(1, n_bytes)))
        stretches += [replace(each, first=first + each.first) for each in _even(n_in_group, fitting)]
        first += n_in_group
    if not first:
        raise TableError(f"{facts['name']} holds column names but no rows below them.")
    head = _repaired(file.table(0, stretches[0].n_rows, options), options)
    # Which list of a column is read is seen by the first rows, and is that of all.
    settled = replace(options, part=head.report.part or options.part)
    return Stream(
        **facts, kind="parquet", fingerprint=file.fingerprint, columns=tuple(map(str, head.frame)),
        stretches=tuple(stretches), options=asdict(settled), style={}, notes=head.report.notes,
    )  # fmt: skip


def _even(n_rows: int, most: int) -> tuple[Stretch, ...]:
    return tuple(Stretch(first, 0, min(most, n_rows - first)) for first in range(0, n_rows, most))


def _repaired(table: Table, options: ReadOptions) -> Table:
    return repair_table(table) if options.repair else table


class StretchReader:
    """Reads stretches of files; those of one file in their order cost least."""

    def __init__(self) -> None:
        self._open: tuple[Stream, Callable[[Stretch], pd.DataFrame]] | None = None

    def read(self, stream: Stream, stretch: Stretch) -> pd.DataFrame:
        """Return the rows of a stretch, all cells ``str``, with the columns of its file.

        Raises
        ------
        TableError
            When the file was changed since it was looked through, or is damaged in these rows.
        OSError
            When it cannot be opened.
        """
        stat = Path(stream.path).stat()
        if (stat.st_size, stat.st_mtime_ns) != (stream.n_bytes, stream.changed_ns):
            raise TableError(
                f"{stream.name} was changed while it was being read. Leave it as it is, and write into a new folder."
            )
        if self._open is None or self._open[0] is not stream:
            self._open = stream, _opened(stream)
        frame = self._open[1](stretch)
        if tuple(map(str, frame)) != stream.columns:
            raise TableError(
                f"{stream.name}: from row {stretch.first + 1:,} on there are other columns than above. Read lists in "
                "cells as they stand, with --part, or write the column out."
            )
        return frame


def _opened(stream: Stream) -> Callable[[Stretch], pd.DataFrame]:
    path, options = Path(stream.path), ReadOptions(**stream.options)
    if stream.kind == "parquet":
        file = LongParquet(path)
        return lambda stretch: _repaired(file.table(stretch.first, stretch.n_rows, options), options).frame
    if stream.kind == "text":
        return lambda stretch: (
            _repaired(
                read_long_text(
                    path, options, stream.style, stream.columns, stretch.first, stretch.line, stretch.n_rows
                ),
                options,
            ).frame
        )
    whole = read_table(path, name=stream.name, **options.of_file).frame
    return lambda stretch: whole.iloc[stretch.first : stretch.first + stretch.n_rows].reset_index(drop=True)
