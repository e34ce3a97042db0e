"""Search: find texts by meaning, by words or by both, and see where on the map they lie."""

from dataclasses import replace

import numpy as np
import streamlit as st

from embedlab.ui.choices import Selection
from embedlab.ui.frame import run_page, selecting
from embedlab.ui.parts import first_look
from embedlab.ui.views.search import asking


def show(selection: Selection) -> None:
    query, wanted = asking.type_query(selection)
    badge = st.container()
    look = asking.look_first(selection, query)
    shown = look or selection
    # The lowest score is one of the model's cosines; those of word vectors, which stand in for it, lie elsewhere.
    now = wanted if look is None else replace(wanted, lowest=0.0)
    if look is not None:
        with badge:
            first_look.mark()
    asked = asking.ask(shown, query)
    if asked is None:
        st.info(
            "Type a question or a few words. Texts are found by what they mean, even if they share no word with it.",
            icon=":material/search:",
        )
    else:
        found = asking.show_found(shown, asked, now, shown.rows)
        selecting.offer(shown.corpus, np.array(found, dtype=np.int64), key="select-hits", label="Select these texts")
        st.subheader("Where they lie")
        asking.show_map(shown, asked, found, is_first=look is not None)
    if look is not None:
        first_look.give_way(lambda: asking.wait_for(selection))
    asking.offer_many(selection, wanted, selection.rows)


run_page("Search", show)
