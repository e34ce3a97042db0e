"""Whether the first row of a table names its columns."""

from __future__ import annotations

import re
from collections.abc import Sequence
from statistics import median

from embedlab.tables import LABEL_NAMES, LESSER_TEXT_NAMES, OTHER_NAMES, TEXT_NAMES, is_value

SAMPLE_ROWS = 200
"""Rows below the names that are looked at."""

_NAMES = TEXT_NAMES | LESSER_TEXT_NAMES | LABEL_NAMES | OTHER_NAMES
# snake_case and camelCase: what programs call their columns, and nobody writes in a sentence.
_IDENTIFIER = re.compile(r"[A-Za-z]\w*_\w+|[a-z]+(?:[A-Z][a-z0-9]+)+|Q\d+(?:[._]\w+)?")
_QUESTION_NUMBER = re.compile(r"[Qq]\d+(?:[._]\w+)?")
_YEAR = re.compile(r"(1[89]|20)\d\d")
_MISSING = frozenset({"", "na", "n/a", "nan", "null", "none", "nil", "-", "--", ".", "..", "...", "?", "x"})
_MAX_NAME_CHARS = 60
_MIN_QUESTION_CHARS = 20
_MIN_LABELLED, _SAME_LABEL = 10, 3


def looks_like_header(rows: Sequence[Sequence[str]]) -> bool:
    """Return whether the first row names the columns; :func:`why_header` says by what.

    Parameters
    ----------
    rows : sequence of rows of cells
    """
    return bool(why_header(rows))


def why_header(rows: Sequence[Sequence[str]]) -> str:
    """Say by what the first row is known to name the columns; nothing where it does not.

    It does not where one of its cells is a number or a date, unless these are years that go up or down by a step.
    Otherwise it does where a name is a usual one, or a column below a name holds numbers or dates, or it is what
    programs call a column, or it asks what the rows below answer. Where nothing is empty or stands twice, it does as
    well where its cells are much shorter than those below them, or one of them is none of the labels that come again
    and again below it, or where there are three of them or more, all could be names, and none comes back below.

    Parameters
    ----------
    rows : sequence of rows of cells

    Examples
    --------
    >>> why_header([["text", "n"], ["a lamp", "1"]])
    'a name such as "text" is usual'
    >>> why_header([["a lamp", "1"], ["a chair", "2"]])
    ''
    """
    first, below = [cell.strip() for cell in rows[0]], rows[1:SAMPLE_ROWS]
    if any(map(is_value, first)) and not _are_years(first, below):
        return ""
    if usual := usual_name(first):
        return f'a name such as "{usual}" is usual'
    columns = [[row[i].strip() for row in below if i < len(row) and row[i].strip()] for i in range(len(first))]
    while len(first) > 1 and not first[-1] and not columns[-1]:  # every line ends with a delimiter
        first, columns = first[:-1], columns[:-1]
    named = [cells for name, cells in zip(first, columns, strict=True) if not is_missing(name)]
    if len(named) > len(first) // 2 and any(map(are_values, named)):
        return "a column below a name holds numbers or dates"
    if _ask_or_identify(first, columns):
        return "it asks what the rows below answer, or is written as programs write names"
    if not below or not could_be_names(first):
        return ""
    longer = [
        median(map(len, cells)) > 2 * max(len(name), 3) for name, cells in zip(first, columns, strict=True) if cells
    ]
    is_short = all(len(name.split()) <= 3 and not name.endswith((".", "!", "?")) for name in first)
    if is_short and any(longer):
        return "it is much shorter than the rows below"
    if is_short and _stand_above_labels(first, columns):
        return "it stands above labels that come again and again, and is none of them"
    return "none of its cells comes back below" if is_short and _are_apart(first, columns) else ""


def could_be_names(row: Sequence[str]) -> bool:
    """Return whether cells could be names: none is a number, a date, long, empty beyond the first, or there twice.

    Parameters
    ----------
    row : sequence of str
    """
    cells = [cell.strip() for cell in row]
    if "" in cells[1:] or len(set(cells)) < len(cells) or max(map(len, cells)) > _MAX_NAME_CHARS:
        return False
    values = [cell for cell in cells if is_value(cell)]
    return len(values) < len(cells) and all(map(_YEAR.fullmatch, values))


def usual_name(row: Sequence[str]) -> str:
    """Return the first cell that is one of the names that columns usually have; nothing without one.

    Parameters
    ----------
    row : sequence of str
    """
    return next((cell.strip() for cell in row if cell.strip().lower() in _NAMES), "")


def is_missing(cell: str) -> bool:
    """Return whether a cell says that there is nothing, so that it tells nothing about its column."""
    return cell.strip().lower() in _MISSING


def are_values(cells: Sequence[str]) -> bool:
    """Return whether nine of ten cells that are not missing are numbers or dates."""
    known = [cell for cell in cells if not is_missing(cell)]
    return bool(known) and sum(map(is_value, known)) >= 0.9 * len(known)


def _ask_or_identify(first: Sequence[str], columns: Sequence[Sequence[str]]) -> bool:
    """Whether a cell is a question above others or an identifier above sentences, or all are numbers of questions."""
    if all(_QUESTION_NUMBER.fullmatch(name) for name in first) and any(columns):
        return True
    for name, cells in zip(first, columns, strict=True):
        if len(cells) < 3:
            continue
        asks = len(name) > _MIN_QUESTION_CHARS and name.endswith(("?", ":", "？"))
        if asks and len(cells) > 4 and not any(cell.endswith(name[-1]) for cell in cells):
            return True
        if _IDENTIFIER.fullmatch(name) and 2 * sum(" " in cell for cell in cells) > len(cells):
            return True
    return False


def _are_years(first: Sequence[str], below: Sequence[Sequence[str]]) -> bool:
    """Whether the numbers of the first row are years in even steps, with a name before them and no years below."""
    places = [i for i, cell in enumerate(first) if is_value(cell)]
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


def _stand_above_labels(first: Sequence[str], columns: Sequence[Sequence[str]]) -> bool:
    """Whether the cells below one of several are labels, each there three times on average, and it is none of them."""
    return len(first) > 1 and any(
        len(cells) >= _MIN_LABELLED and _SAME_LABEL * len(set(cells)) <= len(cells) and name not in cells
        for name, cells in zip(first, columns, strict=True)
    )
