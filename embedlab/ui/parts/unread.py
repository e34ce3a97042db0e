"""What the chosen model cannot take in of the texts, said alike wherever it matters."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from embedlab.checks import check_unread, say_languages, say_not_trained
from embedlab.escape import escape_markdown
from embedlab.texts import find_languages
from embedlab.ui.tasks import services

if TYPE_CHECKING:
    from embedlab.checks import Finding
    from embedlab.ui.choices import Selection

# Share of the texts from which what is not read shows in what is found.
_MATTERS = 0.05


def find_unread(selection: Selection) -> list[Finding]:
    """Return which texts the chosen model cuts, and which it cannot read."""
    corpus = selection.corpus
    numbers = corpus.summary.kept + 1
    return check_unread(services.encoder(selection), corpus.texts, services.unread(selection), numbers)


def show_languages(selection: Selection) -> None:
    """Name the languages of the texts, and warn of those the chosen model was not trained for."""
    corpus = selection.corpus
    found = selection.dataset.part(("languages", corpus.digest), lambda: find_languages(corpus.texts))
    if said := say_languages(found):
        st.caption(f":material/translate: {escape_markdown(said)}")
    if said := say_not_trained(found, selection.model):
        st.warning(escape_markdown(said), icon=":material/translate:")


def warn_of_unread(selection: Selection) -> None:
    """Warn where so many texts are cut or cannot be read that it shows in what is found; nothing else is drawn."""
    n_texts = len(selection.corpus.texts)
    for finding in find_unread(selection):
        if len(finding.table) >= _MATTERS * n_texts:
            st.warning(
                f"{escape_markdown(finding.title)}. {escape_markdown(finding.meaning)}",
                icon=":material/visibility_off:",
            )
