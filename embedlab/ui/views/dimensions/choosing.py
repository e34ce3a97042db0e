"""Which compressions of the chosen model are tried: suggested at first, kept for the session and in the address."""

from __future__ import annotations

import re
from dataclasses import replace

import streamlit as st

from embedlab.comparison import Candidate
from embedlab.compression import Compression
from embedlab.dimensions import suggest_compressions
from embedlab.encoders import HostedEncoder
from embedlab.errors import InvalidInputError
from embedlab.escape import escape_markdown
from embedlab.gold import Gold
from embedlab.hosted import own_length
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
LENGTHS_HELP = (
    " A hosted model can be **asked for** a length, written @256: every text is sent once more for each, and you are "
    "shown the price before. The first dimensions of its full vectors (dim256) cost nothing more."
)
LENGTH = re.compile(r"@[1-9][0-9]{0,5}")
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
    lengths = [f"@{n}" for n in encoder.model.lengths] if isinstance(encoder, HostedEncoder) else None
    keys = _choose_keys(suggested, encoder.embedding_dimension, lengths)
    if not keys:
        st.info("Choose a compression to hold against the full vectors.", icon=":material/add:")
        return None
    return [full, *(_candidate(full, key) for key in keys)]


def _candidate(full: Candidate, key: str) -> Candidate:
    """Return what a key of the box stands for: smaller vectors, or a length the model is asked for."""
    if LENGTH.fullmatch(key):
        return replace(full, model=own_length(full.model) + key)
    return replace(full, compression=Compression.parse(key))


def _choose_keys(suggested: list[str], n_dimensions: int, lengths: list[str] | None) -> list[str]:
    """Draw the box; vectors of other lengths have a list of their own. What costs something is never suggested."""
    widget, kept = f"{ADDRESS}:{n_dimensions}", f"kept-{ADDRESS}:{n_dimensions}"
    if widget not in st.session_state:
        linked = _valid(st.query_params.get(ADDRESS, "").split(","))
        st.session_state[widget] = linked or st.session_state.get(kept) or suggested
    keys = st.multiselect(
        "What to try",
        list(dict.fromkeys([*suggested, *(lengths or ()), *st.session_state[widget]])),
        key=widget,
        format_func=_title,
        accept_new_options=True,
        max_selections=MAX_COMPRESSIONS,
        placeholder="Add a compression",
        help=HELP if lengths is None else HELP + LENGTHS_HELP,
    )
    st.session_state[kept] = keys
    if keys == suggested:
        st.query_params.pop(ADDRESS, None)
    else:
        st.query_params[ADDRESS] = ",".join(keys)
    return keys


def _title(key: str) -> str:
    if LENGTH.fullmatch(key):
        return f"{key[1:]} dimensions, asked for"
    try:
        return Compression.parse(key).title
    except InvalidInputError:
        return escape_markdown(key)


def _valid(keys: list[str]) -> list[str]:
    """Return those of a link that mean something; none is the full vectors, which are always there."""
    found = []
    for key in keys[:MAX_COMPRESSIONS]:
        try:
            found.append(key if LENGTH.fullmatch(key) else Compression.parse(key).key)
        except InvalidInputError:
            continue
    return list(dict.fromkeys(filter(None, found)))
