"""What is known about the texts: chosen from the columns of the table."""

from __future__ import annotations

import streamlit as st

from embedlab.comparison import LAYOUTS, Gold, build_gold, guess_layout
from embedlab.escape import escape_markdown
from embedlab.ui.choices import Selection, address
from embedlab.ui.parts import choose_ties


def choose(selection: Selection) -> tuple[Gold, dict[str, str]]:
    """Let the person say what her table knows about its texts, what it looks like first; return it and its columns.

    Raises
    ------
    InvalidInputError
        While no text column is chosen, or when too little is left.
    """
    dataset, frame = selection.dataset, selection.dataset.table.frame
    text_column = selection.corpus.frame.columns[0] if selection.text_column is None else selection.text_column
    guessed, columns = guess_layout(frame, text_column, selection.label_column)
    boxes = st.columns(3, vertical_alignment="bottom")
    with boxes[0]:
        layout = address.pick(
            "known",
            "What is known about the texts",
            list(LAYOUTS),
            guessed,
            scope=dataset.id,
            format_func=lambda name: LAYOUTS[name].title,
            help="It decides which figures can be taken. "
            + " ".join(f"{kind.title}: {kind.description}" for kind in LAYOUTS.values()),
        )
    others = [str(column) for column in frame.columns if column != text_column]
    chosen = {"text": text_column}
    for box, (role, title) in zip(boxes[1:], LAYOUTS[layout].roles.items(), strict=False):
        with box:
            default = columns.get(role) if layout == guessed else None
            chosen[role] = address.pick(
                role,
                title,
                others or [text_column],
                default if default in others else (others or [text_column])[0],
                scope=f"{dataset.id}:{layout}",
            )
    ties = choose_ties(selection)
    if ties.column is not None:
        chosen["group"] = ties.column
    gold = dataset.part(
        (layout, *chosen.items(), ties),
        lambda: build_gold(frame, layout, chosen, near_duplicates=ties.near_duplicates),
    )
    st.caption(_describe(gold))
    if gold.ties:
        st.caption(f":material/link: {escape_markdown(gold.ties[0].upper() + gold.ties[1:])}.")
    for remark in gold.remarks:
        st.caption(f":material/info: {escape_markdown(remark)}")
    return gold, chosen


def _describe(gold: Gold) -> str:
    said = {
        "pairs": f"{len(gold.texts) // 2:,} pairs",
        "retrieval": f"{len(gold.queries):,} questions about {len(gold.texts):,} texts",
        "labels": f"{len(gold.texts):,} texts with labels",
        "texts": f"{len(gold.corpus):,} texts; nothing is known about them, so some are changed on purpose",
    }[gold.kind]
    return said + (
        f". {gold.n_set_aside:,} rows are set aside: blank, without a number, or with a label of fewer than five texts."
        if gold.n_set_aside
        else "."
    )
