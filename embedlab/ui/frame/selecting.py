"""The selection in the panel on the left: how many texts are selected, what they say, and the groups made of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import streamlit as st

from embedlab.ui.choices import groups, selected
from embedlab.ui.parts import PLACE, rows_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from embedlab.datasets import Corpus

SHOWN_ROWS = 1_000
HOW = "Nothing is selected. Draw around points on a map, or press *Select* beside a list of texts."
GROUP_HELP = "A group keeps its texts under a name. Groups go out with every download, as a column of their own."
NOTHING = np.zeros(0, dtype=np.int64)


def show(corpus: Corpus) -> None:
    """Show what is selected on any page, and what can be done with it."""
    selected.follow_link(corpus)
    rows = selected.of(corpus).rows
    if len(rows):
        st.markdown(f"**{len(rows):,}** of {len(corpus.texts):,} texts selected")
        with st.container(horizontal=True):
            if st.button("Read", key="read-selected", icon=":material/menu_book:"):
                _read(corpus, rows)
            st.button(
                "Clear", key="clear-selected", icon=":material/close:", on_click=selected.keep, args=(corpus, NOTHING)
            )
        with st.popover("Put into a group", icon=":material/label:", width="stretch"):
            name = st.text_input("Name of the group", key="group-name", help=GROUP_HELP).strip()
            st.button(
                "Put", key="put-into-group", type="primary", disabled=not name, on_click=_put, args=(corpus, name, rows)
            )
    else:
        st.caption(HOW)
    _show_groups(corpus)


def offer(corpus: Corpus, rows: NDArray[np.int64], *, key: str, label: str = "Select these") -> None:
    """Offer to select some texts, to find them again on maps and in tables of every page."""
    st.button(
        label,
        key=key,
        icon=":material/select_all:",
        on_click=selected.keep,
        args=(corpus, rows),
        disabled=not len(rows),
        help="Marks these texts on every page: on maps, in tables, in the matrix.",
    )


def _show_groups(corpus: Corpus) -> None:
    yours = groups.of(corpus)
    if not yours:
        return
    name = st.selectbox(
        "Your groups", list(yours), format_func=lambda name: f"{name} · {len(yours[name]):,}", key="group"
    )
    with st.container(horizontal=True):
        offer(corpus, yours[name], key="select-group", label="Select")
        st.button(
            "Drop",
            key="drop-group",
            icon=":material/delete:",
            on_click=groups.drop,
            args=(corpus, name),
            help="The texts stay.",
        )


def _put(corpus: Corpus, name: str, rows: NDArray[np.int64]) -> None:
    groups.put(corpus, name, rows)
    st.session_state["group-name"] = ""


@st.dialog("Selected texts", width="large")
def _read(corpus: Corpus, rows: NDArray[np.int64]) -> None:
    shown = rows_of(corpus, rows[:SHOWN_ROWS], {})
    st.dataframe(shown, alt="The selected texts", height=460, column_config={"place": PLACE})
    if len(rows) > SHOWN_ROWS:
        st.caption(f"The first {SHOWN_ROWS:,} of {len(rows):,}. Put them into a group to have them all in a download.")
