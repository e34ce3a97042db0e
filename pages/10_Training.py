"""Training: a model made better on one's own texts, and what was held out says whether it is."""

import streamlit as st

from embedlab.ui.choices import Selection
from embedlab.ui.frame import run_page
from embedlab.ui.views.compare import known


def show(selection: Selection) -> None:
    selection = known.of_documents(selection)
    gold, _ = known.choose(selection)
    if gold is None:
        return
    st.write(gold.kind)


run_page("Training", show)
