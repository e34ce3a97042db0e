"""The chosen texts before they are embedded: how many, which are set aside, and how long they are for the model."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from embedlab.escape import escape_markdown
from embedlab.plots import token_length_histogram
from embedlab.ui.tasks import services

if TYPE_CHECKING:
    from embedlab.ui.choices import Selection

BLANK_HELP = "Empty or invisible texts all get the same vector from a model, so they are left out."
REPEATED_HELP = "Texts that stand in an earlier row as well. They are kept, and embedded once."
CUT_HELP = "The model reads {} tokens of a text, words or pieces of words. The rest of a longer text is not seen."
CUT_NOTHING_HELP = "{} reads texts of any length."
HISTOGRAM_ALT = "Histogram of text lengths in tokens; {} of {} texts are longer than the model's limit"


def show_texts(selection: Selection) -> None:
    """Count the texts and their tokens."""
    summary, limit = selection.corpus.summary, services.encoder(selection).max_seq_length
    lengths = services.token_counts(selection)
    n_cut = int((lengths > limit).sum()) if limit else 0
    cut_help = CUT_HELP.format(limit) if limit else CUT_NOTHING_HELP.format(escape_markdown(selection.model))
    st.subheader("Texts")
    embedded, blank, repeated, cut = st.columns(4)
    embedded.metric("Texts to embed", f"{len(summary.kept):,}", border=True)
    blank.metric("Blank, set aside", f"{summary.n_blank:,}", border=True, help=BLANK_HELP)
    repeated.metric("Repeated", f"{summary.n_repeated:,}", border=True, help=REPEATED_HELP)
    cut.metric("Cut by the model", f"{n_cut:,}", border=True, help=cut_help)
    st.plotly_chart(token_length_histogram(lengths, limit), alt=HISTOGRAM_ALT.format(n_cut, len(lengths)))
