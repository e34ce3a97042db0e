"""The first look on a page: what says that it is one, and its end."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import streamlit as st

from embedlab.ui.tasks import first_look

if TYPE_CHECKING:
    from embedlab.ui.choices import Selection

_OPEN, _CLOSED = "first-look", "first-look-closed"
HELP = (
    "Each text is taken for the mean of its words' vectors, which know nothing of order and context. Groups are those "
    "of KMeans, and cosines and silhouettes those of the word vectors. That is done in a moment, and rough. What the "
    "model finds takes its place as soon as it has read all texts; only that can be taken along."
)
DONE = "The model has read all texts; what you see now is its own."


def begin(selection: Selection, page: str, prompt_name: str | None = None) -> Selection | None:
    """Return what stands in for the selection on a page while the model works; None where there is no first look."""
    opened = page, selection.corpus.digest, selection.model, selection.pooling_mode
    look = first_look.stand_in(selection, prompt_name, is_open=st.session_state.get(_OPEN) == opened)
    if look is not None:
        st.session_state[_OPEN] = opened
    elif st.session_state.pop(_CLOSED, False):
        st.toast(DONE, icon=":material/check:")
    return look


def mark() -> None:
    """Say that what stands here is a first look."""
    st.badge("First look, by word vectors", icon=":material/bolt:", color="orange", help=HELP)


def give_way(compute: Callable[[], object]) -> None:
    """Wait for what the model makes of the texts, then draw the page anew, with that.

    Parameters
    ----------
    compute : callable
        Waits for all that the page will ask for.
    """
    compute()
    st.session_state.pop(_OPEN, None)
    # The run that draws the page anew says so, and a screen reader with it.
    st.session_state[_CLOSED] = True
    st.rerun()
