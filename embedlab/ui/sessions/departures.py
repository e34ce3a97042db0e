"""People who come and leave: who a session is, and the end of those whose tab is gone.

Streamlit lets go of a session whose tab was closed only when another tab is closed later, without closing what it holds
open, and its event loop holds the last one until somebody else comes: what the last visitor of a day was looking at
would stay all night.
"""

from __future__ import annotations

import time

import streamlit as st
from streamlit.runtime import get_instance
from streamlit.runtime.app_session import AppSession
from streamlit.runtime.fragment import MemoryFragmentStorage
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.state import SessionState

from embedlab.jobs import Visitor

AWAY_SECONDS = 120.0
"""How long a tab may be away, by a lost connection or a laptop that sleeps, and find its session again."""

_VISITOR = "visitor"

_last_seen: dict[str, float] = {}


def visitor() -> Visitor:
    """Return who this session is, until it is closed, two minutes after its tab."""
    context = get_script_run_ctx()
    if context is not None:
        _last_seen[context.session_id] = time.monotonic()
    here: Visitor = st.session_state.setdefault(_VISITOR, Visitor())
    return here


def close_sessions(seconds: float) -> int:
    """Close the sessions whose tab has been away for so long, and say how many; on the event loop of the server."""
    server, now, n_before = get_instance(), time.monotonic(), len(_last_seen)
    for session_id, last_seen in list(_last_seen.items()):
        if server.is_active_session(session_id):
            _last_seen[session_id] = now
        elif now - last_seen >= seconds:
            known = server._session_mgr.get_session_info(session_id)
            server.close_session(session_id)
            if known is not None:
                _empty(known.session)
            del _last_seen[session_id]
    return n_before - len(_last_seen)


def _empty(session: AppSession) -> None:
    """Let go of what a closed session holds, since the event loop may hold on to the session itself.

    A thread that still draws a page for it keeps what it has begun with, to its end.
    """
    session._session_state = SessionState()
    session._fragment_storage = MemoryFragmentStorage()
