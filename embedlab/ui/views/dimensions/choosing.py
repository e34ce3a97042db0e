"""Which compressions of the chosen model are tried: suggested at first, kept for the session and in the address."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from embedlab.comparison import Candidate
from embedlab.compression import Compression
from embedlab.dimensions import suggest_compressions
from embedlab.errors import InvalidInputError
from embedlab.escape import escape_markdown
from embedlab.gold import Gold
from embedlab.models import OWN_VECTORS, TFIDF
from embedlab.ui.choices import Selection
from embedlab.ui.tasks import comparing

MAX_COMPRESSIONS = 40
ADDRESS = "vectors"
HELP = (
    "Each is held against the full vectors. Type another one: **dim**, **pca** or **random** with the dimensions that "
    "are left, then **float16**, **int8**, **binary** or **pq** with its bytes, then **rescore**, joined by ~, such as "
    "pca100~int8. Rescored: the best by the small vectors are ordered again by the full ones."
)
NO_MODEL = {
    TFIDF: "Word counts have no dimensions that could be left out. Choose a model in the panel on the left.",
    OWN_VECTORS: "Vectors brought without their model cannot be held against what is known. Choose a model in the "
    "panel on the left.",
}


def choose(selection: Selection, gold: Gold) -> list[Candidate] | None:
    """Draw the box of compressions.

    Returns
    -------
    list of Candidate or None
        The full vectors of the chosen model and pooling, then the compressed ones; None while there is nothing to try.

    Raises
    ------
    InvalidInputError
        For a typed compression that means nothing.
    """
    if selection.model in NO_MODEL:
        st.info(NO_MODEL[selection.model], icon=":material/memory:")
        return None
    full = Candidate(selection.model, selection.pooling_mode)
    encoder = comparing.loader(gold)(full)
    full = full.of(encoder)
    suggested = [each.key for each in suggest_compressions(encoder.embedding_dimension, len(set(gold.corpus)))]
    keys = _choose_keys(suggested, encoder.embedding_dimension)
    if not keys:
        st.info("Choose a compression to hold against the full vectors.", icon=":material/add:")
        return None
    return [full, *(replace(full, compression=Compression.parse(key)) for key in keys)]


def _choose_keys(suggested: list[str], n_dimensions: int) -> list[str]:
    """Draw the box; vectors of other lengths have a list of their own."""
    widget, kept = f"{ADDRESS}:{n_dimensions}", f"kept-{ADDRESS}:{n_dimensions}"
    if widget not in st.session_state:
        linked = _valid(st.query_params.get(ADDRESS, "").split(","))
        st.session_state[widget] = linked or st.session_state.get(kept) or suggested
    keys = st.multiselect(
        "What to try",
        list(dict.fromkeys([*suggested, *st.session_state[widget]])),
        key=widget,
        format_func=_title,
        accept_new_options=True,
        max_selections=MAX_COMPRESSIONS,
        placeholder="Add a compression",
        help=HELP,
    )
    st.session_state[kept] = keys
    if keys == suggested:
        st.query_params.pop(ADDRESS, None)
    else:
        st.query_params[ADDRESS] = ",".join(keys)
    return keys


def _title(key: str) -> str:
    try:
        return Compression.parse(key).title
    except InvalidInputError:
        return escape_markdown(key)


def _valid(keys: list[str]) -> list[str]:
    """Return those of a link that mean something; none is the full vectors, which are always there."""
    found = []
    for key in keys[:MAX_COMPRESSIONS]:
        try:
            found.append(Compression.parse(key).key)
        except InvalidInputError:
            continue
    return list(dict.fromkeys(filter(None, found)))
