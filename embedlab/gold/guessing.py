"""What the columns of a table seem to be, by their names and by what is in them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from embedlab.columns import has_several_labels
from embedlab.judgements import fold_key, listed_keys, read_number
from embedlab.texts import is_blank

if TYPE_CHECKING:
    import pandas as pd

_SECOND_NAMES = (
    "sentence2",
    "sentence_2",
    "text2",
    "text_2",
    "text_b",
    "textb",
    "second",
    "satz2",
    "문장2",
    "question2",
)
_SCORE_NAMES = ("score", "similarity", "rating", "grade", "gold", "ähnlichkeit", "유사도", "점수")
_QUERY_NAMES = ("query", "question", "search", "frage", "anfrage", "질문", "검색어")
_GRADE_NAMES = ("grade", "relevance", "rel", "note", "관련도")
_RELEVANT_NAMES = ("relevant", "relevant_ids", "answers", "positives", "relevante", "정답")
_LABELS_NAMES = ("labels", "topics", "tags", "categories", "intents", "classes", "themen", "kategorien", "태그")
_ID_NAMES = ("id", "_id", "doc_id", "docid", "key", "nummer", "number")


def guess_layout(frame: pd.DataFrame, text_column: str, label_column: str | None) -> tuple[str, dict[str, str]]:
    """Return the layout a table seems to have, and its columns; names of columns and what is in them decide.

    Parameters
    ----------
    frame : DataFrame of str
    text_column : str
    label_column : str or None
    """
    others = [str(column) for column in frame.columns if column != text_column]
    second, score, query, relevant, key, grade, labels = (
        next((name for name in others if name.strip().lower() in names), None)
        for names in (
            _SECOND_NAMES,
            _SCORE_NAMES,
            _QUERY_NAMES,
            _RELEVANT_NAMES,
            _ID_NAMES,
            _GRADE_NAMES,
            _LABELS_NAMES,
        )
    )
    if second and score and _n_numbers(frame, score) > len(frame) // 2:
        return "pairs", {"text": text_column, "second": second, "score": score}
    if relevant and key and _names_rows(frame, relevant, key):
        return "relevant", {"text": text_column, "id": key, "relevant": relevant}
    if query:
        graded = {"grade": grade} if grade and _n_numbers(frame, grade) > len(frame) // 2 else {}
        return "queries", {"text": text_column, "query": query, **graded}
    # A column of many different lists does not look like one of labels, so that its name has to tell.
    listing = label_column or labels
    if listing and has_several_labels(frame[listing]):
        return "several", {"text": text_column, "label": listing}
    if label_column:
        return "labels", {"text": text_column, "label": label_column}
    return "texts", {"text": text_column}


def id_column(frame: pd.DataFrame, text_column: str) -> str | None:
    """Return the column of a table that is called like one of ids and names each row once; None where there is none.

    Parameters
    ----------
    frame : DataFrame of str
    text_column : str
    """
    for name in map(str, frame.columns):
        if name != text_column and name.strip().lower() in _ID_NAMES:
            cells = frame[name]
            if not cells.map(is_blank).any() and cells.map(fold_key).is_unique:
                return name
    return None


def _n_numbers(frame: pd.DataFrame, column: str) -> int:
    return sum(read_number(cell) is not None for cell in frame[column])


def _names_rows(frame: pd.DataFrame, relevant: str, key: str) -> bool:
    """Return whether most of what a column lists are ids of rows."""
    keys = {fold_key(cell) for cell in frame[key]}
    listed = [part for cell in frame[relevant] if not is_blank(cell) for part, _ in listed_keys(cell, keys)]
    return bool(listed) and sum(part in keys for part in listed) > len(listed) // 2
