"""Whether the first row of a table names its columns."""

from __future__ import annotations

import re
from collections.abc import Sequence
from statistics import median

NUMBER = re.compile(r"\s*[-+]?[\d.,\s]*\d[\d.,\s]*%?\s*")
DATE = re.compile(r"\s*\d{1,4}[-./]\d{1,2}[-./]\d{1,4}([T ].*)?\s*")
_ROWS = 200
_NAMES = frozenset(
    {
        "text",
        "texts",
        "sentence",
        "sentence1",
        "sentence2",
        "review",
        "comment",
        "message",
        "content",
        "body",
        "question",
    }
    | {"query", "title", "description", "label", "labels", "category", "topic", "intent", "class", "id", "uuid", "date"}
    | {"score", "rating", "name", "language", "lang", "document", "utterance", "tweet", "answer", "inhalt", "frage"}
    | {"antwort", "bewertung", "kommentar", "satz", "thema", "kategorie", "datum", "nachricht", "titel", "beschreibung"}
)
_YEAR = re.compile(r"(1[89]|20)\d\d")
_MISSING = frozenset({"", "na", "n/a", "nan", "null", "none", "nil", "-", "--", ".", "..", "...", "?", "x"})
_MAX_NAME_CHARS = 60


def looks_like_header(rows: Sequence[Sequence[str]]) -> bool:
    """Return whether the first row names the columns.

    It does not where one of its cells is a number or a date, unless these are years that go up or down by a step.
    Otherwise it does where a name is a usual one, or a column below a name holds numbers or dates. Where nothing is
    empty or stands twice, it does as well where its cells are much shorter than those below them, or where there are
    three of them or more, all could be names, and none comes back below.

    Parameters
    ----------
    rows : sequence of rows of cells
    """
    first, below = [cell.strip() for cell in rows[0]], rows[1:_ROWS]
    if any(map(_is_value, first)) and not _are_years(first, below):
        return False
    if has_usual_name(first):
        return True
    columns = [[row[i].strip() for row in below if i < len(row) and row[i].strip()] for i in range(len(first))]
    while len(first) > 1 and not first[-1] and not columns[-1]:  # every line ends with a delimiter
        first, columns = first[:-1], columns[:-1]
    named = [cells for name, cells in zip(first, columns, strict=True) if name.lower() not in _MISSING]
    if len(named) > len(first) // 2 and any(map(_are_values, named)):
        return True
    if not below or not could_be_names(first):
        return False
    longer = [
        median(map(len, cells)) > 2 * max(len(name), 3) for name, cells in zip(first, columns, strict=True) if cells
    ]
    is_short = all(len(name.split()) <= 3 and not name.endswith((".", "!", "?")) for name in first)
    return is_short and (any(longer) or _are_apart(first, columns))


def could_be_names(row: Sequence[str]) -> bool:
    """Return whether cells could be names: none is a number, a date, long, empty beyond the first, or there twice.

    Parameters
    ----------
    row : sequence of str
    """
    cells = [cell.strip() for cell in row]
    if "" in cells[1:] or len(set(cells)) < len(cells) or max(map(len, cells)) > _MAX_NAME_CHARS:
        return False
    values = [cell for cell in cells if _is_value(cell)]
    return len(values) < len(cells) and all(map(_YEAR.fullmatch, values))


def has_usual_name(row: Sequence[str]) -> bool:
    """Return whether a cell is one of the names that columns of texts usually have.

    Parameters
    ----------
    row : sequence of str
    """
    return any(cell.strip().lower() in _NAMES for cell in row)


def _is_value(cell: str) -> bool:
    return bool(NUMBER.fullmatch(cell) or DATE.fullmatch(cell))


def _are_values(cells: Sequence[str]) -> bool:
    """Whether nine of ten cells that are not missing are numbers or dates."""
    known = [cell for cell in cells if cell.lower() not in _MISSING]
    return bool(known) and sum(map(_is_value, known)) >= 0.9 * len(known)


def _are_years(first: Sequence[str], below: Sequence[Sequence[str]]) -> bool:
    """Whether the numbers of the first row are years in even steps, with a name before them and no years below."""
    places = [i for i, cell in enumerate(first) if _is_value(cell)]
    if places[0] == 0 or not all(_YEAR.fullmatch(first[i]) for i in places):
        return False
    years = [int(first[i]) for i in places]
    steps = {later - earlier for earlier, later in zip(years, years[1:], strict=False)}
    is_even = len(years) > 1 and len(steps) == 1 and 0 not in steps
    return is_even and not any(i < len(row) and _YEAR.fullmatch(row[i].strip()) for row in below for i in places)


def _are_apart(first: Sequence[str], columns: Sequence[Sequence[str]]) -> bool:
    """Whether three cells or more begin with a letter and none stands in the column below it."""
    return (
        len(first) > 2
        and all(name[:1].isalpha() for name in first)
        and all(len(cells) > 1 and name not in cells for name, cells in zip(first, columns, strict=True))
    )
