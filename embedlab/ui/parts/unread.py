"""What the chosen model cannot take in of the texts, said alike wherever it matters."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from embedlab.checks import check_unread, say_languages, say_not_trained
from embedlab.escape import escape_markdown
from embedlab.ui.sessions import sharing
from embedlab.ui.tasks import reading, services

if TYPE_CHECKING:
    from embedlab.checks import Finding
    from embedlab.ui.choices import Selection

# Share of the texts from which what is not read shows in what is found.
_MATTERS = 0.05


def find_unread(selection: Selection) -> list[Finding]:
    """Return which texts the chosen model cuts, and which it cannot read; of many texts, some are looked at."""
    corpus = selection.corpus
    places, unread = reading.unread_sample(selection)
    texts = [corpus.texts[place] for place in places.tolist()]
    return check_unread(services.encoder(selection), texts, unread, corpus.table_rows[places] + 1)


def say_sample(n_looked_at: int, n_texts: int) -> str:
    """Say that some texts of many were looked at; empty where all were."""
    return (
        ""
        if n_looked_at == n_texts
        else (f"Tokens are counted in {n_looked_at:,} of {n_texts:,} texts, drawn at random.")
    )


def show_languages(selection: Selection) -> None:
    """Name the languages of the texts, and warn of those the chosen model was not trained for."""
    found = selection.languages
    if said := say_languages(found):
        st.caption(f":material/translate: {escape_markdown(said)}")
    if said := say_not_trained(found, selection.model, sharing.offered_cards().values()):
        st.warning(escape_markdown(said), icon=":material/translate:")


def warn_of_unread(selection: Selection) -> None:
    """Warn where so many texts are cut or cannot be read that it shows in what is found; nothing else is drawn."""
    n_texts, n_looked_at = len(selection.corpus.texts), len(reading.unread_sample(selection)[0])
    for finding in find_unread(selection):
        if len(finding.table) >= _MATTERS * n_looked_at:
            said = [f"{finding.title}.", finding.meaning, say_sample(n_looked_at, n_texts)]
            st.warning(
                escape_markdown(" ".join(filter(None, said))),
                icon=":material/visibility_off:",
            )
