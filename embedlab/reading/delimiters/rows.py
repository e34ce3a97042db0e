"""Text cut into rows of cells, with the lines they start in and what was wrong with some of them."""

from __future__ import annotations

import csv
import io
import re
from array import array
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import chain
from typing import Any

from embedlab.reading.delimiters.mending import cut_to_width
from embedlab.reading.layout import Cells

MAX_CELL_LINES = 50
"""A quoted cell over more lines than this is reported: perhaps a quote that nobody closed."""
# How often a file may be read over again from the line after an odd quotation mark, in lines for each of its lines.
_MAX_REREAD = 20
# Characters times quotation marks of odd lines that are cut again; a file of nothing else would take for ever.
_MAX_MENDED = 10_000_000
# Characters that are cut into lines at once: all at once would take four times the file.
_PIECE_CHARS = 1 << 20
# The csv module refuses longer fields; the whole text is in memory already, and cells are cut later.
csv.field_size_limit(2**31 - 1)


@dataclass
class Rows:
    """Rows with the lines they start in, what was wrong with some of them, and how ``csv.reader`` was told to quote."""

    cells: Cells = field(default_factory=Cells)
    lines: array[int] = field(default_factory=lambda: array("q"))
    odd_quotes: list[int] = field(default_factory=list)
    long_cells: list[int] = field(default_factory=list)
    style: dict[str, Any] = field(default_factory=dict)

    def add(self, row: list[str], line: int, *, is_single: bool = False) -> None:
        """Append a row unless it is a blank line; where there is one column only, a space is a blank text."""
        if is_row(row, is_single=is_single):
            self.cells.append(row)
            self.lines.append(line)


def is_row(row: list[str], *, is_single: bool = False) -> bool:
    """Return whether a line is a row and no blank one; where there is one column only, a space is a blank text."""
    return len(row) > 1 or bool(row and (is_single or not row[0] or row[0].strip()))  # "" in quotes is an empty cell


def plain_lines(text: str) -> Rows:
    """Take every line that is not blank as one cell."""
    rows = Rows()
    for number, line in enumerate(_lines_of(text, newline=None), start=1):
        if line.strip():
            rows.cells.append([line.rstrip("\n")])
            rows.lines.append(number)
    return rows


def parse_best(text: str, delimiter: str, *, is_cut: bool = False) -> Rows:
    """Parse with quotes, unless the quotation marks of this text turn out to be plain signs or written another way.

    Parameters
    ----------
    text : str
    delimiter : str
        One character, or ``""`` for one cell a line.
    is_cut : bool, default=False
        The text is the beginning of a longer one, where the last quote may be closed later.
    """
    rows = parse(text, delimiter, is_cut=is_cut)
    if not delimiter:
        return rows
    if not is_cut:
        _mend(rows, delimiter)
    for style, needed in _other_styles(text, delimiter, rows):
        if evenness(rows) + needed > 1:
            continue
        other = parse(text, delimiter, is_cut=is_cut, **style)
        if not other.odd_quotes and evenness(other) - evenness(rows) >= needed:
            return other
    if rows.odd_quotes or (delimiter == "\t" and '"' in text and not _quotes_matter(text, rows)):
        plain = Rows(style={"quoting": csv.QUOTE_NONE})
        records = csv.reader(_lines_of(text), delimiter=delimiter, quoting=csv.QUOTE_NONE)
        for row in records:
            plain.add(row, records.line_num)
        # Tab-separated files mostly have no quoting at all; in others it has to do better to be taken for none.
        better = evenness(plain) - evenness(rows)
        if better > 0 or (better == 0 and delimiter == "\t"):
            return plain
    return rows


def count_torn(row: list[str]) -> int:
    """Return how many cells hold a quotation mark that does not pair up within them."""
    return sum([cell.count('"') % 2 for cell in row]) if '"' in "".join(row) else 0


def evenness(rows: Rows) -> float:
    """Return the share of rows that have the usual number of cells."""
    if rows.cells.columns:
        return 1.0
    return Counter(map(len, rows.cells)).most_common(1)[0][1] / len(rows.cells) if rows.cells else 0.0


