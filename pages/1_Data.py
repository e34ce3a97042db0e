"""Data: bring a file or take a sample, and see what is in it before anything is computed."""

import streamlit as st

from embedlab.escape import escape_markdown
from embedlab.plots import token_length_histogram
from embedlab.ui.choices import Selection
from embedlab.ui.frame import run_page
from embedlab.ui.tasks import services
from embedlab.ui.views.data import own_vectors, reading, sources

BLANK_HELP = "Empty or invisible texts all get the same vector from a model, so they are left out."
REPEATED_HELP = "Texts that stand in an earlier row as well. They are kept, and embedded once."
CUT_HELP = "The model reads {} tokens of a text, words or pieces of words. The rest of a longer text is not seen."
CUT_NOTHING_HELP = "{} reads texts of any length."
HISTOGRAM_ALT = "Histogram of text lengths in tokens; {} of {} texts are longer than the model's limit"


def show(selection: Selection) -> None:
    sources.show_sources()
    st.subheader(escape_markdown(selection.dataset.title), anchor=False)
    reading.show_report(selection.dataset)
    frame = selection.dataset.table.frame
    st.dataframe(frame, height=320 if len(frame) > 8 else "content", alt="The table as it was read")
    show_texts(selection)
    own_vectors.offer(selection)


def show_texts(selection: Selection) -> None:
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


run_page("Data", show)
