"""What is taken away from a comparison: the table, the judgements, and the program that gives a candidate's vectors."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from embedlab.comparison import comparison_table, to_markdown
from embedlab.errors import InvalidInputError
from embedlab.exports import to_csv
from embedlab.gold import Retrieval, write_qrels
from embedlab.recipes import recipe
from embedlab.reportcards import cards_markdown

if TYPE_CHECKING:
    from collections.abc import Mapping

    from embedlab.comparison import Candidate, Comparison, Load
    from embedlab.probes import ReportCard

JUDGEMENTS_HELP = (
    "Which text answers which question, as trec_eval and others read it: in TREC's form, or in BEIR's where ids hold "
    "blanks or grades are not whole. What has no id is numbered from 1."
)


def _offer_judgements(gold: Retrieval) -> None:
    """Offer which texts answer which questions, for other programs; BEIR's form where TREC's cannot hold it."""
    try:
        content, name = write_qrels(gold), "judgements.qrels"
    except InvalidInputError:
        content, name = write_qrels(gold, "beir"), "judgements.tsv"
    st.download_button(
        "Download judgements",
        content,
        name,
        "text/plain",
        on_click="ignore",
        icon=":material/download:",
        help=JUDGEMENTS_HELP,
    )


def offer_take_away(comparison: Comparison, name: str, load: Load, cards: Mapping[str, ReportCard]) -> None:
    """Offer the table, with the report cards where there are any, and the program that gives a candidate's vectors."""
    table = comparison_table(comparison, name)
    with st.container(horizontal=True):
        st.download_button(
            "Download CSV",
            lambda: to_csv(table),
            "comparison.csv",
            "text/csv",
            on_click="ignore",
            icon=":material/download:",
            type="primary",
        )
        st.download_button(
            "Download Markdown",
            lambda: to_markdown(table) + cards_markdown(cards),
            "comparison.md",
            "text/markdown",
            on_click="ignore",
            icon=":material/download:",
        )
        if isinstance(comparison.gold, Retrieval):
            _offer_judgements(comparison.gold)
    best = comparison.ranked(name)
    chosen: Candidate = st.selectbox(
        "The program that gives the vectors of",
        [result.candidate for result in best],
        format_func=lambda candidate: candidate.title,
        key="recipe-of",
        help="Plain sentence-transformers, without EmbedLab. A test runs such programs and compares the vectors.",
    )
    st.code(recipe(chosen, load(chosen), searches=bool(comparison.gold.queries)), language="python")
