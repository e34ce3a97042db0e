"""Delimited text as a table: its names, the lines around it, and rows that do not fit."""

from __future__ import annotations

import re
from dataclasses import replace

from embedlab.errors import TableError
from embedlab.limits import check_bytes
from embedlab.reading.delimiters import MAX_CELL_LINES, Rows, count_torn, parse_best, plain_lines, sniff_delimiter
from embedlab.reading.encodings import Decoded
from embedlab.reading.layout import Grid, lay_out
from embedlab.tables import ReadOptions, Table, list_lines, make_table

_SEPARATOR_LINE = re.compile(r'^"?sep=([,;\t|])"?[\r\n]+')


def read_delimited(decoded: Decoded, name: str, options: ReadOptions) -> Table:
    """Read comma-, semicolon-, tab- or bar-separated text, or one text a line.

    Parameters
    ----------
    decoded : Decoded
    name : str
        File name; ``.txt`` is read as one text a line unless a sign cuts nearly every line.
    options : ReadOptions
        What is not to be guessed.

    Raises
    ------
    TableError
        When there is nothing to read.
    """
    delimiter, text, n_before = find_delimiter(decoded.text, name, options)
    # A line of two characters takes 300 bytes as a row, and each further cell 90.
    n_cells = text.count(delimiter) if delimiter else 0
    check_bytes(4 * len(text) + 300 * text.count("\n") + 90 * n_cells, f"Reading {name}")
    is_plain = name.lower().endswith(".txt") and not delimiter
    rows = plain_lines(text) if is_plain else parse_best(text, delimiter)
    if not rows.cells:
        raise TableError(f"{name} is blank: it holds nothing but empty lines.")
    if not delimiter:  # Lines without a delimiter look alike, whether they are rows or titles.
        options = replace(options, trim=False)
    grid = Grid(rows.cells, [line + n_before for line in rows.lines] if n_before else rows.lines)
    found = lay_out(grid, name, options, name_of_one="text" if is_plain else "column 1")
    kind = "txt" if is_plain else "tsv" if delimiter == "\t" else "csv"
    notes = [*decoded.notes, *found.notes, *_note_quotes(rows, text, delimiter)]
    return make_table(
        name, kind, found.names, found.columns, notes, delimiter=delimiter, encoding=decoded.encoding,
        encoding_certain=decoded.certain, encoding_candidates=decoded.candidates, **found.facts,
    )  # fmt: skip


def find_delimiter(text: str, name: str, options: ReadOptions) -> tuple[str, str, int]:
    """Return what separates the cells, the text below a line that says so, and how many such lines there are."""
    if options.delimiter is None and (named := _SEPARATOR_LINE.match(text)):
        return named.group(1), text[named.end() :], 1
    if options.delimiter is not None:
        return options.delimiter, text, 0
    return sniff_delimiter(text, is_plain=name.lower().endswith(".txt")), text, 0


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
