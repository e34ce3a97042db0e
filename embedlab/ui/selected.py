"""What a person has selected among her texts: one selection for all pages, kept while the session lasts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import streamlit as st

from embedlab.ui.webgl import NOTHING_SELECTED

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from embedlab.datasets import Corpus


@dataclass(frozen=True, eq=False)
class Selected:
    """Rows, and how they were selected on a map.

    Parameters
    ----------
    rows : int64 array
    said : mapping
        The selection as the map in the browser described it, an id and steps.
    """

    rows: NDArray[np.int64] = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    said: Mapping[str, Any] = field(default_factory=lambda: NOTHING_SELECTED)


def of(corpus: Corpus, map_name: str) -> Selected:
    """Return what is selected among these texts on this map; lines drawn on another map mean nothing on it."""
    return st.session_state.get(_key(corpus, map_name), Selected())


def keep(corpus: Corpus, map_name: str, selected: Selected) -> None:
    """Remember a selection."""
    st.session_state[_key(corpus, map_name)] = selected


def _key(corpus: Corpus, map_name: str) -> str:
    return f"selected:{corpus.digest}:{map_name}"
