"""People who come and leave: who a session is, and the end of those whose tab is gone.

Streamlit lets go of a session whose tab was closed only when another tab is closed later, without closing what it holds
open, and its event loop holds the last one until somebody else comes: what the last visitor of a day was looking at
would stay all night.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from weakref import ReferenceType, ref

import streamlit as st
from streamlit.runtime import get_instance
from streamlit.runtime.scriptrunner import get_script_run_ctx

from embedlab.visits import Visitor

AWAY_SECONDS = 120.0
"""How long a tab may be away, by a lost connection or a laptop that sleeps, and find its session again."""

_VISITOR = "visitor"


@dataclass
class _Visit:
    visitor: ReferenceType[Visitor]
    last_seen: float


_visits: dict[str, _Visit] = {}


def visitor() -> Visitor:
    """Return who this session is, until it is closed, two minutes after its tab."""
    here: Visitor = st.session_state.setdefault(_VISITOR, Visitor())
    context = get_script_run_ctx()
    if context is not None:
        _visits[context.session_id] = _Visit(ref(here), time.monotonic())
    return here


def close_sessions(seconds: float) -> int:
    """Close the sessions whose tab has been away for so long, and say how many; on the event loop of the server."""
    server, now, n_before = get_instance(), time.monotonic(), len(_visits)
    for session_id, visit in list(_visits.items()):
        if server.is_active_session(session_id):
            visit.last_seen = now
        elif now - visit.last_seen >= seconds:
            server.close_session(session_id)
            gone = visit.visitor()
            if gone is not None:
                gone.has_left = True
            del _visits[session_id]
    return n_before - len(_visits)
