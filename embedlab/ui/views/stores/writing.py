"""The chosen texts with the vectors of the chosen model, written into a collection; a second time only what changed."""

from __future__ import annotations

import re
import uuid
from collections.abc import Hashable, Sequence
from typing import TYPE_CHECKING

import streamlit as st

from embedlab.errors import Cancelled
from embedlab.escape import escape_markdown
from embedlab.stores.exchange import Outgoing, id_columns, make_rows
from embedlab.ui.choices import address
from embedlab.ui.stores import tasks
from embedlab.ui.tasks import services, waiting
from embedlab.ui.views.stores import choosing

if TYPE_CHECKING:
    from embedlab.stores import CollectionInfo, Written
    from embedlab.stores.exchange import Place
    from embedlab.ui.choices import Selection

NAME_HELP = "Small letters, digits and underscores. One that is there already is added to."
ID_HELP = (
    "What names a row in the store, so that a second write finds it again. Without a column a row is named by its "
    "text: a text that changes is then another row, and the old one stays."
)
STOPPED = "Stopped. What was written stays; **Write** goes on from there."
_ASKED = "asked-to-write"


def show(selection: Selection, place: Place, infos: Sequence[CollectionInfo]) -> None:
    """Let the person say where to, write, and say what was done."""
    corpus = selection.corpus
    left, right = st.columns(2, vertical_alignment="bottom")
    with left:
        name = _type_name(selection)
    with right:
        columns = [address.NONE, *id_columns(corpus)]
        id_column = address.pick(
            "ids",
            "Rows are named by",
            columns,
            address.NONE,
            scope=selection.dataset.id,
            format_func=_id_title,
            help=ID_HELP,
        )
    n_rows = len(corpus.texts) if selection.rows is None else len(selection.rows)
    wanted = (
        str(place.address), name, corpus.digest, selection.model, selection.pooling_mode, id_column,
        None if selection.rows is None else selection.rows.tobytes(),
    )  # fmt: skip
    _say(selection, place, next((info for info in infos if info.name == name), None), n_rows)
    key, nonce = st.session_state.get(_ASKED, (None, ""))
    st.button(
        f"Write {n_rows:,} texts", type="primary", icon=":material/upload:", on_click=_ask, args=(wanted,),
        disabled=not n_rows,
    )  # fmt: skip
    if key == wanted:
        _write(selection, place, name, None if id_column == address.NONE else id_column, nonce)


def _type_name(selection: Selection) -> str:
    usual = re.sub(
        "[^a-z0-9]+", "_", selection.dataset.title.lower().rpartition(".")[0] or selection.dataset.title.lower()
    )
    st.session_state.setdefault("collection-name", st.query_params.get("into") or f"{usual.strip('_')[:50]}" or "texts")
    name = st.text_input("Into the collection", key="collection-name", help=NAME_HELP)
    return name.strip()


def _id_title(name: str) -> str:
    return "Their text" if name == address.NONE else name


def _say(selection: Selection, place: Place, there: CollectionInfo | None, n_rows: int) -> None:
    """Say what would be written, and where it would go."""
    said = [
        f"**{n_rows:,} texts** with the vectors of **{escape_markdown(selection.model)}**, and the other columns of "
        "their table as metadata."
    ]
    if there is not None:
        said.append(
            f"{escape_markdown(there.name)} has {there.count:,} rows: those that are the same are left alone, those "
            "that have changed are replaced, and others stay."
        )
    st.markdown(" ".join(said))
    if place.host:
        st.caption(
            f":material/outbound: The store is on {escape_markdown(place.host)}: the texts leave this machine when you "
            "press the button."
        )


def _ask(wanted: Hashable) -> None:
    st.session_state[_ASKED] = wanted, uuid.uuid4().hex
    choosing.look_anew()
    waiting.start_again()


def _write(selection: Selection, place: Place, name: str, id_column: str | None, nonce: str) -> None:
    """Embed and write, or wait for what is under way, and say what came of it."""
    found = services.searched(selection)
    encoder = services.encoder(selection)
    spec = encoder.spec(pooling_mode=selection.pooling_mode, prompt_name=encoder.document_prompt_name)
    rows = make_rows(selection.corpus, found.vectors, id_column=id_column, rows=selection.rows)
    task = tasks.writing(place, name, rows, spec, nonce)
    was_done = waiting.is_done(task)
    try:
        written = waiting.await_task(task)
    except Cancelled:
        st.info(STOPPED, icon=":material/stop_circle:")
        return
    if not was_done:
        choosing.look_anew()
        st.rerun()
    _show(name, written, rows)


def _show(name: str, written: Written, rows: Outgoing) -> None:
    others = f" {written.n_others:,} other rows are in it, too." if written.n_others else ""
    st.success(
        f"{escape_markdown(name)}: {written.n_new:,} rows are new, {written.n_changed:,} were replaced, "
        f"{written.n_unchanged:,} were there as they are.{others}",
        icon=":material/check:",
    )
    if rows.n_left_out:
        st.warning(
            f"{rows.n_left_out:,} texts are left out: their vectors are nothing but zeros, which have no cosine with "
            "anything.",
            icon=":material/warning:",
        )
