"""Delimited text as a table: its names, the lines around it, and rows that do not fit."""

from __future__ import annotations

import re
from collections import Counter

from embedlab.errors import TableError
from embedlab.limits import check_bytes
from embedlab.reading.delimiters import MAX_CELL_LINES, Rows, count_torn, parse_best, plain_lines, sniff_delimiter
from embedlab.reading.encodings import Decoded
from embedlab.tables import (
    Table,
    check_size,
    count_rows,
    extent_of,
    find_margins,
    list_lines,
    looks_like_header,
    make_table,
    note_margins,
)

_SEPARATOR_LINE = re.compile(r'^"?sep=([,;\t|])"?[\r\n]+')


def read_delimited(
    decoded: Decoded, name: str, delimiter: str | None = None, header: bool | None = None, *, trim: bool = True
) -> Table:
    """Read comma-, semicolon-, tab- or bar-separated text, or one text a line.

    Parameters
    ----------
    decoded : Decoded
    name : str
        File name; ``.txt`` is read as one text a line unless a sign cuts nearly every line.
    delimiter, header
        Override the guess.
    trim : bool, default=True
        Set titles above the names and remarks below the rows aside.

    Raises
    ------
    TableError
        When there is nothing to read.
    """
    text = decoded.text
    if delimiter is None and (named := _SEPARATOR_LINE.match(text)):
        delimiter, text = named.group(1), text[named.end() :]
    if delimiter is None:
        delimiter = sniff_delimiter(text, is_plain=name.lower().endswith(".txt"))
    # A line of two characters takes 300 bytes as a row, and each further cell 90.
    n_cells = text.count(delimiter) if delimiter else 0
    check_bytes(4 * len(text) + 300 * text.count("\n") + 90 * n_cells, f"Reading {name}")
    is_plain = name.lower().endswith(".txt") and not delimiter
    rows = plain_lines(text) if is_plain else parse_best(text, delimiter)
    if not rows.cells:
        raise TableError(f"{name} is blank: it holds nothing but empty lines.")
    above, below = find_margins(rows.cells, rows.lines, header=header) if trim and delimiter else (0, 0)
    notes = note_margins(rows.cells, above, below)
    end = len(rows.cells) - below
    cells, lines = rows.cells[above:end], rows.lines[above:end]
    if header is None:
        header = above > 0 or looks_like_header(cells)
    names = cells.pop(0) if header else [f"column {i}" for i in range(1, _usual_width(cells) + 1)]
    if is_plain and not header:
        names = ["text"]
    if not cells:
        raise TableError(f"{name} holds column names but no rows below them.")
    columns, squared, odd_rows = _square(names, cells, lines[1:] if header else lines, name)
    kind = "txt" if is_plain else "tsv" if delimiter == "\t" else "csv"
    return make_table(
        name, kind, columns, squared, [*decoded.notes, *notes, *odd_rows, *_note_quotes(rows, text, delimiter)],
        delimiter=delimiter, header=header, encoding=decoded.encoding, encoding_certain=decoded.certain,
        encoding_candidates=decoded.candidates,
    )  # fmt: skip


def _note_quotes(rows: Rows, text: str, delimiter: str) -> list[str]:
    notes = []
    if rows.odd_quotes and delimiter:
        notes.append(f"Quotation marks do not pair up in {list_lines(rows.odd_quotes)}; they are kept as they stand.")
    # Between tabs, quotation marks mostly mean nothing.
    torn = _find_torn(rows) if '"' in text and delimiter not in ("", "\t") else []
    if torn:
        notes.append(
            f"Quotation marks begin inside one cell and end inside another in {list_lines(torn)}: look whether a "
            "delimiter is missing before them, and the cells stand in the right columns."
        )
    if rows.long_cells:
        notes.append(
            f"A cell runs over more than {MAX_CELL_LINES} lines from {list_lines(rows.long_cells)} on: "
            "if that is not meant, a quotation mark is missing there."
        )
    return notes


def _find_torn(rows: Rows) -> list[int]:
    """Return the lines where a quoted text that begins within a cell was cut, in quotation marks that pair up."""
    reported = set(rows.odd_quotes)
    return [
        line for row, line in zip(rows.cells, rows.lines, strict=True) if count_torn(row) > 1 and line not in reported
    ]


def _usual_width(cells: list[list[str]]) -> int:
    return Counter(map(len, cells)).most_common(1)[0][0]


def _square(
    names: list[str], cells: list[list[str]], lines: list[int], file_name: str
) -> tuple[list[str], list[tuple[str, ...]], list[str]]:
    """Give every row the same width: short rows are padded, extra cells get columns of their own."""
    notes = []
    if _are_numbered(cells, len(names)):
        names = ["", *names]
    width = len(names)
    uneven = [(row, line) for row, line in zip(cells, lines, strict=True) if len(row) != width]
    short = [line for row, line in uneven if len(row) < width]
    placed = [(extent_of(row), line) for row, line in uneven if len(row) > width]
    extra = [line for extent, line in placed if extent > width]
    longer = [line for extent, line in placed if extent <= width]
    full = max((width, *(extent for extent, _ in placed)))
    check_size(file_name, len(cells), full)
    if short:
        notes.append(
            f"{count_rows(len(short))} fewer cells than there are columns ({list_lines(short)}); these are left empty."
        )
    if extra:
        notes.append(
            f"{count_rows(len(extra))} more cells than there are columns ({list_lines(extra)}); the surplus is kept in "
            "columns called 'extra'. If texts were cut at a comma, the file lacks quotation marks around them."
        )
    # Where most rows end in a delimiter, that is a habit of the file.
    if longer and len(longer) < len(cells) / 2:
        notes.append(
            f"{count_rows(len(longer))} a delimiter more than there are columns, and nothing behind it "
            f"({list_lines(longer)}): look whether the cells stand in the right columns."
        )
    names = [*names, *(f"extra {i}" for i in range(1, full - width + 1))]
    squared = (row if len(row) == full else row[:full] + [""] * (full - len(row)) for row in cells)
    return names, list(zip(*squared, strict=True)), notes


def _are_numbered(cells: list[list[str]], width: int) -> bool:
    """Whether every row begins with its number, for which there is no name: what R writes."""
    return all(len(row) == width + 1 and row[0] == str(i) for i, row in enumerate(cells, start=1))
