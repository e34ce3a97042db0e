"""Similarity: two typed sentences, a matrix of texts, and the most and least similar pairs."""

import streamlit as st

from embedlab.plots import similarity_heatmap
from embedlab.ui import services, similarity
from embedlab.ui.frame import Selection, run_page
from embedlab.ui.theme import is_dark

MATRIX_ALT = "Heatmap of the cosine similarity of {} texts; the tables below list the most and least similar pairs"


def show(selection: Selection) -> None:
    services.encoder(selection)  # A model that cannot be had is said once, before anything is drawn.
    similarity.compare_two(selection)
    st.subheader("Matrix")
    rows = similarity.choose_rows(selection)
    if len(rows) < 2:
        st.info("Choose at least two texts to compare.", icon=":material/touch_app:")
        return
    rows, cosines = similarity.ordered(selection, rows)
    texts = [selection.corpus.texts[row] for row in rows]
    heatmap = similarity_heatmap(cosines, texts, dark=is_dark())
    st.plotly_chart(heatmap, key="matrix", alt=MATRIX_ALT.format(len(rows)))
    similarity.show_pairs(selection, rows)


run_page("Similarity", show)
