"""Similarity: two typed sentences, a matrix of some texts or of all, and the pairs and groups that stand out."""

import streamlit as st

from embedlab.plots import similarity_heatmap
from embedlab.ui.choices import Selection
from embedlab.ui.frame import run_page
from embedlab.ui.parts import is_dark
from embedlab.ui.tasks import services
from embedlab.ui.views.similarity import compared, figures, matrix, overview

MATRIX_ALT = "Heatmap of the cosine similarity of {} texts; the tables below list the most and least similar pairs"


def show(selection: Selection) -> None:
    services.encoder(selection)  # A model that cannot be had is said once, before anything is drawn.
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
    rows, cosines = matrix.ordered(selection, rows)
    heatmap = similarity_heatmap(cosines, matrix.labels(selection, rows), clickable=True, dark=is_dark())
    compared.show_matrix(selection, heatmap, rows, rows, MATRIX_ALT.format(len(rows)))
    matrix.show_pairs(selection, rows)


run_page("Similarity", show)
