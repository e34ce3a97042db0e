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

    from embedlab.datasets import Corpus
    from embedlab.search import FusedHit
    from embedlab.ui.choices import Selection

# What st.column_config makes; Streamlit does not export its type.
ColumnConfig = Any

COSINE = st.column_config.ProgressColumn(
    "Cosine", min_value=0.0, max_value=1.0, format="%.3f", width="small", help="Cosine similarity, at most 1"
)


PLACE = st.column_config.TextColumn(
    "Place", width=190, help="The row of the table whose text this passage is of, and which of its passages it is."
)
SELECTED = st.column_config.CheckboxColumn("Selected", width="small", help="Selected, on this page or another")

_INTERVAL = (
    "With other texts of the same kind the figure would lie in here 19 times out of 20. Shares and means by a formula "
    "for few rows, correlations and clusters by drawing the rows again a thousand times. A text that repeats counts "
    "once. Blank where there are too few rows to say."
)
_QUERY = (
    "Time in which one query is held against the vectors of these texts and the ten best are found, measured on this "
    "machine; without embedding the query."
)
_BYTES = "What a query reads of each text."
_number = st.column_config.NumberColumn
# Columns of figures and prices, wherever models or vectors are held against each other.
FIGURE_COLUMNS: dict[str, ColumnConfig] = {
    "low": _number("from", format="%.3f", help=_INTERVAL),
    "high": _number("to", format="%.3f", help=_INTERVAL),
    "neighbours kept": _number(
        "Neighbours kept",
        format="percent",
        help="Share of the ten nearest texts by the full vectors that are found by the smaller ones, too.",
    ),
    "bytes": _number("Bytes", format="localized", help=_BYTES),
    "bytes a vector": _number("Bytes a vector", format="localized", help=_BYTES),
    "bytes beside": _number(
        "Bytes beside",
        format="localized",
        help="Full vectors kept beside, and read of the few texts that are rescored.",
    ),
    "ms a query": _number("Milliseconds a query", format="%.2f", help=_QUERY),
}


def selected_marks(selection: Selection, rows: Sequence[int] | NDArray[np.int64]) -> dict[str, list[bool]]:
    """Return a column that tells which of some texts are selected, on whatever page; none while nothing is."""
    chosen = selected.of(selection.corpus).rows
    return {"selected": np.isin(np.asarray(rows), chosen).tolist()} if len(chosen) else {}


def put_before(frame: pd.DataFrame, own: Mapping[str, object]) -> pd.DataFrame:
    """Return columns of a page's own and behind them those of a file, renamed where they are called the same."""
    ours = pd.DataFrame(dict(own), index=frame.index)
    return pd.concat([ours, frame.rename(columns={name: f"{name} (file)" for name in own})], axis=1)


def rows_of(corpus: Corpus, rows: Sequence[int] | NDArray[np.int64], own: Mapping[str, object]) -> pd.DataFrame:
    """Return rows as a page lists them: its own columns, then those of the file.

    Of passages, where they stand and what they say goes before the columns of their document.
    """
    frame = corpus.frame.iloc[np.asarray(rows)]
    if corpus.documents is None:
        return put_before(frame, own)
    passage = {**places_of(corpus, rows), "passage": [corpus.texts[row] for row in rows]}
    return put_before(frame[list(corpus.documents.whole.columns)], {**own, **passage})


def places_of(corpus: Corpus, rows: Sequence[int] | NDArray[np.int64]) -> dict[str, list[str]]:
    """Return a column that tells where some passages stand; none where texts are whole."""
    return {"place": [corpus.place(row) for row in rows]} if corpus.places else {}


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
    corpus, rows = selection.corpus, [hit.index for hit in hits]
    # A narrow list has no room for a column of places.
    marks, places = selected_marks(selection, rows), {} if narrow else places_of(corpus, rows)
    texts = corpus.captions if narrow else corpus.texts
    front: dict[str, Sequence[object]] = {
        **marks,
        "score": [hit.score for hit in hits],
        **(extra or {}),
        **places,
        "found text": [texts[row] for row in rows],
    }
    shown = corpus if corpus.documents is None else corpus.documents
    others = [column for column in shown.whole.columns if column != shown.text_column]
    event = st.dataframe(
        put_before(corpus.frame[others].iloc[rows], front),
        hide_index=True,
        column_config={
            **dict.fromkeys(marks, SELECTED),
            "score": score,
            "found text": st.column_config.TextColumn(
                "Passage" if places else "Text", width=140 if narrow else "large"
            ),
            **dict.fromkeys(places, PLACE),
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
    shown = rows_of(selection.corpus, rows[:limit], {name: values[:limit] for name, values in extra.items()})
    st.dataframe(shown, height=280, alt="The selected texts", column_config={"place": PLACE})
    if len(rows) > limit:
        st.caption(f"The first {limit:,} of {len(rows):,} are shown; the download below holds all.")
