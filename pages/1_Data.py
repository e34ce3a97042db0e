"""Data: bring a file or take a sample, and see what is in it before anything is computed."""

import streamlit as st

from embedlab.escape import escape_markdown
from embedlab.plots import token_length_histogram
from embedlab.ui import data, services
from embedlab.ui.frame import Selection, run_page


def show(selection: Selection) -> None:
    data.show_sources()
    st.subheader(escape_markdown(selection.dataset.title))
    data.show_report(selection.dataset)
    st.dataframe(selection.dataset.table.frame, height=320, hide_index=False, alt="The table as it was read")
    show_texts(selection)


def show_texts(selection: Selection) -> None:
    corpus, encoder = selection.corpus, services.encoder(selection.model)
    lengths = services.token_counts(selection)
    n_cut = int((lengths > encoder.max_seq_length).sum())
    st.subheader("Texts")
    found = st.columns(4)
    found[0].metric("Texts to embed", f"{len(corpus.texts):,}", border=True)
    found[1].metric("Blank, set aside", f"{corpus.summary.n_blank:,}", border=True, help="Empty or invisible: spaces, zero-width characters. A model gives all of them the same vector, so they are left out.")
    found[2].metric("Repeated", f"{corpus.summary.n_repeated:,}", border=True, help="Texts that stand in an earlier row as well. They are kept, and embedded once.")
    found[3].metric("Cut by the model", f"{n_cut:,}", border=True, help=f"{selection.model} reads {encoder.max_seq_length} tokens of a text, words or pieces of words. The rest of a longer text is not seen.")
    st.plotly_chart(
        token_length_histogram(lengths, encoder.max_seq_length),
        alt=f"Histogram of text lengths in tokens; {n_cut} of {len(lengths)} texts are longer than the model's limit of {encoder.max_seq_length}",
    )


run_page("Data", show)
