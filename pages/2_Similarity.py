"""Similarity: a matrix of texts, the most and least similar pairs, and two typed sentences."""

import numpy as np
import streamlit as st

from embedlab.plots import similarity_heatmap
from embedlab.similarity import cosine_similarity, hierarchical_order
from embedlab.ui import services
from embedlab.ui.frame import Selection, run_page
from embedlab.ui.tables import show_pairs

MAX_MATRIX = 300


def show(selection: Selection) -> None:
    compare_two(selection)
    st.subheader("Matrix")
    rows = choose_rows(selection)
    if len(rows) < 2:
        st.info("Choose at least two texts to compare.", icon=":material/touch_app:")
        return
    similarity = cosine_similarity(services.embeddings(selection)[rows])
    if st.toggle("Put similar texts side by side", value=True, key="ordered", bind="query-params", help="Orders rows and columns by hierarchical clustering, so that groups appear as blocks along the diagonal. Off: the order of the table."):
        order = hierarchical_order(similarity)
        rows, similarity = rows[order], similarity[np.ix_(order, order)]
    texts = [selection.corpus.texts[row] for row in rows]
    st.plotly_chart(similarity_heatmap(similarity, texts), key="matrix", alt=f"Heatmap of the cosine similarity of {len(rows)} texts; the tables below list the most and least similar pairs")
    show_pairs(selection, rows)


def choose_rows(selection: Selection) -> np.ndarray:
    texts = selection.corpus.texts
    way = st.segmented_control("Texts in the matrix", ["A sample", "Chosen texts"], default="A sample", required=True, key="matrix_texts", bind="query-params")
    if way == "Chosen texts":
        chosen = st.multiselect("Chosen texts", range(len(texts)), format_func=lambda row: f"{row + 1}: {texts[row][:120]}", max_selections=MAX_MATRIX, key=f"rows:{selection.dataset.id}", persist_state="session", placeholder="Type to find a text")
        return np.array(chosen, dtype=np.int64)
    most = min(MAX_MATRIX, len(texts))
    if most < 3:
        return np.arange(most)
    size = st.slider("Sample size", 2, most, min(60, most), key="sample_size", bind="query-params", help="Spread evenly over the table.")
    return np.unique(np.linspace(0, len(texts) - 1, size).round().astype(np.int64))


@st.fragment
def compare_two(selection: Selection) -> None:
    st.subheader("Two sentences")
    left, right, result = st.columns([2, 2, 1], vertical_alignment="bottom")
    first = left.text_input("First sentence", "The parcel has not arrived yet.", key="first", bind="query-params")
    second = right.text_input("Second sentence", "I am still waiting for my delivery.", key="second", bind="query-params")
    if not first.strip() or not second.strip():
        result.info("Type two sentences.")
        return
    encoder = services.encoder(selection.model)
    vectors = encoder.encode([first, second], pooling_mode=selection.pooling_mode)
    result.metric("Cosine similarity", f"{float(vectors[0] @ vectors[1]):.3f}", help="1: the same direction, 0: unrelated, below 0: opposed. What counts as high differs from model to model.")


run_page("Similarity", show)
