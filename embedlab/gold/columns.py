"""From the columns of a table to what is known about its texts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from embedlab.classification import held_together, what_is_shared
from embedlab.columns import Meanings, read_labels
from embedlab.errors import InvalidInputError
from embedlab.gold.kinds import MIN_OF_A_LABEL, Gold, Labelled, Pairs, Retrieval
from embedlab.gold.layouts import Layout, find_layout
from embedlab.gold.multiple import MultiLabelled
from embedlab.gold.unlabelled import Unlabelled
from embedlab.judgements import read_judgements, read_number, remark_on
from embedlab.texts import is_blank

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray


def build_gold(
    frame: pd.DataFrame,
    layout: str,
    columns: Mapping[str, str],
    *,
    near_duplicates: bool = False,
    missing: tuple[str, ...] | None = None,
) -> Gold:
    """Return what a table says about its texts.

    Parameters
    ----------
    frame : DataFrame of str
    layout : str
        A key of ``LAYOUTS``.
    columns : dict of str to str
        A column for ``"text"`` and for each role of the layout, and for those of its extras that the table has; one for
        ``"group"``, too, where rows that know of each other share what stands there, such as author or ticket.
    near_duplicates : bool, default=False
        Whether rows that are nearly the same by their letters know of each other as well.
    missing : tuple of str, optional
        Words that mean that a row has no label or group; the usual ones, such as ``N/A``, where not given.

    Returns
    -------
    Gold
        Its ``n_set_aside`` counts rows that are blank or could not be used.

    Raises
    ------
    InvalidInputError
        For an unknown layout, a missing column, or when too little is left.
    """
    chosen = find_layout(LAYOUTS, layout, frame, columns)
    meanings = Meanings(frame, missing)
    named = [columns[role] for role in ("label", "group") if role in columns]
    frame = frame.assign(**{column: meanings.labels(column) for column in named})
    gold = chosen.build(frame, columns)
    shared = what_is_shared(gold.rows, _groups(frame, columns, gold), near_duplicates=near_duplicates)
    ties = columns.get("group"), "near-duplicate" if near_duplicates else None
    return replace(gold, shared=shared, shared_by=" and ".join(filter(None, ties)))


def _groups(frame: pd.DataFrame, columns: Mapping[str, str], gold: Gold) -> NDArray | None:
    """Return what stands in the group column for each row of a figure."""
    if "group" not in columns:
        return None
    named = frame[columns["group"]].to_numpy(dtype=object)
    if gold.queries:  # A question that comes several times belongs to the groups of all its rows.
        numbers = {query: number for number, query in enumerate(gold.queries)}
        asking = frame[columns.get("query", columns["text"])].tolist()
        rows = [numbers.get(text, len(numbers) + row) for row, text in enumerate(asking)]
        named = held_together(np.array(rows, dtype=np.int64), named)
    return named[gold.origin]


def _pairs(frame: pd.DataFrame, columns: Mapping[str, str]) -> Pairs:
    first, second, cells = (frame[columns[role]].tolist() for role in ("text", "second", "score"))
    scores = [read_number(cell) for cell in cells]
    rows = [
        row
        for row in range(len(frame))
        if not is_blank(first[row]) and not is_blank(second[row]) and scores[row] is not None
    ]
    return Pairs(
        tuple(first[row] for row in rows),
        tuple(second[row] for row in rows),
        np.array([scores[row] for row in rows], dtype=np.float64),
        len(frame) - len(rows),
        origin=np.array(rows, dtype=np.int64),
    )


def _queries(frame: pd.DataFrame, columns: Mapping[str, str]) -> Retrieval:
    texts, queries = frame[columns["text"]].tolist(), frame[columns["query"]].tolist()
    place = {text: position for position, text in enumerate(dict.fromkeys(t for t in texts if not is_blank(t)))}
    cells = frame[columns["grade"]].tolist() if "grade" in columns else ["1"] * len(frame)
    relevant: dict[str, dict[int, float]] = {}
    asked: dict[str, int] = {}
    unread: dict[str, int] = {}
    for row, (text, query, cell) in enumerate(zip(texts, queries, cells, strict=True)):
        grade = read_number(cell)
        if text in place and not is_blank(query):
            if grade is None:
                unread.setdefault(cell, row)
            elif grade > 0:
                answers = relevant.setdefault(query, {})
                answers[place[text]] = max(grade, answers.get(place[text], 0.0))
                asked.setdefault(query, row)
    n_set_aside = len(frame) - sum(text in place for text in texts)
    remark = remark_on(unread, "grades are no number, so that nothing is known of their rows")
    return _retrieval(list(place), relevant, list(asked.values()), n_set_aside, (remark,) if remark else ())


def _relevant(frame: pd.DataFrame, columns: Mapping[str, str]) -> Retrieval:
    texts, keys, cells = (frame[columns[role]].tolist() for role in ("text", "id", "relevant"))
    found = read_judgements(texts, keys, cells)
    stored = [texts[row] for row in found.stored]
    gold = _retrieval(stored, found.relevant, found.asked, found.n_set_aside, found.remarks)
    return replace(gold, query_keys=found.query_keys, text_keys=tuple(keys[row] for row in found.stored))


def _retrieval(
    texts: list[str],
    relevant: Mapping[str, Collection[int] | Mapping[int, float]],
    asked: list[int],
    n_set_aside: int,
    remarks: tuple[str, ...] = (),
) -> Retrieval:
    if not relevant or len(texts) < 2:
        raise InvalidInputError(
            f"There are {len(relevant)} questions with relevant texts and {len(texts)} texts to search; one question "
            "and two texts are needed at least. Check the columns."
        )
    origin = np.array(asked, dtype=np.int64)
    return Retrieval(tuple(relevant), tuple(texts), list(relevant.values()), n_set_aside, remarks, origin=origin)


def _labels(frame: pd.DataFrame, columns: Mapping[str, str]) -> Labelled:
    texts, labels, _, origin = _with_labels(frame, columns, lambda cell: () if is_blank(cell) else (cell.strip(),))
    return Labelled(texts, tuple(label for (label,) in labels), len(frame) - len(texts), origin=origin)


def _several(frame: pd.DataFrame, columns: Mapping[str, str]) -> MultiLabelled:
    texts, labels, rare, origin = _with_labels(frame, columns, read_labels)
    what = "label is left out, which has" if len(rare) == 1 else "labels are left out, which have"
    remark = remark_on(rare, f"{what} fewer than {MIN_OF_A_LABEL} texts")
    return MultiLabelled(texts, labels, len(frame) - len(texts), (remark,) if remark else (), origin=origin)


def _with_labels(
    frame: pd.DataFrame, columns: Mapping[str, str], read: Callable[[str], tuple[str, ...]]
) -> tuple[tuple[str, ...], tuple[tuple[str, ...], ...], dict[str, int], NDArray[np.int64]]:
    """Return the texts that have labels, these, the rare labels with their first row, and the rows of the texts."""
    texts, labels = frame[columns["text"]].tolist(), [read(cell) for cell in frame[columns["label"]]]
    rows = [row for row, text in enumerate(texts) if not is_blank(text)]
    sizes = Counter(label for row in rows for label in labels[row])
    # A label that is too rare for five folds would be in none of some of them.
    kept = {row: tuple(label for label in labels[row] if sizes[label] >= MIN_OF_A_LABEL) for row in rows}
    rare = {label: row for row in reversed(rows) for label in labels[row] if sizes[label] < MIN_OF_A_LABEL}
    found = {row: named for row, named in kept.items() if named}
    return tuple(texts[row] for row in found), tuple(found.values()), rare, np.array(list(found), dtype=np.int64)


def _texts(frame: pd.DataFrame, columns: Mapping[str, str]) -> Unlabelled:
    texts = frame[columns["text"]].tolist()
    rows = [row for row, text in enumerate(texts) if not is_blank(text)]
    origin = np.array(rows, dtype=np.int64)
    return Unlabelled(tuple(texts[row] for row in rows), len(frame) - len(rows), origin=origin)


LAYOUTS: dict[str, Layout[Gold]] = {
    "pairs": Layout(
        "Pairs with a score",
        "Two texts in each row, and how similar people found them.",
        {"second": "Second text", "score": "Score"},
        _pairs,
    ),
    "queries": Layout(
        "Questions beside their answers",
        "Each row holds a question and a text that answers it; a question may come back.",
        {"query": "Question"},
        _queries,
        {"grade": "Grade"},
    ),
    "relevant": Layout(
        "Questions that name rows",
        "Some rows are questions, and list the ids of the rows that answer them.",
        {"id": "Id", "relevant": "Ids of relevant rows"},
        _relevant,
    ),
    "labels": Layout(
        "A label for each text", "Groups that people have sorted the texts into.", {"label": "Label"}, _labels
    ),
    "several": Layout(
        "Several labels for each text",
        "Each cell lists one label or several, with ; or | between them or as a JSON list.",
        {"label": "Labels"},
        _several,
    ),
    "texts": Layout("Texts alone", "Nothing is known about them; models are held against each other.", {}, _texts),
}
"""What a table may hold, as a person would say it."""
