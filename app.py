"""Home: what the lab is, what is chosen, a card a page, and the texts at a glance."""

import streamlit as st

from embedlab.ui.choices import Selection
from embedlab.ui.frame import run_page
from embedlab.ui.views import home

INTRODUCTION = (
    "An embedding model turns each text into a list of numbers, so that texts that mean the same lie close together. "
    "EmbedLab shows what a model makes of **your** texts: a similarity matrix, named clusters on a map, search by "
    "meaning, and models held against each other. Everything stays on this machine."
)


def show(selection: Selection) -> None:
    st.title("See what sentence embeddings do to your texts")
    st.markdown(INTRODUCTION)
    device = home.show_status(selection)
    home.show_cards()
    home.show_glance(selection)
    home.show_device(selection, device)


run_page("Home", show)
