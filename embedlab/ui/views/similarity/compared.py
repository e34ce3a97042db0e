"""Two texts of a matrix side by side: a click on a cell chooses them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import streamlit as st

from embedlab.checks import say_not_told_apart
from embedlab.escape import escape_markdown
from embedlab.similarity import paired_cosine_similarity
from embedlab.ui.frame import selecting
from embedlab.ui.tasks import overview_tasks, reading, services, waiting

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from plotly.graph_objects import Figure

    from embedlab.ui.choices import Selection

RANK_HELP = "Seen from the other text. 1: no text is more similar to it. Counted among all texts, not only those shown."


def say_what_differs(first: str, second: str) -> None:
    """Say that the cosine of two texts says nothing of what the model does not read of them, where that differs."""
    if said := say_not_told_apart(first, second):
        st.caption(
            f":material/visibility_off: The model does not read {escape_markdown(said)}, in which the texts differ. "
            "The cosine says nothing of that."
        )


def show_matrix(
    selection: Selection, heatmap: Figure, rows: NDArray[np.int64], columns: NDArray[np.int64], alt: str
) -> None:
    """Draw a matrix whose cells can be clicked, and the two texts of the one that was."""
    event = st.plotly_chart(heatmap, key="matrix", on_select="rerun", selection_mode="points", alt=alt)
    points = event.selection.points
    if not points:
        st.caption("Click a cell to compare its two texts.")
        return
    _show_pair(selection, int(rows[points[-1]["y"]]), int(columns[points[-1]["x"]]))


def _show_pair(selection: Selection, row: int, column: int) -> None:
    """Show two texts with their cosine and which neighbours of each other they are."""
    texts, vectors = selection.corpus.captions, services.embeddings(selection)
    n_others = len(texts) - 1
    st.dataframe(
        pd.DataFrame({"First text": [texts[row]], "Second text": [texts[column]]}),
        hide_index=True,
        row_height=100,
        column_config={name: st.column_config.TextColumn(width="large") for name in ("First text", "Second text")},
        alt="The two texts of the cell that was clicked",
    )
    selecting.offer(selection.corpus, np.array([row, column]), key="select-pair", label="Select both")
    if row == column:
        st.caption("A text with itself: the cosine is 1.")
        return
    cosine = float(paired_cosine_similarity(vectors[[row]], vectors[[column]])[0])
    left, middle, right = st.columns(3)
    left.metric("Cosine of the two", f"{cosine:.3f}", border=True)
    ranks = waiting.await_task(overview_tasks.rank_pair(services.embedded(selection), row, column))
    labels = "Place of the second text", "Place of the first text"
    for place, label, rank in zip((middle, right), labels, ranks, strict=True):
        place.metric(label, f"{rank:,} of {n_others:,}", border=True, help=RANK_HELP)
    say_what_differs(*reading.unread_at(selection, np.array([row, column])).parts)
