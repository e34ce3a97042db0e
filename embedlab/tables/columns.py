"""Which column holds the texts, and which the labels."""

from __future__ import annotations

from typing import TYPE_CHECKING

from embedlab.errors import TableError
from embedlab.tables.values import is_value

if TYPE_CHECKING:
    import pandas as pd

_ROWS = 1000
_TEXT_NAMES = frozenset(
    {"text", "sentence", "sentence1", "review", "comment", "message", "content", "body", "question", "query", "tweet"}
    | {"description", "utterance", "document", "title", "feedback", "answer", "inhalt", "frage", "bewertung", "satz"}
    | {"kommentar", "nachricht", "beschreibung", "freitext", "내용", "문장", "질문", "텍스트", "리뷰"}
)
_LABEL_NAMES = frozenset(
    {"label", "category", "topic", "intent", "class", "group", "tag", "sentiment"}
    | {"kategorie", "thema", "klasse", "gruppe", "분류", "주제", "라벨"}
)


def guess_text_column(frame: pd.DataFrame) -> str:
    """Return the column that looks most like texts: long, varied, made of words, or called so.

    Parameters
    ----------
    frame : DataFrame of str

    Raises
    ------
    TableError
        When no column holds words.
    """
    scores = {column: _text_score(str(column), _cells(frame, column)) for column in frame.columns}
    best = max(scores, key=lambda column: scores[column])
    if scores[best] <= 0:
        raise TableError(
            "No column of this table holds words, only numbers, dates or nothing. Choose a table with texts."
        )
    return str(best)


def guess_label_column(frame: pd.DataFrame, text_column: str) -> str | None:
    """Return the column that looks most like labels, a few short names that come back, or None.

    Parameters
    ----------
    frame : DataFrame of str
    text_column : str
        Is not a label column.
    """
    scores = {
        column: _label_score(str(column), _cells(frame, column)) for column in frame.columns if column != text_column
    }
    best = max(scores, key=lambda column: scores[column], default=None)
    return str(best) if best is not None and scores[best] > 0 else None


def _cells(frame: pd.DataFrame, column: str) -> list[str]:
    return [cell.strip() for cell in frame[column].head(_ROWS) if cell.strip()]


def _named(column: str, names: frozenset[str]) -> bool:
    return column.strip().lower() in names


def _text_score(column: str, cells: list[str]) -> float:
    """Mean length, up to 200, times the share of cells that are words and of cells that differ."""
    words = [cell for cell in cells if any(char.isalpha() for char in cell) and not is_value(cell)]
    if len(words) < 0.5 * len(cells) or not words:
        return 0.0
    length = min(200.0, sum(map(len, words)) / len(words))
    varied = len(set(words)) / len(words)
    has_spaces = 0.2 + sum(" " in cell for cell in words) / len(words)
    return length * has_spaces * (0.3 + varied) * (3 if _named(column, _TEXT_NAMES) else 1)


def _label_score(column: str, cells: list[str]) -> float:
    """More than one and few different, short, not numbers or dates; a usual name decides between several."""
    different = set(cells)
    if not 2 <= len(different) <= max(2, min(200, len(cells) // 2)):
        return 0.0
    if sum(map(len, different)) / len(different) > 40 or all(is_value(cell) for cell in different):
        return 0.0
    return (10 if _named(column, _LABEL_NAMES) else 1) + 1 / len(different)
