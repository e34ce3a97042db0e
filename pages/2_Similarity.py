"""Similarity: two typed sentences, a matrix of some texts or of all, and the pairs and groups that stand out."""

import streamlit as st

from embedlab.ui.choices import Selection
from embedlab.ui.frame import run_page
from embedlab.ui.views.similarity import figures, matrix, overview


def show(selection: Selection) -> None:
    matrix.load_model(selection)
    matrix.compare_two(selection)
    st.subheader("Matrix")
    way = matrix.choose_way()
    if way == matrix.ALL_TEXTS and len(selection.corpus.texts) > 1:
        grouped = overview.show(selection)
        figures.show_histogram(selection)
        figures.show_groups(selection, grouped)
        return
    rows = matrix.choose_rows(selection, way)
    if len(rows) < 2:
        st.info("Choose or select at least two texts to compare.", icon=":material/touch_app:")
        return
    rows = matrix.show(selection, rows)
    matrix.show_pairs(selection, rows)


run_page("Similarity", show)
