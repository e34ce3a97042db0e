"""Similarity: two typed sentences, a matrix of some texts or of all, and the pairs and groups that stand out."""

import streamlit as st

from embedlab.plots import similarity_heatmap
from embedlab.ui import compared, overview, overview_figures, services, similarity
from embedlab.ui.frame import Selection, run_page
from embedlab.ui.theme import is_dark

MATRIX_ALT = "Heatmap of the cosine similarity of {} texts; the tables below list the most and least similar pairs"


def show(selection: Selection) -> None:
    services.encoder(selection)  # A model that cannot be had is said once, before anything is drawn.
    similarity.compare_two(selection)
    st.subheader("Matrix")
    way = similarity.choose_way()
    if way == similarity.ALL_TEXTS and len(selection.corpus.texts) > 1:
        grouped = overview.show(selection)
        overview_figures.show_histogram(selection)
        overview_figures.show_groups(selection, grouped)
        return
    rows = similarity.choose_rows(selection, way)
    if len(rows) < 2:
        st.info("Choose or select at least two texts to compare.", icon=":material/touch_app:")
        return
    rows, cosines = similarity.ordered(selection, rows)
    heatmap = similarity_heatmap(cosines, similarity.labels(selection, rows), clickable=True, dark=is_dark())
    compared.show_matrix(selection, heatmap, rows, rows, MATRIX_ALT.format(len(rows)))
    similarity.show_pairs(selection, rows)


run_page("Similarity", show)
