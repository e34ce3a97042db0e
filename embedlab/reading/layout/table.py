"""A grid of cells laid out as a table: lines around it set aside, the rows of names found, every row of one width."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from embedlab.errors import TableError
from embedlab.reading.layout.cells import Cells
from embedlab.reading.layout.header import SAMPLE_ROWS
from embedlab.reading.layout.margins import extent_of, find_margins, note_margins
from embedlab.reading.layout.names import JOINED_BY, HeaderGuess, guess_header, join_names
from embedlab.tables import ReadOptions, check_size, count_rows, list_lines

_SHOWN_ROWS, _SHOWN_COLUMNS, _SHOWN_CHARS = 14, 60, 120


@dataclass
class Grid:
    """Cells as they stand in a file, before anything is known of them.

    Parameters
    ----------
    rows : sequence of rows of cells
        Blank rows left out; they may have different lengths.
    lines : sequence of int
        The line of the file, or the row of the sheet, in which each begins, counted from 1.
    merged : list of bool
        Whether cells of each of the first rows are merged side by side, where the file says so.
    """

    rows: Sequence[list[str]]
    lines: Sequence[int]
    merged: list[bool] = field(default_factory=list)


@dataclass(frozen=True)
class Layout:
    """A grid laid out: names, columns of cells, what a person should know, and facts for the report."""

    names: list[str]
    columns: Sequence[Sequence[str]]
    notes: list[str]
    facts: dict[str, object]


def lay_out(grid: Grid, name: str, options: ReadOptions, *, name_of_one: str = "column 1") -> Layout:
    """Find the names of the columns and the rows of the table in a grid.

    Parameters
    ----------
    grid : Grid
    name : str
        File name, for messages.
    options : ReadOptions
        ``header_rows``, ``skip_rows`` and ``trim`` override the guess.
    name_of_one : str, default="column 1"
        What the only column of a table without names is called.

    Raises
    ------
    TableError
        When there is nothing below the names, or more than is read.
    """
    head = _head(grid)
    if options.skip_rows:
        kept = [i for i, line in enumerate(grid.lines) if line > options.skip_rows]
        grid = Grid([grid.rows[i] for i in kept], [grid.lines[i] for i in kept], grid.merged[-len(kept) :])
    if not grid.rows:
        raise TableError(f"{name} holds nothing below the {options.skip_rows} lines that are left out. Skip fewer.")
    above, below = _margins(grid, options)
    notes = note_margins(grid.rows, above, below)
    end = len(grid.rows) - below
    first = grid.rows[above : min(end, above + SAMPLE_ROWS)]
    guess = _guess(first, grid.merged[above:], options, is_titled=above > 0)
    n_names = guess.n_rows
    if end - above <= n_names:
        raise TableError(f"{name} holds column names but no rows below them.")
    rows, lines = grid.rows[above + n_names : end], grid.lines[above + n_names : end]
    names = join_names(grid.rows[above : above + n_names]) if n_names else _numbered(rows, name_of_one)
    if n_names > 1:
        notes.append(f"{n_names} rows hold the names of the columns; they are joined by '{JOINED_BY.strip()}'.")
    if not n_names and len(names) > 1 and options.header_rows is None:
        notes.append(f"No row of names was found ({guess.reason}), so the columns are numbered.")
    names, columns, odd_rows = _square(names, rows, lines, name)
    facts = {"header_rows": n_names, "header_reason": guess.reason, "skip_rows": grid.lines[above] - 1, "head": head}
    return Layout(names, columns, [*notes, *odd_rows], facts)


def _head(grid: Grid) -> tuple[tuple[int, tuple[str, ...]], ...]:
    """Return the first rows as they stand, for a person who looks which of them are names."""
    shown = zip(grid.lines[:_SHOWN_ROWS], grid.rows[:_SHOWN_ROWS], strict=True)
    return tuple((line, tuple(cell[:_SHOWN_CHARS] for cell in row[:_SHOWN_COLUMNS])) for line, row in shown)


def _margins(grid: Grid, options: ReadOptions) -> tuple[int, int]:
    if not options.trim:
        return 0, 0
    header = None if options.header_rows is None else options.header_rows > 0
    above, below = find_margins(grid.rows, grid.lines, header=header)
    return (0 if options.skip_rows is not None else above), below


def _guess(
    rows: Sequence[Sequence[str]], merged: Sequence[bool], options: ReadOptions, *, is_titled: bool
) -> HeaderGuess:
    if options.header_rows is not None:
        return HeaderGuess(options.header_rows, "chosen by hand")
    guess = guess_header(rows, merged)
    return HeaderGuess(1, "it stands below a title") if is_titled and not guess.n_rows else guess


def _numbered(rows: Sequence[Sequence[str]], name_of_one: str) -> list[str]:
    width = Counter(map(len, rows)).most_common(1)[0][0]
    return [f"column {i}" for i in range(1, width + 1)] if width > 1 else [name_of_one]


def _square(
    names: list[str], cells: Sequence[list[str]], lines: Sequence[int], file_name: str
) -> tuple[list[str], Sequence[Sequence[str]], list[str]]:
    """Give every row the same width: short rows are padded, extra cells get columns of their own."""
    notes = []
    if _are_numbered(cells, len(names)):
        names = ["", *names]
    width = len(names)
    if isinstance(cells, Cells) and (columns := cells.columns) and len(columns) == width:
        check_size(file_name, len(cells), width)
        return names, columns, []
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


def _are_numbered(cells: Sequence[list[str]], width: int) -> bool:
    """Whether every row begins with its number, for which there is no name: what R writes."""
    return all(len(row) == width + 1 and row[0] == str(i) for i, row in enumerate(cells, start=1))
