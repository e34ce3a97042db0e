"""What a person has selected among her texts: one selection for all pages, kept on the server under a short id."""

from __future__ import annotations

import secrets
import threading
from collections import OrderedDict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import streamlit as st

from embedlab.ui.choices import address
from embedlab.ui.webgl import NOTHING_SELECTED, Said

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from embedlab.datasets import Corpus

# Bytes of rows that are remembered for the links to them, of all sessions together.
_MAX_BYTES = 256 << 20


@dataclass(frozen=True, eq=False)
class Selected:
    """Some rows of a corpus.

    Parameters
    ----------
    rows : int64 array
        Rising.
    id : str
        Names the selection in an address.
    corpus_digest : str
    map_name : str
        The map on which it was made, if it was made on one.
    said : mapping
        How it was made there.
    """

    rows: NDArray[np.int64] = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    id: str = ""
    corpus_digest: str = ""
    map_name: str = ""
    said: Said = field(default_factory=lambda: NOTHING_SELECTED)

    def on_map(self, map_name: str) -> Said:
        """Describe the selection to a map; lines drawn on another map mean nothing there, so it gets the rows."""
        if not len(self.rows):
            return NOTHING_SELECTED
        if map_name == self.map_name:
            return self.said
        return {"id": self.id, "steps": [{"mode": "replace", "rows": self.rows}]}


class Kept:
    """The selections of all sessions by their id, the oldest dropped when they grow too large."""

    def __init__(self) -> None:
        self._selections: OrderedDict[str, Selected] = OrderedDict()
        self._lock = threading.Lock()

    def add(self, selected: Selected) -> None:
        """Keep a selection."""
        with self._lock:
            self._selections[selected.id] = selected
            while len(self._selections) > 1 and sum(s.rows.nbytes for s in self._selections.values()) > _MAX_BYTES:
                self._selections.popitem(last=False)

    def get(self, id_: str | None) -> Selected | None:
        """Return a selection, or None where there is none of that id."""
        with self._lock:
            return self._selections.get(id_ or "")


@st.cache_resource(show_spinner=False)
def _kept() -> Kept:
    return Kept()


def of(corpus: Corpus) -> Selected:
    """Return what is selected among these texts."""
    return _kept().get(st.session_state.get(_key(corpus))) or Selected()


def follow_link(corpus: Corpus) -> None:
    """Take over the selection that a link has brought, and show the present one in the address."""
    wanted = address.from_link("selected")
    if wanted is not None:
        found = _kept().get(wanted)
        if found is not None and found.corpus_digest == corpus.digest:
            st.session_state[_key(corpus)] = found.id
        else:
            st.warning("The link's selection is no longer on this server.")
    address.write("selected", of(corpus).id)


def keep(corpus: Corpus, rows: NDArray[np.int64], map_name: str = "", said: Said = NOTHING_SELECTED) -> None:
    """Remember a selection; no rows are no selection."""
    if not len(rows):
        st.session_state.pop(_key(corpus), None)
        return
    made = Selected(np.unique(rows), secrets.token_urlsafe(6), corpus.digest, map_name, said)
    _kept().add(made)
    st.session_state[_key(corpus)] = made.id


def _key(corpus: Corpus) -> str:
    return f"selected:{corpus.digest}"
