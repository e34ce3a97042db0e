"""People who have left: their sessions are closed, which gives back what Streamlit holds for each.

Streamlit lets go of a session whose tab was closed only when another tab is closed later, and then without closing what
it holds open: what the last visitor of a day was looking at would stay all night.
"""

from __future__ import annotations

import time

from streamlit.runtime import get_instance
from streamlit.runtime.scriptrunner import get_script_run_ctx

AWAY_SECONDS = 120.0
"""How long a tab may be away, by a lost connection or a laptop that sleeps, and find its session again."""

_last_seen: dict[str, float] = {}


def note_session() -> None:
    """Remember the session of the page that runs."""
    context = get_script_run_ctx()
    if context is not None:
        _last_seen[context.session_id] = time.monotonic()


def close_sessions(seconds: float) -> None:
    """Close the sessions whose tab has been away for so long. To be called on the event loop of the server."""
    server, now = get_instance(), time.monotonic()
    for session_id, last in list(_last_seen.items()):
        if server.is_active_session(session_id):
            _last_seen[session_id] = now
        elif now - last >= seconds:
            server.close_session(session_id)
            del _last_seen[session_id]
