"""Work that begins when it is asked for, and from then on with every change."""

from __future__ import annotations

import streamlit as st


def is_started(what: str, label: str, icon: str) -> bool:
    """Draw the button that begins some work, or begin by a link with ``run``; return whether it has begun."""
    key = f"started:{what}"
    if st.query_params.get("run") or st.session_state.get(key):
        st.session_state[key], st.query_params["run"] = True, "1"
        return True
    st.button(label, type="primary", icon=icon, on_click=_start, args=(key,))
    return False


def _start(key: str) -> None:
    st.session_state[key] = True
