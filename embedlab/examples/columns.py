"""From the columns of a table to what is learned from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from embedlab.columns import Meanings
from embedlab.examples.kinds import Examples, LabelledTexts, Texts, Translations, Triplets
from embedlab.examples.known import as_examples
from embedlab.gold import LAYOUTS, Layout, build_gold, find_layout, guess_layout
from embedlab.texts import is_blank

if TYPE_CHECKING:
    import pandas as pd

    Missing = tuple[str, ...] | None

_POSITIVE_NAMES = ("positive", "pos", "answer", "response", "paraphrase", "duplicate", "antwort", "답변")
_NEGATIVE_NAMES = ("negative", "neg", "hard_negative", "hard negative", "wrong", "negativ", "falsch", "오답")
_TRANSLATION_NAMES = ("translation", "target", "translated", "übersetzung", "번역")


def build_examples(
    frame: pd.DataFrame, layout: str, columns: Mapping[str, str], *, missing: tuple[str, ...] | None = None
) -> Examples:
    """Return what can be learned from a table.

    Parameters
    ----------
    frame : DataFrame of str
    layout : str
        A key of ``EXAMPLE_LAYOUTS``.
    columns : dict of str to str
        A column for ``"text"`` and for each role of the layout, for those of its extras that the table has, and for
        ``"group"`` where rows that know of each other share what stands there, such as author or ticket.
    missing : tuple of str, optional
        Words that mean that a row has no label or group; the usual ones, such as ``N/A``, where not given.

    Returns
    -------
    what the layout holds
        ``n_set_aside`` rows are blank somewhere or could not be used; ``origin`` says which row each one is.

    Raises
    ------
    InvalidInputError
        For an unknown layout, a missing column, or when too little is left.
    """
    chosen = find_layout(EXAMPLE_LAYOUTS, layout, frame, columns)
    examples = chosen.build(frame, columns, missing)
    if "group" in columns and examples.shared is None:
        examples = replace(examples, shared=Meanings(frame, missing).labels(columns["group"])[examples.origin])
    return examples


def guess_examples(frame: pd.DataFrame, text_column: str, label_column: str | None) -> tuple[str, dict[str, str]]:
    """Return how a table seems to hold examples, and its columns; names of columns and what is in them decide.

    Parameters
    ----------
    frame : DataFrame of str
    text_column : str
    label_column : str or None

    Returns
    -------
    str
        A key of ``EXAMPLE_LAYOUTS``.
    dict of str to str
        A column for each role.
    """
    others = [str(column) for column in frame.columns if column != text_column]
    positive, negative, translation = (
        next((name for name in others if name.strip().casefold() in names), None)
        for names in (_POSITIVE_NAMES, _NEGATIVE_NAMES, _TRANSLATION_NAMES)
    )
    if translation:
        return "translations", {"text": text_column, "translation": translation}
    layout, columns = guess_layout(frame, text_column, label_column)
    if positive and layout in ("labels", "texts"):
        further = {"negative": negative} if negative else {}
        return "positives", {"text": text_column, "positive": positive, **further}
    # Of several labels a text nothing is learned here.
    return (layout, columns) if layout in EXAMPLE_LAYOUTS else ("texts", {"text": text_column})


def _used(frame: pd.DataFrame, columns: Mapping[str, str], *roles: str) -> tuple[list[tuple[str, ...]], dict[str, Any]]:
    """Return the columns of some roles in the rows in which no cell is blank, and what is said of these rows."""
    cells = [frame[columns[role]].tolist() for role in roles]
    rows = [row for row, each in enumerate(zip(*cells, strict=True)) if not any(map(is_blank, each))]
    said = {"n_set_aside": len(frame) - len(rows), "origin": np.array(rows, dtype=np.int64)}
    return [tuple(column[row] for row in rows) for column in cells], said


def _labels(frame: pd.DataFrame, columns: Mapping[str, str], missing: Missing) -> Examples:
    frame = frame.assign(**{columns["label"]: Meanings(frame, missing).labels(columns["label"])})
    (texts, labels), said = _used(frame, columns, "text", "label")
    return LabelledTexts(texts, tuple(label.strip() for label in labels), **said)


def _positives(frame: pd.DataFrame, columns: Mapping[str, str], _: Missing) -> Examples:
    roles = [role for role in ("text", "positive", "negative") if role in columns]
    (anchors, positives, *negatives), said = _used(frame, columns, *roles)
    return Triplets(anchors, positives, negatives[0] if negatives else None, **said)


def _translations(frame: pd.DataFrame, columns: Mapping[str, str], _: Missing) -> Examples:
    texts, said = _used(frame, columns, "text", "translation")
    return Translations(*texts, **said)


def _texts(frame: pd.DataFrame, columns: Mapping[str, str], _: Missing) -> Examples:
    texts, said = _used(frame, columns, "text")
    return Texts(*texts, **said)


def _known(layout: str) -> Layout[Examples]:
    """Return a layout of what is known, which is learned from as it is judged by."""
    gold = LAYOUTS[layout]

    def build(frame: pd.DataFrame, columns: Mapping[str, str], missing: Missing) -> Examples:
        return as_examples(build_gold(frame, layout, columns, missing=missing))

    return Layout(gold.title, gold.description, gold.roles, build, gold.extras)


EXAMPLE_LAYOUTS: dict[str, Layout[Examples]] = {
    # Labels of two texts are learned from; a figure needs more.
    "labels": Layout(LAYOUTS["labels"].title, LAYOUTS["labels"].description, {"label": "Label"}, _labels),
    "pairs": _known("pairs"),
    "positives": Layout(
        "Pairs that belong together",
        "A text and one that belongs to it, such as its answer, and perhaps one that is near and does not.",
        {"positive": "Belongs to it"},
        _positives,
        {"negative": "Near, and does not belong"},
    ),
    "queries": _known("queries"),
    "relevant": _known("relevant"),
    "translations": Layout(
        "Texts with their translation",
        "A text in a language the model knows, and the same in one it shall learn.",
        {"translation": "Translation"},
        _translations,
    ),
    "texts": Layout("Texts alone", "Nothing is known about them; they are learned from as they are.", {}, _texts),
}
"""What a table may hold to learn from, as a person would say it."""
