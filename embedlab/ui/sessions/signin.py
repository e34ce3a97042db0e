"""Signing in, where the owner of the server asks for it: with OpenID Connect, as Streamlit does it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import streamlit as st
from streamlit.errors import StreamlitSecretNotFoundError

WHY = "This lab is for people its owner knows. Sign in to see anything."
UNREADABLE = (
    "Nobody can be signed in, because the secrets of this server cannot be read. Its owner finds the reason in what "
    "the server prints; docs/sharing.md shows the file as it should be."
)


def require() -> None:
    """Show a page to sign in and nothing else, unless the person has done so or nobody has to."""
    try:
        providers = _providers()
    except StreamlitSecretNotFoundError:
        # A file with a slip of the pen must not open the lab to everybody.
        st.error(UNREADABLE, icon=":material/lock:")
        st.stop()
    if not providers:
        return
    if st.user.get("is_logged_in") is True:
        _show_person()
        return
    st.title("EmbedLab")
    st.markdown(WHY)
    for provider in providers:
        label = f"Sign in with {provider}" if provider else "Sign in"
        st.button(label, type="primary", icon=":material/login:", on_click=st.login, args=(provider,))
    st.stop()


@st.cache_resource(show_spinner=False)
def _providers() -> list[str | None]:
    """Return whom one can sign in with, None for the one without a name; empty where nobody has to.

    Read once, so that a file that is missing for a moment while it is written opens nothing.
    """
    try:
        section = st.secrets.get("auth")
    except StreamlitSecretNotFoundError:
        if any(Path(file).exists() for file in st.get_option("secrets.files")):
            raise
        return []
    if section is None:
        return []
    named = [name for name, value in section.items() if isinstance(value, Mapping) and name != "client_kwargs"]
    return named or [None]


def _show_person() -> None:
    with st.sidebar:
        name = st.user.get("email") or st.user.get("name") or st.user.get("sub")
        st.text(f"Signed in as {name}")
        st.button("Sign out", icon=":material/logout:", on_click=st.logout)
