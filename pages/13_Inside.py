"""Inside: one sentence on its way through the model, step by step, and one word in two sentences."""

import streamlit as st

from embedlab.ui.choices import Selection
from embedlab.ui.frame import run_page
from embedlab.ui.parts import show_ids, show_tokens
from embedlab.ui.views import inside


def show(selection: Selection) -> None:
    inspector = inside.open_model(selection)
    if inspector is None:
        return
    inspection = inside.choose_sentence(inspector)
    if inspection is None:
        st.info("Type a sentence, and follow it through the model step by step.", icon=":material/keyboard:")
        return
    st.subheader("1 · Tokens")
    show_tokens(inspection)
    st.subheader("2 · Ids")
    show_ids(inspection)
    st.subheader("3 · Look-up")
    inside.show_look_up(inspection)
    st.subheader("4 · Layers with self-attention")
    inside.show_layers(inspection)
    inside.show_attention(inspection)
    st.subheader("5 · Pooling")
    inside.show_pooling(inspection, selection.pooling_mode)
    st.subheader("6 · Normalisation")
    inside.show_normalisation(inspection, selection.pooling_mode)
    st.subheader("One word in two sentences")
    inside.compare_word(inspector)


run_page("Inside", show)
