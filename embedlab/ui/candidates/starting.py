"""Long work that begins only when it is asked for, or when a link has brought somebody who wants to see it."""

import streamlit as st


def is_started(what: str, label: str, icon: str) -> bool:
    """Return whether a person has asked for some work; from then on, what is added is done at once.

    Draw a button until she has. ``what`` names the work in the session.
    """
    key = f"started-{what}"
    if st.query_params.get("run") or st.session_state.get(key):
        st.session_state[key], st.query_params["run"] = True, "1"
        return True
    st.button(label, type="primary", icon=icon, on_click=_start, args=(key,))
    return False


def _start(key: str) -> None:
    st.session_state[key] = True
