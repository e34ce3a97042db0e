"""The chosen texts before they are embedded: how many, which are set aside, and how long they are for the model."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from embedlab.comparison import Candidate
from embedlab.escape import escape_markdown
from embedlab.plots import token_length_histogram
from embedlab.ui.choices import address
from embedlab.ui.parts import find_unread, say_sample, show_languages
from embedlab.ui.tasks import reading, services

if TYPE_CHECKING:
    from embedlab.ui.choices import Selection

MAX_SHOWN = 1000
BLANK_HELP = "Empty or invisible texts all get the same vector from a model, so they are left out."
REPEATED_HELP = "Texts that stand in an earlier row as well. They are kept, and embedded once."
CUT_HELP = "The model reads {} tokens of a text, words or pieces of words. The rest of a longer text is not seen."
CUT_NOTHING_HELP = "{} reads texts of any length."
UNREADABLE_HELP = (
    "At least half of their tokens are unknown to the model, such as emoji or another script. Such texts look alike to "
    "it."
)
OTHER_WAYS = (
    "What lies behind the cut is not seen. There are two other ways: **split long texts into passages**, under *Long "
    "texts* in the panel on the left, so that each is found by itself; or **take the mean of its passages** for a long "
    "text, which Compare holds against the cut as a candidate of its own."
)
COMPARE_PAGE = "pages/7_Compare.py"
HISTOGRAM_ALT = "Histogram of text lengths in tokens; {} of {} texts are longer than the model's limit"


def show_texts(selection: Selection) -> None:
    """Count the texts and their tokens."""
    summary, limit = selection.corpus.summary, services.encoder(selection).max_seq_length
    places, unread = reading.unread_sample(selection)
    lengths, n_cut, n_unreadable = unread.n_tokens, int(unread.is_cut.sum()), int(unread.is_unreadable.sum())
    sampled = say_sample(len(places), len(summary.kept))
    of_sample = f" of {len(places):,}" if sampled else ""
    cut_help = CUT_HELP.format(limit) if limit else CUT_NOTHING_HELP.format(escape_markdown(selection.model))
    st.subheader("Texts")
    embedded, blank, repeated, cut, unreadable = st.columns(5)
    what = "Passages" if selection.splitting else "Texts"
    embedded.metric(f"{what} to embed", f"{len(summary.kept):,}", border=True)
    blank.metric("Blank, set aside", f"{summary.n_blank:,}", border=True, help=BLANK_HELP)
    repeated.metric("Repeated", f"{summary.n_repeated:,}", border=True, help=REPEATED_HELP)
    cut.metric("Cut by the model", f"{n_cut:,}{of_sample}", border=True, help=cut_help)
    unreadable.metric("Not read", f"{n_unreadable:,}{of_sample}", border=True, help=UNREADABLE_HELP)
    if sampled:
        st.caption(sampled)
    if n_cut:
        _offer_ways(selection.model)
    show_languages(selection)
    st.plotly_chart(token_length_histogram(lengths, limit), alt=HISTOGRAM_ALT.format(n_cut, len(lengths)))
    for finding in find_unread(selection):
        with st.expander(escape_markdown(finding.title), icon=":material/visibility_off:"):
            st.caption(escape_markdown(finding.meaning))
            st.dataframe(finding.table.head(MAX_SHOWN), hide_index=True, alt=finding.title)


def _offer_ways(model: str) -> None:
    """Say what else can be done with texts that are longer than the model reads."""
    st.caption(f":material/content_cut: {OTHER_WAYS}")
    candidates = ",".join(Candidate(model, long_texts=way).key for way in ("cut", "mean"))
    st.page_link(
        COMPARE_PAGE,
        label="Compare the cut with the mean of passages",
        icon=":material/compare_arrows:",
        query_params={**address.current(), "candidates": candidates},
    )
