"""Judgements in a file of their own: which texts answer which questions, as TREC and BEIR write it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from embedlab.gold import Retrieval, judged_gold
from embedlab.judgements import read_qrels
from embedlab.reading import read_table
from embedlab.ui.parts import plain_errors

if TYPE_CHECKING:
    from embedlab.datasets import Corpus, Dataset

NAME = "judged"
TITLE = "Judgements in a file of their own"
DESCRIPTION = "A row for each question, id of a text and grade, beside a table of texts with a column of ids."
JUDGEMENTS_HELP = (
    "Lines of query, 0, id and grade as TREC writes them, or a table of query, id and grade as BEIR does. A grade of 0 "
    "says that the text does not answer. The file stays on this machine."
)
QUESTIONS_HELP = (
    "A table or JSON Lines with a column of ids and one of questions. Not needed where the judgements hold the "
    "questions themselves."
)


def choose(dataset: Dataset, corpus: Corpus) -> Retrieval | None:
    """Let the person bring judgements, and questions; None while they are missing or cannot be used."""
    left, right = st.columns(2)
    judgements = left.file_uploader("Judgements", key=f"qrels-{dataset.id}", help=JUDGEMENTS_HELP)
    questions = right.file_uploader("Questions", key=f"questions-{dataset.id}", help=QUESTIONS_HELP)
    if judgements is None:
        st.info("Bring a file of judgements that name the texts of this table by their ids.", icon=":material/upload:")
        return None

    def build() -> Retrieval:
        asked = read_table(questions.getvalue(), name=questions.name).frame if questions else None
        qrels = read_qrels(judgements.getvalue(), name=judgements.name)
        return judged_gold(corpus.whole, corpus.text_column, qrels, asked)

    gold = None
    with plain_errors():
        key = NAME, corpus.digest, judgements.file_id, questions.file_id if questions else None
        gold = dataset.part(key, build)
    return gold
