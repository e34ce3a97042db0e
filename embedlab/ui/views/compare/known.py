"""What is known about the texts: chosen from the columns of the table, or brought as judgements."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import streamlit as st

from embedlab.escape import escape_markdown
from embedlab.evaluation import CUTOFF, CUTOFFS
from embedlab.gold import LAYOUTS, Gold, MultiLabelled, Pairs, Retrieval, guess_layout
from embedlab.ui.choices import Selection, address
from embedlab.ui.parts import choose_roles, choose_ties
from embedlab.ui.tasks import table_tasks, waiting
from embedlab.ui.views.compare import judged

if TYPE_CHECKING:
    from embedlab.comparison import Candidate

HITS_HELP = "How many of the best hits of a question a person looks at; what comes behind them does not count."
PASSAGES_NOTE = (
    "Whole texts are compared here, not their passages: what is known is known of a document, and its passages would "
    "tell of each other. *Mean of passages* reads a long text to its end."
)
DESCRIBED = {
    **{name: (layout.title, layout.description) for name, layout in LAYOUTS.items()},
    judged.NAME: (judged.TITLE, judged.DESCRIPTION),
}


def of_documents(selection: Selection) -> Selection:
    """Return the choices with whole texts, and say so where they are split: what is known is known of documents."""
    if selection.splitting is not None:
        st.caption(f":material/splitscreen: {PASSAGES_NOTE}")
    return selection.of_documents


def choose(selection: Selection) -> tuple[Gold | None, dict[str, str]]:
    """Let the person say what is known about her texts, what the table looks like first.

    Returns
    -------
    gold : Gold or None
        None while a file is missing.
    columns : dict of str to str
        What the columns of the table are.

    Raises
    ------
    InvalidInputError
        While no text column is chosen, or when too little is left.
    """
    dataset, corpus = selection.dataset, selection.corpus
    frame, text_column = corpus.whole, corpus.text_column
    guessed, columns = guess_layout(frame, text_column, selection.label_column)
    boxes = st.columns(3, vertical_alignment="bottom")
    with boxes[0]:
        layout = address.pick(
            "known",
            "What is known about the texts",
            list(DESCRIBED),
            guessed,
            scope=dataset.id,
            format_func=lambda name: DESCRIBED[name][0],
            help="It decides which figures can be taken. "
            + " ".join(f"{title}: {description}" for title, description in DESCRIBED.values()),
        )
    gold: Gold | None
    if layout == judged.NAME:
        gold, chosen = judged.choose(dataset, corpus), {"text": text_column}
    else:
        chosen = choose_roles(selection, layout, LAYOUTS[layout], columns, boxes[1:])
        ties = choose_ties(selection)
        if ties.column is not None:
            chosen["group"] = ties.column
        gold = dataset.part(
            (layout, corpus.digest, *chosen.items(), ties),
            lambda: waiting.await_task(table_tasks.read_known(selection, layout, chosen, ties.near_duplicates)),
        )
    if isinstance(gold, Retrieval):
        gold = _choose_hits(selection, gold)
    if gold is not None:
        _say(gold)
        if selection.cleaning and isinstance(gold, Pairs | Retrieval):
            st.caption("Only the text column is cleaned; what its texts are held against is not.")
    return gold, chosen


def choose_reference(candidates: list[Candidate]) -> Candidate:
    """Let the person say which candidate the others' neighbours are held against; the first in the list at first."""
    by_key = {candidate.key: candidate for candidate in candidates}
    return by_key[
        address.pick(
            "reference",
            "Hold the others against",
            list(by_key),
            candidates[0].key,
            format_func=lambda key: by_key[key].title,
            help="Nothing is known about the texts, so the neighbours one candidate finds are taken for the right "
            "ones. Choose the one you trust most.",
        )
    ]


def _choose_hits(selection: Selection, gold: Retrieval) -> Retrieval:
    """Let the person choose how many hits of a question count."""
    with st.columns(3)[0]:
        top_k = int(address.pick("hits", "Hits that count", list(map(str, CUTOFFS)), str(CUTOFF), help=HITS_HELP))
    return selection.dataset.part(("hits", gold.digest, top_k), lambda: replace(gold, top_k=top_k))


def _say(gold: Gold) -> None:
    st.caption(_describe(gold))
    if gold.ties:
        st.caption(f":material/link: {escape_markdown(gold.ties[0].upper() + gold.ties[1:])}.")
    for remark in gold.remarks:
        st.caption(f":material/info: {escape_markdown(remark)}")


def _describe(gold: Gold) -> str:
    n_labels = len(gold.names) if isinstance(gold, MultiLabelled) else 0
    said = {
        "pairs": f"{len(gold.texts) // 2:,} pairs",
        "retrieval": f"{len(gold.queries):,} questions about {len(gold.texts):,} texts",
        "labels": f"{len(gold.texts):,} texts with labels",
        "several labels": f"{len(gold.texts):,} texts with one or several of {n_labels:,} labels",
        "texts": f"{len(gold.corpus):,} texts; nothing is known about them, so some are changed on purpose",
    }[gold.kind]
    return said + (
        f". {gold.n_set_aside:,} rows are set aside: blank, without a number, or with a label of fewer than five texts."
        if gold.n_set_aside
        else "."
    )
