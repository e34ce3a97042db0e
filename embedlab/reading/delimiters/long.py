"""Text on disk cut into rows as it passes by: never held as a whole, and begun again at any row."""

from __future__ import annotations

import csv
import io
from collections import deque
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

from embedlab.errors import TableError
from embedlab.reading.delimiters.mending import cut_to_width
from embedlab.reading.delimiters.rows import is_row
from embedlab.tables import UNREADABLE

# A line, and a row, may be as long: what a person means by one is shorter, and a file without ends of lines is one.
_MOST_BYTES, _MOST_LINES = 16 << 20, 10_000
# Stands for no delimiter: what cannot be shown is taken out of each line, so no text holds it.
_NO_SIGN = "\x1f"


class TextRow(NamedTuple):
    """A row of a text, and where it begins.

    Parameters
    ----------
    cells : list of str
    line : int
        Counted from 1.
    offset : int
        In bytes; -1 where it begins behind an end of line that is no line feed, and cannot be begun at.
    is_odd : bool
        Whether its quotation marks do not pair up.
    """

    cells: list[str]
    line: int
    offset: int
    is_odd: bool


class _Line(NamedTuple):
    text: str
    line: int
    offset: int


class LongText:
    """A delimited text on disk.

    Parameters
    ----------
    path : Path
    encoding : str
        One in which the byte of an end of line is nothing else: UTF-8, or an older one without states.
    delimiter : str
        One character, or ``""`` for one cell a line.
    style : mapping
        How ``csv.reader`` is told to quote, as ``Rows.style`` of the text's beginning has it.
    width : int
        Cells of a row, to which one with odd quotation marks is cut.
    """

    def __init__(self, path: Path, encoding: str, delimiter: str, style: Mapping[str, Any], width: int) -> None:
        self._path, self._encoding, self._delimiter = path, encoding, delimiter
        self._style, self._width = style, width

    def rows(self, offset: int = 0, line: int = 1) -> Iterator[TextRow]:
        """Yield the rows from one that begins at an offset, in a line, to the end of the file.

        Raises
        ------
        TableError
            When bytes are not of the encoding, or a line or a quoted cell does not end.
        """
        sign, is_single = self._delimiter or _NO_SIGN, not self._delimiter
        with self._path.open("rb") as file:
            file.seek(offset)
            lines = _Lines(file, self._path.name, self._encoding, line)
            while True:
                reader = csv.reader(lines, delimiter=sign, strict=True, **self._style)
                try:
                    for cells in reader:
                        first = lines.begin_row()
                        if is_row(cells, is_single=is_single):
                            yield TextRow(cells, first.line, first.offset, False)
                    return
                except csv.Error:
                    first = lines.read_again()
                    yield TextRow(self._cells_of(first.text, sign), first.line, first.offset, True)

    def _cells_of(self, line: str, sign: str) -> list[str]:
        """Cut a line whose quotation marks do not pair up: to the usual width where one way leads there."""
        bare = next(csv.reader([line], delimiter=sign, quoting=csv.QUOTE_NONE), [])
        return (cut_to_width(sign.join(bare), sign, self._width) if self._delimiter else []) or bare


class _Lines(Iterator[str]):
    """The lines of a file for ``csv.reader``, those of the row under way remembered."""

    def __init__(self, file: BinaryIO, name: str, encoding: str, line: int) -> None:
        self._file, self._name, self._encoding, self._line = file, name, encoding, line
        self._offset = file.tell()
        self._waiting: deque[_Line] = deque()
        self._of_row: list[_Line] = []

    def __next__(self) -> str:
        if not self._waiting:
            self._read_line()
        self._of_row.append(self._waiting.popleft())
        if len(self._of_row) > _MOST_LINES:
            raise TableError(
                f"{self._name}: the quotation mark in line {self._of_row[0].line:,} is closed in none of the next "
                f"{_MOST_LINES:,} lines. Close it, or take it out."
            )
        return self._of_row[-1].text

    def begin_row(self) -> _Line:
        """Return the line that the row just read began in; the next row begins behind it."""
        first = self._of_row[0]
        self._of_row.clear()
        return first

    def read_again(self) -> _Line:
        """Return the first line of the row under way; the others are read again as rows of their own."""
        first, *others = self._of_row
        self._waiting.extendleft(reversed(others))
        self._of_row.clear()
        return first

    def _read_line(self) -> None:
        """Put the next line of the file, which may hold ends of lines of other kinds, with those that wait."""
        content = self._file.readline(_MOST_BYTES + 1)
        if not content:
            raise StopIteration
        if len(content) > _MOST_BYTES:
            raise TableError(
                f"{self._name}: line {self._line:,} has more than {_MOST_BYTES >> 20} MiB. Save the file with ends of "
                "lines, or as Parquet."
            )
        try:
            text = content.decode(self._encoding)
        except UnicodeDecodeError as error:
            raise TableError(
                f"{self._name}, line {self._line:,}: {error}. Name the encoding with --encoding, or mend the line."
            ) from None
        if not self._offset:
            text = text.removeprefix("\ufeff")
        if UNREADABLE.search(text):
            text = UNREADABLE.sub("", text)
        offset, self._offset = self._offset, self._offset + len(content)
        for part in io.StringIO(text, newline="") if "\r" in text[:-2] else [text]:
            self._waiting.append(_Line(part, self._line, offset))
            offset, self._line = -1, self._line + 1
        if not self._waiting:  # nothing but what cannot be shown
            self._waiting.append(_Line("\n", self._line, offset))
