"""Renaming, merging and splitting clusters by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from embedlab.escape import escape_markdown
from embedlab.naming import Edit

if TYPE_CHECKING:
    from embedlab.ui.choices import Selection
    from embedlab.ui.tasks import Choice, Found

KINDS = ("Rename", "Merge", "Split")
HELP = "Changes are kept for this number of clusters and go out with every download, the settings and the program."


def of(selection: Selection, choice: Choice) -> tuple[Edit, ...]:
    """Return the changes that were made to these clusters."""
    return st.session_state.get(_key(selection, choice), ())


def offer(selection: Selection, found: Found) -> None:
    """Offer to change clusters, and to take the last change back."""
    with st.popover("Edit clusters", icon=":material/edit:", help=HELP):
        edit = _choose(found)
        with st.container(horizontal=True):
            st.button(
                "Apply",
                key="apply-edit",
                type="primary",
                disabled=edit is None,
                on_click=_apply,
                args=(selection, found.choice, (*found.edits, *([edit] if edit else ()))),
            )
            st.button(
                "Undo last",
                key="undo-edit",
                icon=":material/undo:",
                disabled=not found.edits,
                on_click=_apply,
                args=(selection, found.choice, found.edits[:-1]),
            )
        if found.edits:
            st.caption("So far: " + escape_markdown("; ".join(map(str, found.edits))))


def _choose(found: Found) -> Edit | None:
    """Let the person describe one change; None while it is not whole."""
    clusters = [label for label in found.names if label >= 0]
    kind = st.segmented_control("Change", KINDS, default=KINDS[0], required=True, key="edit-kind")
    if kind == "Merge":
        merged = st.multiselect("Clusters", clusters, format_func=found.names.__getitem__, key="edit-merged")
        return Edit("merge", tuple(merged)) if len(merged) > 1 else None
    label = st.selectbox("Cluster", clusters, format_func=found.names.__getitem__, key="edit-cluster")
    if label is None:
        return None
    if kind == "Split":
        parts = st.number_input("Into how many", 2, 20, 2, key="edit-parts")
        return Edit("split", (label,), n_clusters=int(parts))
    name = " ".join(st.text_input("New name", key="edit-name").split())
    return Edit("rename", (label,), name) if name else None


def keep(selection: Selection, choice: Choice, edits: tuple[Edit, ...]) -> None:
    """Remember the changes of these clusters."""
    st.session_state[_key(selection, choice)] = edits


def _apply(selection: Selection, choice: Choice, edits: tuple[Edit, ...]) -> None:
    keep(selection, choice, edits)
    st.session_state["edit-name"] = ""


def _key(selection: Selection, choice: Choice) -> str:
    return f"edits:{selection.corpus.digest}:{selection.model}:{selection.pooling_mode}:{choice}"
