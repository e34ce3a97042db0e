"""Lines around a table that are no part of it: titles above the names of the columns, remarks below the rows.

Only what is plainly not a row is set aside, and the report quotes it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from embedlab.reading.layout.cells import Cells
from embedlab.reading.layout.header import SAMPLE_ROWS, could_be_names, looks_like_header, usual_name

MAX_TITLE_LINES = 20
"""As many lines above the names may be titles."""

_QUOTED, _QUOTED_CHARS = 3, 60
# How a remark below a table begins, in the languages whose offices publish most.
_REMARK = re.compile(
    r"\W*((data )?sources?|(foot)?notes?|remarks?|legend|disclaimer|quellen?|hinweise?|anmerkung(en)?|legende"
    r"|sources? des données|remarques?|fuentes?|notas?|fonte|bron|zdroj|출처|자료|주|資料|出典|注)\s*[:：.]"
    r"|\s*(©|copyright\b|\(c\)\s|last updated|generated (on|by)|stand\s*:|end of (file|report|table))"
    r"|\s*\(?\d+ rows?( affected| selected)?\)?\s*$|\s*([*†‡]+|[¹²³]|\(\d\)|\[\d\])\s*[^\W\d]",
    re.IGNORECASE,
)


def find_margins(
    cells: Sequence[Sequence[str]], lines: Sequence[int] | None = None, *, header: bool | None = None
) -> tuple[int, int]:
    """Count the rows above the names of the columns and below the last row that are no part of the table.

    Titles are rows that fill one cell, or the first half of the columns at most, above a row that fills the columns
    and can be names. Remarks are rows at the end that fill one cell and begin as a source or a note does, or stand
    below an empty line in a table that has no other.

    Parameters
    ----------
    cells : sequence of rows
    lines : sequence of int, optional
        The line each row starts in.
    header : bool, optional
        Whether a row of names is known to be there; without one nothing is taken for a title.

    Returns
    -------
    above, below : int
    """
    extents = _extents(cells)
    counted = Counter(extent for extent in extents if extent > 1)
    if not counted:
        return 0, 0
    width = max(counted, key=lambda extent: (counted[extent], extent))
    above = 0 if header is False else _count_titles(cells, extents, width, header)
    return above, _count_remarks(cells[above:], extents[above:], width, lines[above:] if lines else None)


def note_margins(cells: Sequence[Sequence[str]], above: int, below: int) -> list[str]:
    """Say which rows were set aside.

    Parameters
    ----------
    cells : sequence of rows
    above, below : int
        As :func:`find_margins` returns them.

    Returns
    -------
    list of str
        No sentence, one or two.
    """
    notes = []
    if above:
        notes.append(f"{_lines_were(above)} set aside above the names of the columns: {_quoted(cells[:above])}.")
    if below:
        notes.append(f"{_lines_were(below)} set aside below the rows: {_quoted(cells[len(cells) - below :])}.")
    return notes


def _lines_were(number: int) -> str:
    return "1 line was" if number == 1 else f"{number:,} lines were"


def _quoted(rows: Sequence[Sequence[str]]) -> str:
    """Quote the first of some rows: ``"Survey 2024", "All regions" and 2 more``."""
    shown = [" ".join(cell.strip() for cell in row if cell.strip()) for row in rows]
    shown = [text if len(text) <= _QUOTED_CHARS else text[:_QUOTED_CHARS] + "…" for text in shown if text]
    more = f" and {len(shown) - _QUOTED:,} more" if len(shown) > _QUOTED else ""
    return ", ".join(f'"{text}"' for text in shown[:_QUOTED]) + more if shown else "nothing but empty cells"


def extent_of(row: Sequence[str]) -> int:
    """Return the number of cells up to the last that is not blank.

    Parameters
    ----------
    row : sequence of str
    """
    for n_cells in range(len(row), 0, -1):
        if row[n_cells - 1].strip():
            return n_cells
    return 0


def _extents(cells: Sequence[Sequence[str]]) -> list[int]:
    """Return the extent of each row."""
    columns = cells.columns if isinstance(cells, Cells) else None
    if columns and all(map(str.strip, columns[-1])):
        return [len(columns)] * len(cells)
    return [extent_of(row) for row in cells]


def _says_one_thing(row: Sequence[str]) -> bool:
    """Whether one cell is filled, or all say the same, as those that were merged do."""
    return len({cell.strip() for cell in row} - {""}) == 1


def _count_titles(cells: Sequence[Sequence[str]], extents: Sequence[int], width: int, header: bool | None) -> int:
    above = 0
    while above < min(MAX_TITLE_LINES, len(cells) - 1) and _is_aside(cells[above], extents[above], width):
        above += 1
    names = cells[above]
    if not above or extents[above] < 0.8 * width or usual_name(cells[0]):
        return 0
    if header or looks_like_header(cells[above : above + SAMPLE_ROWS]):
        return above
    # A row with a text and no label looks the same as a title, unless its line holds no delimiter at all.
    is_plain = width > 2 or all(len(row) == 1 for row in cells[:above])
    return above if is_plain and could_be_names(names[: extents[above]]) else 0


def _is_aside(row: Sequence[str], extent: int, width: int) -> bool:
    """Whether a row is too short to be one of the table: a title, a name with a value, a comment, a blank row."""
    return extent <= max(1, width // 2) or _says_one_thing(row) or (row[0].startswith("#") and extent != width)


def _count_remarks(
    cells: Sequence[Sequence[str]], extents: Sequence[int], width: int, lines: Sequence[int] | None
) -> int:
    start = found = len(cells)
    if extents[-1] > max(1, width // 2):
        return 0
    gaps = _gaps(cells, lines) if lines else set()
    lowest = max(2, len(cells) // 2, len(cells) - MAX_TITLE_LINES)
    while start > lowest and extents[start - 1] <= max(1, width // 2):
        start -= 1
        row = cells[start]
        is_short = width > 2 or len(row) < width or min(extents[:start], default=2) > 1
        below_gap = start in gaps and len(row) == 1 and min(gaps) >= start
        if extents[start] and is_short and (below_gap or _REMARK.match(row[0])):
            found = start
    while found < len(cells) and found > lowest and not extents[found - 1]:
        found -= 1  # empty rows between the table and its remarks
    return len(cells) - found


def _gaps(cells: Sequence[Sequence[str]], lines: Sequence[int]) -> set[int]:
    """Rows below the first two that stand below an empty line."""
    after = [i for i in range(2, len(cells)) if lines[i] > lines[i - 1] + 1]
    n_breaks = (sum(cell.count("\n") or cell.count("\r") for cell in cells[i - 1]) for i in after)
    return {i for i, n in zip(after, n_breaks, strict=True) if lines[i] > lines[i - 1] + n + 1}
