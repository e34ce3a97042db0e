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


def looks_like_header(rows: Sequence[Sequence[str]]) -> bool:
    """Return whether the first row names the columns.

    It does not where one of its cells is a number or a date, is empty beyond the first, or stands in it twice.
    Otherwise it does where a name is a usual one, a column below it holds numbers or dates throughout, or its cells
    are much shorter than those below them.

    Parameters
    ----------
    rows : sequence of rows of cells
    """
    first, below = [cell.strip() for cell in rows[0]], rows[1:_ROWS]
    if any(NUMBER.fullmatch(cell) or DATE.fullmatch(cell) for cell in first):
        return False
    if any(cell.lower() in _NAMES for cell in first):
        return True
    if not below or "" in first[1:] or len(set(first)) < len(first) or max(map(len, first)) > 60:
        return False
    columns = [[row[i].strip() for row in below if i < len(row) and row[i].strip()] for i in range(len(first))]
    for cells in columns:
        if cells and all(NUMBER.fullmatch(cell) or DATE.fullmatch(cell) for cell in cells):
            return True
    longer = [
        median(map(len, cells)) > 2 * max(len(name), 3) for name, cells in zip(first, columns, strict=True) if cells
    ]
    is_name = all(len(name.split()) <= 3 and not name.endswith((".", "!", "?")) for name in first)
    return is_name and any(longer)
