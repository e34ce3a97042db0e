"""The groups a person has put texts into, kept while the session lasts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from embedlab.datasets import Corpus


def of(corpus: Corpus) -> dict[str, NDArray[np.int64]]:
    """Return the groups of these texts: their rows by their name."""
    return st.session_state.setdefault(f"groups:{corpus.digest}", {})


def put(corpus: Corpus, name: str, rows: NDArray[np.int64]) -> None:
    """Make a group, or give one of that name other rows."""
    of(corpus)[name] = rows


def drop(corpus: Corpus, name: str) -> None:
    """Forget a group; its texts stay."""
    of(corpus).pop(name, None)
