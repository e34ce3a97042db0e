"""Search: find texts by meaning, by words or by both, and see where on the map they lie."""

import numpy as np
import streamlit as st

from embedlab.ui.choices import Selection
from embedlab.ui.frame import run_page, selecting
from embedlab.ui.views.search import asking


def show(selection: Selection) -> None:
    query, wanted = asking.type_query(selection)
    asked = asking.ask(selection, query)
    if asked is None:
        st.info(
            "Type a question or a few words. Texts are found by what they mean, even if they share no word with it.",
            icon=":material/search:",
        )
    else:
        found = asking.show_found(selection, asked, wanted, selection.rows)
        selecting.offer(
            selection.corpus, np.array(found, dtype=np.int64), key="select-hits", label="Select these texts"
        )
        st.subheader("Where they lie")
        asking.show_map(selection, asked, found)
    asking.offer_many(selection, wanted, selection.rows)


run_page("Search", show)
