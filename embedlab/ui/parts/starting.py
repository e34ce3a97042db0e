"""Work that begins when it is asked for, and from then on with every change."""

from __future__ import annotations

import streamlit as st


def is_started(page: str, label: str, icon: str) -> bool:
    """Draw the button that begins the work of a page, or begin by a link with ``run``; return whether it has begun."""
    key = f"started:{page}"
    if st.query_params.get("run") or st.session_state.get(key):
        st.session_state[key], st.query_params["run"] = True, "1"
        return True
    st.button(label, type="primary", icon=icon, on_click=_start, args=(key,))
    return False


def _start(key: str) -> None:
    st.session_state[key] = True
