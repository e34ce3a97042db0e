"""Retrieve: what a language model would be given to answer a question from."""

import streamlit as st

from embedlab.ui.choices import Selection
from embedlab.ui.frame import run_page


def show(selection: Selection) -> None:
    st.info(f"Passages are retrieved from {len(selection.corpus.texts):,} texts.", icon=":material/manage_search:")


run_page("Retrieve", show)
