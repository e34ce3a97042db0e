"""What the Similarity page is made of: two sentences, the choice of texts, their order, their pairs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal

import numpy as np
import pandas as pd
import streamlit as st

from embedlab.checks import say_not_told_apart
from embedlab.hosted import is_hosted
from embedlab.plots import similarity_heatmap
from embedlab.similarity import Pair, cosine_similarity, extreme_pairs, hierarchical_order
from embedlab.texts import is_blank
from embedlab.ui.choices import address, selected
from embedlab.ui.parts import COSINE, is_dark, plain_errors, warn_of_unread
from embedlab.ui.tasks import reading, services
from embedlab.ui.views.similarity.compared import say_what_differs, show_matrix

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from embedlab.ui.choices import Selection

ALT = "Heatmap of the cosine similarity of {} texts; the tables below list the most and least similar pairs"
MAX_MATRIX = 300
# A list of more texts than this is slow to open in the browser.
MAX_OFFERED = 5000
ALL_TEXTS = "All texts"
SELECTED_TEXTS = "The selection"
WAYS = ["A sample", "Chosen texts", SELECTED_TEXTS, ALL_TEXTS]
TITLES = ("The most similar pairs of these texts", "The least similar pairs of these texts")
UNREAD = "Not read"
UNREAD_HELP = "What the model does not read of the two texts, which differ in it. The cosine says nothing of that."
COSINE_HELP = "1: the same direction, 0: unrelated, below 0: opposed. What counts as high differs from model to model."
ORDER_HELP = (
    "Orders rows and columns by hierarchical clustering, so that groups appear as blocks along the diagonal. "
    "Off: the order of the table."
)


def load_model(selection: Selection) -> None:
    """Load the model, so that one which cannot be had is said once, and what it does not read, before all else."""
    services.encoder(selection)
    warn_of_unread(selection)
    if is_hosted(selection.model):
        services.embedded(selection)  # All of the page needs it: the person is asked once, before anything else.


@st.fragment
def compare_two(selection: Selection) -> None:
    """Score two typed sentences."""
    st.subheader("Two sentences")
    left, right, result = st.columns([2, 2, 1], vertical_alignment="bottom")
    # What is sent to a server is sent when it is whole, not letter by letter.
    live: Literal["300ms"] | bool = not is_hosted(selection.model) and "300ms"
    first = left.text_input(
        "First sentence", "The parcel has not arrived yet.", key="first", bind="query-params", live=live
    )
    second = right.text_input(
        "Second sentence", "I am waiting for my delivery.", key="second", bind="query-params", live=live
    )
    if is_blank(first) or is_blank(second):
        result.info("Type two sentences.")
        return
    with plain_errors():
        vectors = services.embed_typed(selection, [first, second])
        result.metric("Cosine similarity", f"{float(vectors[0] @ vectors[1]):.3f}", help=COSINE_HELP)
        say_what_differs(*services.encoder(selection).unread([first, second]).parts)


def choose_way() -> str:
    """Let the person take a sample of the texts, choose some, or take all."""
    return address.switch("matrix_texts", "Texts in the matrix", WAYS)


def choose_rows(selection: Selection, way: str) -> NDArray[np.int64]:
    """Let the person say how large the sample is, or which texts are chosen; return their positions."""
    texts = selection.corpus.captions
    among = np.arange(len(texts)) if selection.rows is None else selection.rows
    if way == "Chosen texts":
        chosen = st.multiselect(
            "Chosen texts",
            among[:MAX_OFFERED].tolist(),
            format_func=lambda row: f"{row + 1}: {texts[row][:120]}",
            max_selections=MAX_MATRIX,
            key=f"rows:{selection.dataset.id}",
            persist_state="session",
            placeholder="Type to find a text",
            help=f"The first {MAX_OFFERED:,} texts can be chosen here." if len(among) > MAX_OFFERED else None,
        )
        return np.array(chosen, dtype=np.int64)
    if way == SELECTED_TEXTS:
        return selected.of(selection.corpus).rows[:MAX_MATRIX]
    most = min(MAX_MATRIX, len(among))
    if most < 3:
        return among
    size = st.slider(
        "Sample size",
        2,
        most,
        min(60, most),
        key="sample_size",
        bind="query-params",
        help="Spread evenly over the table.",
    )
    return among[np.unique(np.linspace(0, len(among) - 1, size).round().astype(np.int64))]


def show(selection: Selection, rows: NDArray[np.int64]) -> NDArray[np.int64]:
    """Draw the matrix of some texts, and return them in the order in which they are drawn."""
    cosines = cosine_similarity(services.embeddings(selection)[rows])
    if st.toggle("Put similar texts side by side", value=True, key="ordered", bind="query-params", help=ORDER_HELP):
        order = hierarchical_order(cosines)
        rows, cosines = rows[order], cosines[np.ix_(order, order)]
    heatmap = similarity_heatmap(cosines, _labels(selection, rows), clickable=True, dark=is_dark())
    show_matrix(selection, heatmap, rows, rows, ALT.format(len(rows)))
    return rows


def _labels(selection: Selection, rows: NDArray[np.int64]) -> list[str]:
    """Return the texts as the matrix names them: a dot stands before those that are selected."""
    chosen = set(selected.of(selection.corpus).rows.tolist())
    return [f"{'● ' if row in chosen else ''}{selection.corpus.captions[row]}" for row in rows.tolist()]


def show_pairs(selection: Selection, rows: NDArray[np.int64]) -> None:
    """List the most and the least similar pairs among some texts."""
    texts = [selection.corpus.captions[row] for row in rows.tolist()]
    missed = reading.unread_at(selection, rows).parts
    most, least = extreme_pairs(services.embeddings(selection)[rows])
    for tab, title, pairs in zip(st.tabs(["Most similar", "Least similar"]), TITLES, (most, least), strict=True):
        tab.dataframe(
            _pair_frame(pairs, texts, missed),
            hide_index=True,
            column_config={"cosine": COSINE, UNREAD: st.column_config.TextColumn(help=UNREAD_HELP)},
            alt=title,
        )


def _pair_frame(pairs: Sequence[Pair], texts: Sequence[str], missed: Sequence[str]) -> pd.DataFrame:
    """Return pairs as a table, with a column for what is not read where that makes a difference to one of them."""
    not_told_apart = [say_not_told_apart(missed[pair.i], missed[pair.j]) for pair in pairs]
    return pd.DataFrame(
        {"cosine": [pair.similarity for pair in pairs]}
        | ({UNREAD: not_told_apart} if any(not_told_apart) else {})
        | {
            "First text": [texts[pair.i] for pair in pairs],
            "Second text": [texts[pair.j] for pair in pairs],
        }
    )