def _mend(rows: Rows, delimiter: str) -> None:
    """Cut lines with odd quotation marks, cut at every delimiter so far, into as many cells as the other lines have."""
    if not rows.odd_quotes:
        return
    odd = set(rows.odd_quotes)
    widths = Counter(len(row) for row, line in zip(rows.cells, rows.lines, strict=True) if line not in odd)
    n_left, width = _MAX_MENDED, max(widths, key=widths.__getitem__, default=0)
    for i in (i for i, line in enumerate(rows.lines) if line in odd):
        line = delimiter.join(rows.cells[i])
        n_left -= len(line) * line.count('"')
        if n_left < 0:
            break
        rows.cells[i] = cut_to_width(line, delimiter, width) or rows.cells[i]


def _other_styles(text: str, delimiter: str, rows: Rows) -> Iterator[tuple[dict[str, Any], float]]:
    """Ways of quoting beside the usual one, and by how much more even they have to make the rows.

    No file of the usual way meets the conditions of the first two, so those may leave the rows as even as they were.
    """
    sign = re.escape(delimiter)
    if rows.odd_quotes and '\\"' in text:
        yield {"escapechar": "\\", "doublequote": False}, 0.0
    if delimiter not in " \t" and re.search(f'{sign} +"', text):
        begins_bare = re.search(f'(?:\\A|[\r\n]|{sign})"', text)
        yield {"skipinitialspace": True}, 1e-9 if begins_bare else 0.0
    # What stands before the quotation mark is looked at behind it: so the search goes from one mark to the next.
    if re.search(f"'(?<![^\r\n{sign}]')[^'\r\n]*{sign}[^'\r\n]*'", text):
        yield {"quotechar": "'"}, 1e-9


def _quotes_matter(text: str, rows: Rows) -> bool:
    """Whether quotes protect something (a tab, a line break, another quote) or stand around a whole column."""
    if '""' in text or any("\t" in cell or "\n" in cell or "\r" in cell for row in rows.cells for cell in row):
        return True
    quoted = Counter(
        position
        for line in _lines_of(text, newline=None)
        for position, cell in enumerate(line.rstrip("\n").split("\t"))
        if len(cell) > 1 and cell[0] == cell[-1] == '"'
    )
    n_usual = evenness(rows) * len(rows.cells)  # titles and remarks have no quotes
    return any(times >= n_usual - 1.5 for times in quoted.values())


def parse(text: str, delimiter: str, *, is_cut: bool = False, **style: Any) -> Rows:  # noqa: ANN401 - of csv.reader
    """Cut text into rows of cells; a quotation mark that does not pair up spoils its own line only."""
    rows, position, n_read = Rows(style=style), 0, 0
    lines: list[str] = []  # as soon as one has to be read over again
    keep, note_line = rows.cells.append, rows.lines.append
    sign = delimiter or _unused_sign(text)
    while not lines or position < len(lines):
        # A slice would copy the file for every odd quote.
        rest: Iterable[str] = map(lines.__getitem__, range(position, len(lines))) if lines else _lines_of(text)
        reader = csv.reader(rest, delimiter=sign, strict=True, **style)
        start = position
        try:
            if lines and n_read > _MAX_REREAD * len(lines) + 10_000:
                raise csv.Error("each line by itself")
            for row in reader:
                if len(row) > 1:  # as `add` does, without a call for each of a million rows
                    keep(row)
                    note_line(start + 1)
                else:
                    rows.add(row, start + 1, is_single=not delimiter)
                end = position + reader.line_num
                if end - start > MAX_CELL_LINES:
                    rows.long_cells.append(start + 1)
                start = end
            break
        except csv.Error as error:
            n_read += reader.line_num
            if is_cut and "unexpected end" in str(error):
                break
            lines = lines or list(_lines_of(text))
            rows.odd_quotes.append(start + 1)
            rows.add(next(csv.reader([lines[start]], delimiter=sign, quoting=csv.QUOTE_NONE), []), start + 1)
            position = start + 1
    return rows


def _lines_of(text: str, newline: str | None = "") -> Iterator[str]:
    """Return the lines of a text, with their ends, as :class:`io.StringIO` cuts them."""
    return chain.from_iterable(io.StringIO(piece, newline=newline) for piece in _pieces(text))


def _pieces(text: str) -> Iterator[str]:
    """Cut a text behind ends of lines; one that has none, as files of old, stays whole."""
    start = 0
    while start < len(text):
        end = text.find("\n", start + _PIECE_CHARS) + 1 or len(text)
        yield text[start:end]
        start = end


def _unused_sign(text: str) -> str:
    """Return a character of the private area that the text does not hold: it separates nothing."""
    return next(sign for sign in map(chr, range(0xE000, 0xF8FF)) if sign not in text)
