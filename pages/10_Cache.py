"""Cache: the embeddings kept on this machine, and how to drop them."""

import streamlit as st

from embedlab.ui.choices import Selection
from embedlab.ui.frame import run_page
from embedlab.ui.sessions import sharing
from embedlab.ui.tasks import services
from embedlab.ui.views import cache


def show(selection: Selection) -> None:
    store = services.store()
    cache.show_size(store)
    if sharing.policy().is_shared:
        return
    entries = store.entries()
    if not entries:
        st.info(
            "Nothing is kept yet. Open a map or search your texts; their embeddings are then kept here, and the next "
            "look takes a moment only, even after a restart.",
            icon=":material/database:",
        )
        return
    chosen = cache.show_entries(entries)
    cache.offer_clearing(store, chosen)


run_page("Cache", show)
