"""A collection as a data set: what is in a store, on every page, by the vectors it has there."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

import streamlit as st

from embedlab.datasets import check_directions
from embedlab.encoders import PrecomputedEncoder
from embedlab.errors import InvalidInputError
from embedlab.escape import escape_markdown
from embedlab.limits import limits
from embedlab.models import OWN_VECTORS
from embedlab.stores.exchange import TEXT
from embedlab.ui.choices import address, own_vectors
from embedlab.ui.sessions import departures
from embedlab.ui.stores import tasks
from embedlab.ui.tasks import services

if TYPE_CHECKING:
    from embedlab.stores import CollectionInfo
    from embedlab.stores.exchange import Place
    from embedlab.ui.stores import Taken

USUAL_ROWS = 20_000
ROWS_HELP = "Where there are more, so many are drawn at random, the same every time."
WHAT = (
    "The vectors, texts and metadata of the collection become a data set: the map, the clusters and the duplicates of "
    "what is in the store, by the vectors it has there. Nothing is embedded, and nothing in the store changes."
)
LINKS = {"pages/4_Clusters.py": "Clusters", "pages/3_Duplicates.py": "Duplicates", "pages/1_Data.py": "Data"}
_ASKED, _OPENED = "asked-to-open", "opened-collection"


def show(place: Place, info: CollectionInfo) -> None:
    """Let the person take a collection out, and lead on to what can be seen of it."""
    most = max(1, min(info.count, limits().max_rows))
    with st.container(horizontal=True, vertical_alignment="bottom"):
        n_rows = address.count(
            "rows", "Rows at most", min(USUAL_ROWS, most), (1, most), scope=info.name, help=ROWS_HELP
        )
        st.button(
            "Open as a data set", type="primary", icon=":material/table_view:", on_click=_ask, disabled=not info.count
        )
    st.caption(WHAT)
    if asked := st.session_state.pop(_ASKED, None):
        _take(place, info, tasks.taken(place, info.name, n_rows, asked))
    opened = st.session_state.get(_OPENED)
    if opened and opened[:2] == (str(place.address), info.name):
        st.success(opened[2], icon=":material/check:")
        with st.container(horizontal=True):
            for file, title in LINKS.items():
                st.page_link(file, label=title, query_params=address.current())


def _ask() -> None:
    st.session_state[_ASKED] = uuid.uuid4().hex


def _take(place: Place, info: CollectionInfo, taken: Taken) -> None:
    """Make a data set of what was read, with its vectors in the place of a model, and choose it."""
    dataset = services.datasets().add(taken.content, f"{info.name}.parquet", visitor=departures.visitor())
    columns = list(dataset.table.frame.columns)
    text_column = TEXT if TEXT in columns else dataset.text_column
    if text_column is None:
        raise InvalidInputError(
            f"{info.name} holds no texts: neither its documents nor a field of its metadata looks like any. "
            f"It has: {', '.join(columns)}."
        )
    corpus = dataset.corpus(text_column)
    vectors = taken.embeddings[corpus.summary.kept]
    check_directions(vectors, info.name)
    own_vectors.keep_encoder(dataset.id, PrecomputedEncoder(corpus.texts, vectors))
    n_read = len(dataset.table.frame)
    sample = f", a random sample of its {taken.n_rows:,} rows" if n_read < taken.n_rows else ""
    said = f"{n_read:,} rows of {escape_markdown(info.name)}{sample} are the chosen data set."
    st.session_state[_OPENED] = str(place.address), info.name, said
    address.bring("dataset", dataset.id)
    address.bring("text", text_column)
    address.bring("model", OWN_VECTORS)
    st.rerun()
