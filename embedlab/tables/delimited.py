"""Delimited text: which sign separates the cells, where the header is, and rows that do not fit."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from embedlab.errors import TableError
from embedlab.tables.decoding import Decoded
from embedlab.tables.header import looks_like_header
from embedlab.tables.report import Table, check_size, count_rows, list_lines, make_table

DELIMITERS = (",", ";", "\t", "|")
_SNIFF_CHARS = 64 << 10
# A quoted cell of this many lines is a quote that nobody closed, not a text.
_MAX_CELL_LINES = 50
_SEPARATOR_LINE = re.compile(r'^"?sep=([,;\t|])"?[\r\n]+')
# The csv module refuses longer fields; the whole text is in memory already, and cells are cut later.
csv.field_size_limit(2**31 - 1)


@dataclass
class _Rows:
    """Rows with the lines they start in, and what was wrong with some of them."""

    cells: list[list[str]] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)
    open_quotes: list[int] = field(default_factory=list)


def read_delimited(decoded: Decoded, name: str, delimiter: str | None = None, header: bool | None = None) -> Table:
    """Read comma-, semicolon-, tab- or bar-separated text, or one text a line.

    Parameters
    ----------
    decoded : Decoded
    name : str
        File name; ``.txt`` is read as one text a line unless tabs separate cells throughout.
    delimiter, header
        Override the guess.

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
    is_plain = name.lower().endswith(".txt") and not delimiter
    rows = _plain_lines(text) if is_plain else _parse_evenly(text, delimiter or ",", single=not delimiter)
    if not rows.cells:
        raise TableError(f"{name} is blank: it holds nothing but empty lines.")
    if header is None:
        header = looks_like_header(rows.cells)
    names = rows.cells.pop(0) if header else [f"column {i}" for i in range(1, _usual_width(rows.cells) + 1)]
    first_lines = rows.lines[1:] if header else rows.lines
    if is_plain and not header:
        names = ["text"]
    if not rows.cells:
        raise TableError(f"{name} holds column names but no rows below them.")
    columns, cells, notes = _square(names, rows.cells, first_lines)
    if rows.open_quotes:
        notes.append(
            f"A quotation mark is opened and never closed in {list_lines(rows.open_quotes)}; it is kept as it stands."
        )
    kind = "txt" if is_plain else "tsv" if delimiter == "\t" else "csv"
    return make_table(
        name, kind, columns, cells, [*decoded.notes, *notes], delimiter=delimiter, header=header,
        encoding=decoded.encoding, encoding_certain=decoded.certain, encoding_candidates=decoded.candidates,
    )  # fmt: skip


def sniff_delimiter(text: str, *, is_plain: bool = False) -> str:
    """Return the sign that cuts the rows most evenly, or ``""`` where none does.

    Limited to the four signs files use: unlimited sniffers cut one-column texts at letters and spaces.

    Parameters
    ----------
    text : str
    is_plain : bool, default=False
        The name says plain text: only tabs that cut nearly every line count.
    """
    sample = text[:_SNIFF_CHARS]
    if len(text) > _SNIFF_CHARS:
        sample = sample.rpartition("\n")[0] or sample
    best, best_score = "", 0.0
    for delimiter in ("\t",) if is_plain else DELIMITERS:
        score = _evenness(sample, delimiter)
        if score > best_score and (not is_plain or score >= 1.35):
            best, best_score = delimiter, score
    return best


def _evenness(sample: str, delimiter: str) -> float:
    """Score a delimiter: the share of rows of the usual width, and half a point for a first row of that width."""
    widths = [len(row) for row in _parse(sample, delimiter).cells]
    counted = Counter(width for width in widths if width > 1)
    if not counted:
        return 0.0
    usual, times = counted.most_common(1)[0]
    share = times / len(widths)
    in_sentences = delimiter != "\t" and usual < 4 and _mostly_spaced(sample, delimiter)
    if share < (0.95 if in_sentences else 0.6) or (in_sentences and widths[0] != usual):
        return 0.0
    return share + 0.5 * (widths[0] == usual) + 0.001 * min(usual, 50)


def _mostly_spaced(sample: str, delimiter: str) -> bool:
    """Whether the sign is mostly followed by a space, as punctuation is."""
    return sample.count(delimiter + " ") > 0.6 * max(1, sample.count(delimiter))


