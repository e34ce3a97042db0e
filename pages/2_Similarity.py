"""Similarity: two typed sentences, matrices of texts, what a cosine means here, and the shape of the space."""

import streamlit as st

from embedlab.ui.choices import Selection, address
from embedlab.ui.frame import run_page
from embedlab.ui.views.similarity import figures, matrix, meaning, overview, space

MATRIX = "Matrix"


def show(selection: Selection) -> None:
    matrix.load_model(selection)
    matrix.compare_two(selection)
    view = address.switch("view", "View", [MATRIX, meaning.TITLE, space.TITLE], label_visibility="collapsed")
    if view == meaning.TITLE:
        meaning.show(selection)
    elif view == space.TITLE:
        space.show(selection)
    else:
        show_matrix(selection)


def show_matrix(selection: Selection) -> None:
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
