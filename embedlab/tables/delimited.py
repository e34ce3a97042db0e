"""Delimited text: which sign separates the cells, where the header is, and rows that do not fit."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from dataclasses import dataclass, field

from embedlab.errors import TableError
from embedlab.limits import check_bytes
from embedlab.tables.decoding import Decoded
from embedlab.tables.header import looks_like_header
from embedlab.tables.report import Table, check_size, count_rows, list_lines, make_table

DELIMITERS = (",", ";", "\t", "|")
_SNIFF_CHARS = 64 << 10
# A quoted cell over more lines than this is reported: perhaps a quote that nobody closed.
_MAX_CELL_LINES = 50
_SEPARATOR_LINE = re.compile(r'^"?sep=([,;\t|])"?[\r\n]+')
# The csv module refuses longer fields; the whole text is in memory already, and cells are cut later.
csv.field_size_limit(2**31 - 1)


@dataclass
class _Rows:
    """Rows with the lines they start in, and what was wrong with some of them."""

    cells: list[list[str]] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)
    odd_quotes: list[int] = field(default_factory=list)
    long_cells: list[int] = field(default_factory=list)

    def add(self, row: list[str], line: int) -> None:
        """Append a row unless it is an empty line."""
        if row and (len(row) > 1 or row[0]):
            self.cells.append(row)
            self.lines.append(line)


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
    # A line of two characters takes 300 bytes as a row, and each further cell 90.
    n_cells = text.count(delimiter) if delimiter else 0
    check_bytes(4 * len(text) + 300 * text.count("\n") + 90 * n_cells, f"Reading {name}")
    is_plain = name.lower().endswith(".txt") and not delimiter
    rows = _plain_lines(text) if is_plain else _parse_best(text, delimiter)
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
    if rows.odd_quotes and delimiter:
        notes.append(f"Quotation marks do not pair up in {list_lines(rows.odd_quotes)}; they are kept as they stand.")
    if rows.long_cells:
        notes.append(
            f"A cell runs over more than {_MAX_CELL_LINES} lines from {list_lines(rows.long_cells)} on: "
            "if that is not meant, a quotation mark is missing there."
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
        score = _evenness(sample, delimiter, is_cut=len(sample) < len(text))
        if score > best_score and (not is_plain or score >= 1.35):
            best, best_score = delimiter, score
    return best


def _evenness(sample: str, delimiter: str, *, is_cut: bool = False) -> float:
    """Score a delimiter: the share of rows of the usual width, and half a point for a first row of that width."""
    widths = [len(row) for row in _parse(sample, delimiter, is_cut=is_cut).cells]
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


def _parse_best(text: str, delimiter: str) -> _Rows:
    """Parse with quotes, unless the quotation marks of this file turn out to be plain signs or written another way."""
    rows = _parse(text, delimiter)
    if '"' not in text or not delimiter:
        return rows
    if rows.odd_quotes and '\\"' in text:
        escaped = _parse(text, delimiter, escapechar="\\")
        if not escaped.odd_quotes and _evenness_of(escaped) >= _evenness_of(rows):
            return escaped
    if rows.odd_quotes or (delimiter == "\t" and not _quotes_matter(text, rows)):
        plain = _Rows()
        records = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, quoting=csv.QUOTE_NONE)
        for row in records:
            plain.add(row, records.line_num)
        # Tab-separated files mostly have no quoting at all; in others it has to do better to be taken for none.
        better = _evenness_of(plain) - _evenness_of(rows)
        if better > 0 or (better == 0 and delimiter == "\t"):
            return plain
    return rows


def _quotes_matter(text: str, rows: _Rows) -> bool:
    """Whether quotes protect something (a tab, a line break, another quote) or stand around a whole column."""
    if '""' in text or any("\t" in cell or "\n" in cell or "\r" in cell for row in rows.cells for cell in row):
        return True
    quoted = Counter(
        position
        for line in io.StringIO(text, newline=None)
        for position, cell in enumerate(line.rstrip("\n").split("\t"))
        if len(cell) > 1 and cell[0] == cell[-1] == '"'
    )
    return any(times >= len(rows.cells) - 1 for times in quoted.values())


def _evenness_of(rows: _Rows) -> float:
    return Counter(map(len, rows.cells)).most_common(1)[0][1] / len(rows.cells) if rows.cells else 0.0


def _parse(text: str, delimiter: str, *, escapechar: str | None = None, is_cut: bool = False) -> _Rows:
    """Cut text into rows of cells; a quotation mark that does not pair up spoils its own line only.

    ``is_cut`` says that the text is the beginning of a longer one, where the last quote may be closed later.
    """
    rows, lines, position = _Rows(), list(io.StringIO(text, newline="")), 0
    sign = delimiter or _unused_sign(text)
    while position < len(lines):
        rest = (lines[i] for i in range(position, len(lines)))  # a slice would copy the file for every odd quote
        reader = csv.reader(rest, delimiter=sign, escapechar=escapechar, doublequote=escapechar is None, strict=True)
        start = position
        try:
            for row in reader:
                rows.add(row, start + 1)
                if reader.line_num + position - start > _MAX_CELL_LINES:
                    rows.long_cells.append(start + 1)
                start = position + reader.line_num
            break
        except csv.Error as error:
            if is_cut and "unexpected end" in str(error):
                break
            rows.odd_quotes.append(start + 1)
            rows.add(next(csv.reader([lines[start]], delimiter=sign, quoting=csv.QUOTE_NONE), []), start + 1)
            position = start + 1
    return rows


def _unused_sign(text: str) -> str:
    """Return a character of the private area that the text does not hold: it separates nothing."""
    return next(sign for sign in map(chr, range(0xE000, 0xF8FF)) if sign not in text)


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
