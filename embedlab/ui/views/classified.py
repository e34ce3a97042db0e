"""Rows of the Classification page: what texts have for labels, what was predicted, and how sure that is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import streamlit as st

from embedlab.classification import Classification, MultiClassification
from embedlab.ui.frame import selecting
from embedlab.ui.parts import PLACE, SELECTED, places_of, selected_marks

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from embedlab.ui.choices import Selection

MAX_LISTED = 1000
HIGHEST_HELP = "Of the most probable label; those from 0.5 up are given to the text."
PROBABILITY = st.column_config.ProgressColumn("Probability", min_value=0.0, max_value=1.0, format="%.2f", width="small")
COLUMNS: dict[str, Any] = {
    "selected": SELECTED,
    "place": PLACE,
    "label": "Label",
    "given": st.column_config.NumberColumn(
        "Its probability", format="%.2f", width="small", help="Probability of the given label"
    ),
    "predicted": "Predicted",
    "missing": st.column_config.TextColumn("Missing", help="Predicted, and not among the labels of the text"),
    "surplus": st.column_config.TextColumn("Surplus", help="Among the labels of the text, and not predicted"),
    "probability": PROBABILITY,
    "highest": st.column_config.ProgressColumn(
        "Highest probability", min_value=0.0, max_value=1.0, format="%.2f", width="small", help=HIGHEST_HELP
    ),
    "text": st.column_config.TextColumn("Text", width="large"),
}


def list_rows(selection: Selection, found: Classification | MultiClassification, rows: NDArray[np.int64]) -> None:
    """List labels, prediction and text of some rows, in their order."""
    rows = selection.keep_matching(rows)
    shown = rows[:MAX_LISTED]
    st.dataframe(
        pd.DataFrame(
            {
                **selected_marks(selection, shown),
                "label": selection.corpus.labels(str(selection.label_column))[shown],
                **(_several(found, shown) if isinstance(found, MultiClassification) else _one(found, shown)),
                **places_of(selection.corpus, shown),
                "text": [selection.corpus.texts[row] for row in shown.tolist()],
            }
        ),
        hide_index=True,
        column_config=COLUMNS,
        alt="Texts with their label, the predicted label and its probability",
    )
    selecting.offer(selection.corpus, rows, key="select-listed", label="Select these texts")
    if len(rows) > MAX_LISTED:
        st.caption(f"The first {MAX_LISTED:,} of {len(rows):,} are shown; the download below holds all.")


def list_typed(texts: list[str], names: list[str], probabilities: NDArray[np.float32], *, several: bool) -> None:
    """List what is predicted for texts that have no labels."""
    st.dataframe(
        pd.DataFrame(
            {
                "predicted": names,
                "highest" if several else "probability": probabilities.max(axis=1),
                "text": texts,
            }
        ),
        hide_index=True,
        column_config=COLUMNS,
        alt="Predicted labels of the typed texts",
    )


def _one(found: Classification, rows: NDArray[np.int64]) -> dict[str, Any]:
    labels, predicted = found.labels[rows], found.predictions[rows]
    return {
        "given": np.where(labels >= 0, found.probabilities[rows, np.maximum(labels, 0)], np.nan),
        "predicted": found.names(rows),
        "probability": found.probabilities[rows, predicted],
    }


def _several(found: MultiClassification, rows: NDArray[np.int64]) -> dict[str, Any]:
    return {
        "predicted": found.names(rows),
        "missing": found.names_in(found.missing[rows]),
        "surplus": found.names_in(found.surplus[rows]),
        "highest": found.probabilities[rows].max(axis=1),
    }
