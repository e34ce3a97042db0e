"""What a page has to know of the theme the person has chosen."""

import streamlit as st


def is_dark() -> bool:
    """Return whether the person looks at a dark page."""
    return st.context.theme.type == "dark"
