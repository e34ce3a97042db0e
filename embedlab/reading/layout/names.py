"""Names of columns over several rows, as survey tools and merged cells leave them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from embedlab.reading.layout.header import SAMPLE_ROWS, are_values, is_missing, why_header
from embedlab.tables import is_value

JOINED_BY = " – "
"""Stands between the parts of a name that fills several rows."""

_MOST_ROWS = 5
# What survey tools write below a question: its id in their database, or that an answer stands there.
_IMPORT_ID = re.compile(r'\{\s*"ImportId"\s*:.*\}', re.DOTALL)
_ANSWERS = frozenset(
    {"response", "open-ended response", "open ended response", "other (please specify)", "antwort", "offene antwort"}
    | {"réponse", "réponse ouverte", "respuesta", "respuesta abierta", "risposta", "응답", "회답", "自由回答"}
)
_CODE = re.compile(r"[A-Za-z]{1,3}\d+(?:[._#]\w+)*")


@dataclass(frozen=True)
class HeaderGuess:
    """How many of the first rows hold the names of the columns, and by what that is known.

    Parameters
    ----------
    n_rows : int
    reason : str
        The rest of a sentence.
    """

    n_rows: int
    reason: str


def guess_header(rows: Sequence[Sequence[str]], merged: Sequence[bool] = ()) -> HeaderGuess:
    """Count the rows at the top that hold names.

    A second row counts only where something speaks for it that no row of data would say: a survey tool's ids or
    "Response", sub-names below cells that are merged or left empty, questions below codes, or words above two columns
    of numbers or more.

    Parameters
    ----------
    rows : sequence of rows of cells
    merged : sequence of bool, optional
        Whether cells of each of the first rows are merged side by side, where the file says so.

    Examples
    --------
    >>> ids = ['{"ImportId":"startDate"}', '{"ImportId":"QID1"}']
    >>> guess_header([["StartDate", "Q1"], ["Start Date", "How was it?"], ids])
    HeaderGuess(n_rows=3, reason='row 3 holds the ids of a survey tool')
    """
    rows = rows[:SAMPLE_ROWS]
    for i, row in enumerate(rows[:_MOST_ROWS]):
        filled = [cell for cell in row if cell.strip()]
        if filled and 2 * sum(bool(_IMPORT_ID.fullmatch(cell.strip())) for cell in filled) > len(filled):
            return HeaderGuess(i + 1, f"row {i + 1} holds the ids of a survey tool")
    holds_values = any(map(is_value, rows[0]))
    if not holds_values or _group(rows[0]):
        found = _count_further(rows, merged)
        if found.n_rows > 1:
            return found
    if reason := why_header(rows):
        return HeaderGuess(1, reason)
    if holds_values:
        return HeaderGuess(0, "the first row holds a number or a date where a name would stand")
    return HeaderGuess(0, "the first row looks like the rows below it")


def join_names(rows: Sequence[Sequence[str]]) -> list[str]:
    """Join the rows that hold names into one name a column.

    A cell that is left empty belongs to the name on its left where a sub-name stands below it. A part that says the
    same as the one above it, ids of survey tools, and "Response" below a question of its own are left out.

    Parameters
    ----------
    rows : sequence of rows of cells

    Examples
    --------
    >>> join_names([["Which did you use?", "", "Why?"], ["Phone", "E-mail", "Open-Ended Response"]])
    ['Which did you use? – Phone', 'Which did you use? – E-mail', 'Why?']
    """
    width = max(map(len, rows))
    squared = [[*(cell.strip() for cell in row), *[""] * (width - len(row))] for row in rows]
    for upper, lower in zip(squared, squared[1:], strict=False):
        for i in range(1, width):
            if not upper[i] and lower[i] and not is_missing(lower[i]):
                upper[i] = upper[i - 1] if lower[i] != lower[i - 1] else upper[i]
    n_columns = Counter(squared[0])
    return [_joined([row[i] for row in squared], n_columns[squared[0][i]] > 1) for i in range(width)]


def _joined(parts: Sequence[str], is_shared: bool) -> str:
    kept: list[str] = []
    for part in parts:
        is_filler = part.lower() in _ANSWERS and kept and not is_shared
        if part and not is_filler and not _IMPORT_ID.fullmatch(part) and _folded(part) not in map(_folded, kept):
            kept.append(part)
    return JOINED_BY.join(kept)


def _folded(name: str) -> str:
    return re.sub(r"[\W_]+", "", name).casefold() or name


def _count_further(rows: Sequence[Sequence[str]], merged: Sequence[bool]) -> HeaderGuess:
    """Count the rows of names below the first one."""
    n_rows, reason = 1, ""
    while n_rows < min(_MOST_ROWS, len(rows) - 1):
        said = _why_further(rows[: n_rows + 1], rows[n_rows + 1 :], n_rows <= len(merged) and merged[n_rows - 1])
        if not said:
            break
        n_rows, reason = n_rows + 1, said
    return HeaderGuess(n_rows, reason)


def _why_further(head: Sequence[Sequence[str]], below: Sequence[Sequence[str]], is_merged: bool) -> str:
    """Say by what the last of some rows is known to hold names as well; nothing where it does not."""
    above, row = head[-2], [cell.strip() for cell in head[-1]]
    if not any(row) or any(map(is_value, row)):
        return ""
    columns = [[line[i].strip() for line in below if i < len(line)] for i in range(len(row))]
    answers = [i for i, cell in enumerate(row) if cell.lower() in _ANSWERS]
    if answers and not any(row[i] in columns[i] for i in answers):
        return f"row {len(head)} says that answers stand below the questions"
    is_new = all(not cell or cell not in cells for cell, cells in zip(row, columns, strict=True))
    if not is_new:
        return ""
    if len(head) > 2 and _fills_gaps(head[:-1], row):
        return f"row {len(head)} fills the gaps of the rows above it"
    words = [cell for cell, cells in zip(row, columns, strict=True) if are_values([c for c in cells if c]) and cell]
    parts = [tuple(row[group.start : group.stop]) for group in _group(above)]
    if parts and _are_sub_names(parts) and (is_merged or words or len(set(parts)) < len(parts)):
        return f"row {len(head)} holds names below cells of row {len(head) - 1} that stand for several columns"
    if _are_codes(above, row):
        return f"row {len(head)} holds questions below their codes"
    n_valued = sum(are_values([c for c in cells if c]) for cells in columns)
    if (
        len(set(words)) == n_valued >= 2 < len(below)
        and not any(map(is_missing, words))
        and why_header([above, *below])
    ):
        return f"row {len(head)} holds words above columns of numbers, as names do"
    return ""


def _group(row: Sequence[str]) -> list[range]:
    """Return the columns that share a cell: it is repeated, or left empty behind the first."""
    groups, start = [], 0
    cells = [cell.strip() for cell in row]
    for i in range(1, len(cells) + 1):
        if i == len(cells) or (cells[i] and cells[i] != cells[start]):
            if i - start > 1 and cells[start]:
                groups.append(range(start, i))
            start = i
    return groups


def _are_sub_names(parts: Sequence[Sequence[str]]) -> bool:
    """Whether every column that shares a cell has a sub-name of its own."""
    return all(all(cells) and len(set(cells)) == len(cells) for cells in parts)


def _fills_gaps(above: Sequence[Sequence[str]], row: Sequence[str]) -> bool:
    """Whether a row fills the columns that have no name yet, and no other: the names of an index."""
    unnamed = [i for i in range(len(row)) if not any(i < len(line) and line[i].strip() for line in above)]
    return bool(unnamed) and [i for i, cell in enumerate(row) if cell] == unnamed


def _are_codes(above: Sequence[str], row: Sequence[str]) -> bool:
    """Whether questions stand below codes such as Q1 or q2_3, in three columns or more or in all that are there."""
    coded = [i for i, cell in enumerate(above) if _CODE.fullmatch(cell.strip()) and i < len(row)]
    asked = [i for i in coded if row[i].endswith(("?", "？", "...", "…")) or " - " in row[i]]
    return bool(asked) and len(asked) >= min(3, len(coded)) and len(set(row)) > len(row) // 2
