"""Errors as sentences on the page."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st

from embedlab.errors import Cancelled, EmbedLabError
from embedlab.escape import escape_markdown
from embedlab.ui import services


@contextmanager
def plain_errors() -> Iterator[None]:
    """Show an ``EmbedLabError`` of this part of the page as a message; anything else is a bug and stays loud."""
    try:
        yield
    except Cancelled as stopped:
        st.info(escape_markdown(str(stopped)), icon=":material/stop_circle:")
        st.button("Start again", type="primary", on_click=services.start_again)
    except EmbedLabError as error:
        st.error(escape_markdown(str(error)), icon=":material/error:")
