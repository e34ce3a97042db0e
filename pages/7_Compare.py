"""Compare: models, poolings and layers on one's own texts, with intervals and costs, to leave with a choice."""

import streamlit as st

from embedlab.comparison import Comparison, Load
from embedlab.ui.candidates import choosing
from embedlab.ui.choices import Selection, address
from embedlab.ui.frame import run_page
from embedlab.ui.parts import is_started
from embedlab.ui.views.compare import checks, failing, known, probes, scores, sides, taking

VIEWS = ["Scores", "Where it fails", "Cost", "Probes", "Agreement", "Side by side", "Take away"]
AS_TRAINED = "Each model as it was trained is compared too, since that is what another pooling is held against."


def show(selection: Selection) -> None:
    selection = known.of_documents(selection)
    gold, columns = known.choose(selection)
    if gold is None:
        return
    chosen = choosing.choose(selection, "What to compare", AS_TRAINED)
    if not chosen:
        st.info("Add a model, a pooling or a layer to compare.", icon=":material/add:")
        return
    checks.show(selection, gold, columns)
    if not is_started("Compare", "Compare", ":material/compare_arrows:"):
        return
    reference = known.choose_reference(chosen) if gold.kind == "texts" else None
    comparison, load = scores.compute(gold, chosen, reference)
    checks.show_of_models(gold, chosen, load)
    checks.offer_passages(comparison, chosen)
    show_view(address.switch("view", "View", VIEWS, label_visibility="collapsed"), selection, comparison, load)


def show_view(view: str, selection: Selection, comparison: Comparison, load: Load) -> None:
    if view == "Agreement":
        sides.show_agreement(comparison, load)
    elif view == "Side by side":
        sides.show_sides(comparison, load)
    elif view == "Probes":
        probes.show(selection, comparison)
    elif name := scores.choose_measure(comparison):
        if view == "Scores":
            scores.show_scores(comparison, name)
        elif view == "Where it fails":
            failing.show(comparison, name, selection.dataset.table.frame, load)
        elif view == "Cost":
            scores.show_cost(comparison, name)
        else:
            taking.offer_take_away(comparison, name, load, probes.known(selection, comparison))


run_page("Compare", show)
