"""Stores: the texts with their vectors put into a vector store, judged there, asked, and what is in one taken out."""

import streamlit as st

from embedlab.ui.choices import Selection
from embedlab.ui.frame import run_page


def show(selection: Selection) -> None:
    st.info(f"{len(selection.corpus.texts):,} texts can be written into a store.", icon=":material/storage:")


run_page("Stores", show)
