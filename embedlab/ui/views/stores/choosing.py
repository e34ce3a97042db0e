"""Which store, what is in it, and which collection; a store that a link names is opened when the person says so."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import TYPE_CHECKING

import pandas as pd
import streamlit as st

from embedlab.errors import InvalidInputError
from embedlab.escape import escape_markdown
from embedlab.ui.choices import address
from embedlab.ui.stores import reaching, tasks

if TYPE_CHECKING:
    from embedlab.stores import CollectionInfo
    from embedlab.stores.exchange import Place

OWN = "The lab's own store"
STORE_HELP = (
    "The lab's own is a LanceDB folder on this machine. Type the address of another: `lancedb:///folder`, "
    "`faiss:///folder`, `chroma:///folder`, `chroma+http://host:port`, `postgresql://user@host/database`, "
    "`qdrant+http://…`, `milvus+http://…`, `pinecone://index`, `weaviate+http://…`. Passwords and keys come from the "
    "environment of the lab, never from an address."
)
NOBODY = (
    "This server is shared and knows nobody by name, so what is written into a folder of it could be read by "
    "everybody. Its owner can list stores for all in EMBEDLAB_STORES, or let people sign in; each then has one of her "
    "own."
)
NOTHING = "Nothing is in this store yet. **Write** puts your texts into it, with the vectors of the chosen model."
_LOOK, _KNOWN, _CHOSEN = "store-look", "known-stores", "chosen-store"


def choose_store() -> Place | None:
    """Draw the choice of a store; None while there is none that may be opened.

    Raises
    ------
    InvalidInputError
        When the address that was typed, or came with a link, is none, or may not be named here.
    """
    offered = reaching.offered()
    if not offered and reaching.is_shared():
        st.info(NOBODY, icon=":material/group:")
        return None
    linked = _linked()
    known: list[str] = st.session_state.setdefault(_KNOWN, [])
    options = list(dict.fromkeys([*offered, *known, *([linked] if linked else [])]))
    kept = linked or st.session_state.get(_CHOSEN, options[0])
    if linked:
        st.session_state["store-address"] = linked
    with st.container(horizontal=True, vertical_alignment="bottom"):
        chosen = st.selectbox(
            "Store",
            options,
            None if linked else options.index(kept) if kept in options else 0,
            key="store-address",
            format_func=_title,
            accept_new_options=not reaching.is_shared(),
            help=STORE_HELP,
        )
        st.button("Look again", icon=":material/refresh:", on_click=look_anew, help="What is in the store may change.")
    place = reaching.find(chosen or options[0])
    named = str(place.address)
    address.write("store", "" if named == offered[0] else named)
    st.session_state[_CHOSEN] = named
    if named == st.session_state.get("linked-store") and named not in (*offered, *known):
        _ask(place)
        return None
    st.session_state[_KNOWN] = list(dict.fromkeys([*known, named]))
    return place


def _linked() -> str | None:
    """Return the address that a link has brought; one that may not be named leaves the address of the page."""
    linked = address.from_link("store")
    if linked is None:
        return None
    try:
        named = str(reaching.find(linked).address)
    except InvalidInputError:
        address.write("store", "")
        raise
    st.session_state["linked-store"] = named
    return named


def _ask(place: Place) -> None:
    """Let the person say that a store which a link has named is to be opened: it would be told the keys kept here."""
    where = f"It is on {place.host}, which would be told the keys kept for it here." if place.host else "It is here."
    st.info(f"The link leads to a store: {escape_markdown(str(place.address))}. {where}", icon=":material/link:")
    st.button("Open this store", type="primary", icon=":material/storage:", on_click=_know, args=(str(place.address),))


def _know(named: str) -> None:
    st.session_state[_KNOWN] = [*st.session_state[_KNOWN], named]


def _title(text: str) -> str:
    return OWN if text == reaching.own() else text


def look() -> str:
    """Return the name of this session's look at the stores; what was found by an earlier one is not shown."""
    return str(st.session_state.setdefault(_LOOK, uuid.uuid4().hex))


def look_anew() -> None:
    """Ask the stores again from the next run on."""
    st.session_state[_LOOK] = uuid.uuid4().hex


def show_collections(place: Place) -> list[CollectionInfo]:
    """List what is in a store."""
    infos = tasks.collections(place, look())
    if not infos:
        st.info(NOTHING, icon=":material/storage:")
        return []
    st.dataframe(
        pd.DataFrame(
            {
                "Collection": [info.name for info in infos],
                "Rows": [info.count for info in infos],
                "Dimensions": [info.dimension for info in infos],
                "Model": [info.model or "not said" for info in infos],
                "Written by": ["EmbedLab" if info.is_ours else "others" for info in infos],
                "Searched by": [info.index for info in infos],
            }
        ),
        hide_index=True,
        height="content" if len(infos) <= 8 else 320,
        column_config={
            "Rows": st.column_config.NumberColumn(format="localized"),
            "Written by": st.column_config.TextColumn(
                help="What others have written is read, and never written to or built anew."
            ),
        },
        alt="The collections of the store, with their size, model and index",
    )
    return infos


def choose_collection(infos: Sequence[CollectionInfo]) -> CollectionInfo | None:
    """Draw the choice of a collection; None where there is none."""
    if not infos:
        return None
    by_name = {info.name: info for info in infos}
    return by_name[address.pick("collection", "Collection", list(by_name), next(iter(by_name)))]
