"""Vectors and maps that a person has brought; they belong to the session, whoever else looks at the same texts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from embedlab.encoders import PrecomputedEncoder
from embedlab.ui.choices.selection import Selection

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

ENCODERS, MAPS = "own-vectors", "own-maps"


def encoder_of(dataset_id: str) -> PrecomputedEncoder | None:
    """Return the vectors brought for a dataset, as an encoder."""
    encoders: dict[str, PrecomputedEncoder] = st.session_state.get(ENCODERS, {})
    return encoders.get(dataset_id)


def map_of(selection: Selection) -> tuple[str, NDArray[np.float32]] | None:
    """Return the digest and the coordinates, shape (n, 2), of the map brought for the chosen texts."""
    maps: dict[str, tuple[str, NDArray[np.float32]]] = st.session_state.get(MAPS, {})
    return maps.get(selection.corpus.digest)


def keep_encoder(dataset_id: str, encoder: PrecomputedEncoder) -> None:
    """Remember the vectors brought for a dataset."""
    st.session_state.setdefault(ENCODERS, {})[dataset_id] = encoder


def keep_map(selection: Selection, digest: str, coordinates: NDArray[np.float32]) -> None:
    """Remember the map brought for the chosen texts."""
    st.session_state.setdefault(MAPS, {})[selection.corpus.digest] = digest, coordinates


def drop_map(selection: Selection) -> None:
    """Forget the map brought for the chosen texts."""
    del st.session_state[MAPS][selection.corpus.digest]
