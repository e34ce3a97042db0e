"""Tables of texts and hits. Texts only ever appear in data frames, where nothing is interpreted."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import streamlit as st

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from embedlab.search import Hit
    from embedlab.ui.frame import Selection

COSINE = st.column_config.ProgressColumn(
    "Cosine", min_value=0.0, max_value=1.0, format="%.3f", width="small", help="Cosine similarity, at most 1"
)


def show_hits(selection: Selection, hits: Sequence[Hit]) -> None:
    """List search hits, best first, with their scores as bars and the other columns of their rows."""
    frame = selection.corpus.frame.iloc[[hit.index for hit in hits]].drop(columns=[selection.text_column])
    frame.insert(0, "score", [hit.score for hit in hits])
    frame.insert(1, "found text", [hit.text for hit in hits])
    score = st.column_config.ProgressColumn(
        "Score", min_value=0.0, max_value=1.0, format="%.3f", width="small", help="Cosine similarity to the query"
    )
    st.dataframe(
        frame,
        hide_index=True,
        column_config={"score": score, "found text": st.column_config.TextColumn("Text", width="large")},
        alt="Search results, best first",
    )


def show_rows(
    selection: Selection, rows: NDArray[np.int64], extra: dict[str, Sequence[str]], limit: int = 1000
) -> None:
    """List the rows of some texts, at most ``limit`` of them, with further columns in front."""
    shown = selection.corpus.frame.iloc[rows[:limit]].copy()
    for name, values in reversed(extra.items()):
        shown.insert(0, name, list(values[:limit]), allow_duplicates=True)
    st.dataframe(shown, height=280, alt="The selected texts")
    if len(rows) > limit:
        st.caption(f"The first {limit:,} of {len(rows):,} are shown; the download below holds all.")
