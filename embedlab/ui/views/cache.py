"""What the Cache page is made of: how much is kept, of what, and how to drop it."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from embedlab.escape import escape_markdown
from embedlab.store import StoredEmbeddings
from embedlab.ui.sessions import sharing
from embedlab.ui.tasks import services

SIZE_HELP = "Where it grows beyond this, the texts not used for longest are dropped first."
KEPT_BY_OWNER = (
    "Others use this server too, so what is kept is listed and dropped only by its owner, with `embedlab cache`. "
    "It holds numbers, no texts."
)
NOTHING_KEPT = (
    "Nothing is kept yet. Open a map or search your texts; their embeddings are then kept here, and the next "
    "look takes a moment only, even after a restart."
)
DROP_HELP = "Nothing else is lost: embeddings are computed again when they are needed."


def show_size() -> None:
    """Say how much is kept, and where."""
    store = services.store()
    used = store.nbytes
    st.progress(
        min(1.0, used / store.max_bytes), text=f"{used / 2**20:,.1f} MiB of {store.max_bytes / 2**20:,.0f} MiB used"
    )
    if sharing.policy().is_shared:
        st.caption(KEPT_BY_OWNER)
    else:
        st.caption(f"Kept in the file {escape_markdown(str(store.path))}.", help=SIZE_HELP)


def entries() -> list[StoredEmbeddings]:
    """Return what is kept, as far as whoever looks may see it; say so where nothing is."""
    if sharing.policy().is_shared:
        return []
    found = services.store().entries()
    if not found:
        st.info(NOTHING_KEPT, icon=":material/database:")
    return found


def show_entries(entries: Sequence[StoredEmbeddings]) -> list[StoredEmbeddings]:
    """List what is kept and return the rows the person has selected."""
    specs = [entry.spec for entry in entries]
    event = st.dataframe(
        pd.DataFrame(
            {
                "Model": [spec.model for spec in specs],
                "Pooling": [spec.pooling_mode for spec in specs],
                "Layer": [spec.layer for spec in specs],
                "Prompt": [spec.prompt_name or "none" for spec in specs],
                "Computed by": [f"{services.BACKENDS[spec.backend]}, {spec.precision}" for spec in specs],
                "Texts": [entry.n_texts for entry in entries],
                "MiB": [entry.nbytes / 2**20 for entry in entries],
                "Last used": [entry.last_used for entry in entries],
            }
        ),
        key="kept",
        hide_index=True,
        on_select="rerun",
        selection_mode="multi-row",
        column_config={
            "Texts": st.column_config.NumberColumn(format="localized"),
            "MiB": st.column_config.NumberColumn(format="%.1f"),
        },
        alt="The embeddings that are kept, by model and way of pooling",
    )
    return [entries[row] for row in event["selection"]["rows"] if row < len(entries)]


def offer_clearing(chosen: Sequence[StoredEmbeddings]) -> None:
    """Offer to drop the selected rows or, where none is selected, everything; ask before it is done."""
    what = f"the {len(chosen)} selected" if chosen else "everything"
    with st.popover(f"Drop {what} …", icon=":material/delete:"):
        st.markdown(f"Drop {what}? {DROP_HELP}")
        st.button(f"Drop {what}", type="primary", on_click=_drop, args=(list(chosen),))


def _drop(chosen: Sequence[StoredEmbeddings]) -> None:
    store = services.store()
    dropped = sum(store.clear(entry.spec) for entry in chosen) if chosen else store.clear()
    st.toast(f"{dropped:,} embeddings dropped.", icon=":material/delete:")