def _plain_lines(text: str) -> _Rows:
    rows = _Rows()
    for number, line in enumerate(io.StringIO(text, newline=None), start=1):
        if line.strip():
            rows.cells.append([line.rstrip("\n")])
            rows.lines.append(number)
    return rows


def _parse_evenly(text: str, delimiter: str, *, single: bool = False) -> _Rows:
    """Parse with quotes, unless the rows only come out even when quotation marks are plain signs."""
    rows = _parse(text, delimiter, single=single)
    if single or _is_even(rows) or '"' not in text:
        return rows
    plain, records = _Rows(), csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, quoting=csv.QUOTE_NONE)
    for row in records:
        _add(plain, row, records.line_num - 1, delimiter, single)
    return plain if _is_even(plain) else rows


def _is_even(rows: _Rows) -> bool:
    return len(set(map(len, rows.cells))) == 1


def _parse(text: str, delimiter: str, *, single: bool = False) -> _Rows:
    """Cut text into rows of cells; a quote that is never closed spoils its own line only."""
    rows = _Rows()
    lines = list(io.StringIO(text, newline=""))
    position = 0
    while position < len(lines):
        for start, end, row in _records(lines, position, delimiter):
            if _is_open_quote(lines, start, end, row, delimiter):
                rows.open_quotes.append(start + 1)
                row = next(csv.reader([lines[start].strip("\r\n")], delimiter=delimiter, quoting=csv.QUOTE_NONE), [])
                _add(rows, row, start, delimiter, single)
                position = start + 1
                break
            _add(rows, row, start, delimiter, single)
            position = end
        else:
            break
    return rows


def _records(lines: list[str], position: int, delimiter: str) -> Iterator[tuple[int, int, list[str]]]:
    """Yield the first line, the line behind the last, and the cells of every record from ``position`` on."""
    reader = csv.reader(iter(lines[position:] if position else lines), delimiter=delimiter)
    start = position
    for row in reader:
        yield start, position + reader.line_num, row
        start = position + reader.line_num


def _is_open_quote(lines: list[str], start: int, end: int, row: list[str], delimiter: str) -> bool:
    if end - start > _MAX_CELL_LINES and max(cell.count("\n") + cell.count("\r") for cell in row) > _MAX_CELL_LINES:
        return True
    if end - start < 2 or end < len(lines):
        return False
    try:  # The last record: only strict parsing says whether its quote was closed before the end of the file.
        list(csv.reader(iter(lines[start:end]), delimiter=delimiter, strict=True))
    except csv.Error as error:
        return "unexpected end" in str(error)
    return False


def _add(rows: _Rows, row: list[str], line: int, delimiter: str, single: bool) -> None:
    if not row or not any(row) and len(row) == 1:
        return
    # One text a line in a .csv: commas inside are part of the text.
    rows.cells.append([delimiter.join(row)] if single else row)
    rows.lines.append(line + 1)


def _usual_width(cells: list[list[str]]) -> int:
    return Counter(map(len, cells)).most_common(1)[0][0]


def _square(
    names: list[str], cells: list[list[str]], lines: list[int]
) -> tuple[list[str], list[tuple[str, ...]], list[str]]:
    """Give every row the same width: short rows are padded, extra cells get columns of their own."""
    notes = []
    width = len(names)
    short = [line for row, line in zip(cells, lines, strict=True) if len(row) < width]
    extra = [line for row, line in zip(cells, lines, strict=True) if any(cell.strip() for cell in row[width:])]
    full = max((len(row) for row in cells if any(cell.strip() for cell in row[width:])), default=width)
    check_size("The file", len(cells), full)
    if short:
        notes.append(
            f"{count_rows(len(short))} fewer cells than there are columns ({list_lines(short)}); these are left empty."
        )
    if extra:
        notes.append(
            f"{count_rows(len(extra))} more cells than there are columns ({list_lines(extra)}); the surplus is kept in "
            "columns called 'extra'. If texts were cut at a comma, the file lacks quotation marks around them."
        )
    names = [*names, *(f"extra {i}" for i in range(1, full - width + 1))]
    squared = [row[:full] + [""] * (full - len(row)) for row in cells]
    return names, list(zip(*squared, strict=True)), notes
