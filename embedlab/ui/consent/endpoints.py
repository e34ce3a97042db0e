"""The language model a person names, and where what it is sent goes."""

from __future__ import annotations

import os

import streamlit as st

from embedlab.chat import ChatEndpoint, read_endpoint
from embedlab.hosted import Offer


def choose_endpoint(setting: str, key: str, how: str) -> ChatEndpoint | None:
    """Let the person name a language model; None while she has not, and ``how`` is said then.

    Raises
    ------
    InvalidInputError
        When what is typed is no address of one.
    """
    what = "The address of a server and, behind #, what it calls the model."
    typed = st.text_input(
        "Language model",
        os.environ.get(setting, ""),
        key=key,
        persist_state="session",
        placeholder="http://127.0.0.1:11434/v1#llama3",
        help=f"{what} {setting} in the environment fills it in.",
    )
    if not typed.strip():
        st.caption(how)
        return None
    return read_endpoint(typed)


def say_place(offered: Offer) -> str:
    """Return the sentence on where the texts of an offer would be."""
    leaves = "They leave this machine, at a price that is not known here."
    return leaves if offered.leaves_machine else "That is on this machine."
