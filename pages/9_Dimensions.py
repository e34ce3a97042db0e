"""Dimensions: how small the vectors of a model may be made, on one's own texts, and the smaller ones to take away."""

import streamlit as st

from embedlab.dimensions import quality_curve
from embedlab.ui.choices import Selection
from embedlab.ui.frame import run_page
from embedlab.ui.parts import is_started
from embedlab.ui.views.compare import known, scores
from embedlab.ui.views.dimensions import choosing, showing, taking


def show(selection: Selection) -> None:
    selection = known.of_documents(selection)
    gold, _ = known.choose(selection)
    if gold is None:
        return
    chosen = choosing.choose(selection, gold)
    if chosen is None or not is_started("Dimensions", "Measure", ":material/compress:"):
        return
    comparison, load = showing.compute(gold, chosen)
    if name := scores.choose_measure(comparison):
        curve = quality_curve(comparison, chosen[0], name)
        showing.show(curve)
        st.subheader("Take it away", anchor=False)
        taking.offer_take_away(curve, selection, load)


run_page("Dimensions", show)
