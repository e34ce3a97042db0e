"""Tables of texts and hits. Texts only ever appear in data frames, where nothing is interpreted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import streamlit as st

from embedlab.ui.choices import selected

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from embedlab.search import FusedHit
    from embedlab.ui.choices import Selection

# What st.column_config makes; Streamlit does not export its type.
ColumnConfig = Any

COSINE = st.column_config.ProgressColumn(
    "Cosine", min_value=0.0, max_value=1.0, format="%.3f", width="small", help="Cosine similarity, at most 1"
)


SELECTED = st.column_config.CheckboxColumn("Selected", width="small", help="Selected, on this page or another")


def selected_marks(selection: Selection, rows: Sequence[int] | NDArray[np.int64]) -> dict[str, list[bool]]:
    """Return a column that tells which of some texts are selected, on whatever page; none while nothing is."""
    chosen = selected.of(selection.corpus).rows
    return {"selected": np.isin(np.asarray(rows), chosen).tolist()} if len(chosen) else {}


def put_before(frame: pd.DataFrame, own: Mapping[str, object]) -> pd.DataFrame:
    """Return columns of a page's own and behind them those of a file, renamed where they are called the same."""
    ours = pd.DataFrame(dict(own), index=frame.index)
    return pd.concat([ours, frame.rename(columns={name: f"{name} (file)" for name in own})], axis=1)


def show_hits(
    selection: Selection,
    hits: Sequence[FusedHit],
    *,
    key: str,
    score: ColumnConfig,
    extra: Mapping[str, Sequence[object]] | None = None,
    columns: Mapping[str, ColumnConfig] | None = None,
    narrow: bool = False,
) -> int | None:
    """List search hits, best first, and return the position of the text whose row the person has selected.

    ``extra`` are columns beside the score, shown as ``columns`` says. Those of the file follow, unless the list is
    ``narrow``: it has room for the text, over some lines, and for what ``extra`` says.
    """
    rows = [hit.index for hit in hits]
    marks = selected_marks(selection, rows)
    front: dict[str, Sequence[object]] = {
        **marks,
        "score": [hit.score for hit in hits],
        **(extra or {}),
        "found text": [selection.corpus.texts[row] for row in rows],
    }
    event = st.dataframe(
        put_before(selection.corpus.frame.drop(columns=[selection.corpus.text_column]).iloc[rows], front),
        hide_index=True,
        column_config={
            **dict.fromkeys(marks, SELECTED),
            "score": score,
            "found text": st.column_config.TextColumn("Text", width=140 if narrow else "large"),
            **(columns or {}),
        },
        key=key,
        on_select="rerun",
        selection_mode="single-row",
        row_height=70 if narrow else None,
        column_order=["found text", *(extra or {}), "score", *marks] if narrow else None,
        alt="Search results, best first; select a row to look into it",
    )
    chosen = [place for place in event["selection"]["rows"] if place < len(rows)]
    return rows[chosen[0]] if chosen else None


def show_rows(
    selection: Selection, rows: NDArray[np.int64], extra: dict[str, Sequence[str]], limit: int = 1000
) -> None:
    """List the rows of some texts, at most ``limit`` of them, with further columns in front."""
    extra = {name: values[:limit] for name, values in extra.items()}
    shown = put_before(selection.corpus.frame.iloc[rows[:limit]], extra)
    st.dataframe(shown, height=280, alt="The selected texts")
    if len(rows) > limit:
        st.caption(f"The first {limit:,} of {len(rows):,} are shown; the download below holds all.")
