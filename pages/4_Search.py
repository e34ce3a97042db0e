"""Search: find texts by meaning, and see where on the map they lie."""

import streamlit as st

from embedlab.escape import escape_markdown
from embedlab.ui import point_map, services
from embedlab.ui.frame import Selection, run_page
from embedlab.ui.tables import show_hits


def show(selection: Selection) -> None:
    n_texts = len(selection.corpus.texts)
    asked, number = st.columns([4, 1], vertical_alignment="bottom")
    query = asked.text_input(
        "What are you looking for?",
        key="query",
        bind="query-params",
        type="search",
        placeholder="Say it in your own words, for example: my parcel is late",
    )
    top_k = number.number_input(
        "Results",
        1,
        min(100, n_texts),
        min(10, n_texts),
        key="top_k",
        bind="query-params",
        help="How many texts to show, best first.",
    )
    encoder = services.encoder(selection)
    if encoder.query_prompt_name:
        st.caption(f"{escape_markdown(selection.model)} wants a prompt before queries and texts; it is set by itself.")
    if not query:
        st.info(
            "Type a question or a few words. Texts are found by what they mean, even if they share no word with it.",
            icon=":material/search:",
        )
        return
    index = services.search_index(selection)
    hits = index.search(encoder.encode_query(query, pooling_mode=selection.pooling_mode), top_k=int(top_k))
    show_hits(selection, hits)
    st.subheader("Where they lie")
    point_map.show_highlights(selection, point_map.compute(selection), [hit.index for hit in hits])


run_page("Search", show)
