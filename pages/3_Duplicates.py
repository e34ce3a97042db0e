"""Duplicates: texts that say the same, at a threshold that is chosen by looking, and the table without them."""

import streamlit as st

from embedlab.ui.choices import Selection
from embedlab.ui.frame import run_page
from embedlab.ui.parts import first_look
from embedlab.ui.views import alike, duplicates


def show(selection: Selection) -> None:
    look = first_look.begin(selection, "Duplicates")
    if look is not None:
        duplicates.show_equal(look)
        first_look.give_way(lambda: duplicates.wait_for(selection))
    way, floor = alike.choose_way()
    found = duplicates.find(selection, floor)
    groups = alike.choose_groups(found, way, floor)
    duplicates.show_counts(groups)
    if not groups.n_groups:
        st.info(duplicates.NOTHING_FOUND, icon=":material/check:")
        return
    kept = duplicates.choose_kept(selection, groups)
    chosen = duplicates.show_groups(selection.corpus, groups, kept)
    duplicates.show_members(selection, groups, kept, chosen)
    duplicates.offer_downloads(selection, groups, kept)


run_page("Duplicates", show)
