"""What the model is to learn from: what the columns of the table are, as it looks at first."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from embedlab.escape import escape_markdown
from embedlab.examples import EXAMPLE_LAYOUTS, guess_examples
from embedlab.ui.choices import Selection, address
from embedlab.ui.parts import choose_group, choose_roles
from embedlab.ui.training import tasks

if TYPE_CHECKING:
    from embedlab.examples import Examples

LEARN_HELP = "It decides which recipes there are. " + " ".join(
    f"{layout.title}: {layout.description}" for layout in EXAMPLE_LAYOUTS.values()
)
PASSAGES_NOTE = "Whole texts are learned from, not their passages; of a long one the model reads the beginning."


def choose(selection: Selection) -> Examples:
    """Let the person say what the columns are; return what is learned from, and say how much it is.

    Raises
    ------
    InvalidInputError
        While no text column is chosen, or when too little is left.
    """
    if selection.splitting is not None:
        st.caption(f":material/splitscreen: {PASSAGES_NOTE}")
    selection = selection.of_documents
    corpus = selection.corpus
    guessed, columns = guess_examples(corpus.whole, corpus.text_column, selection.label_column)
    boxes = st.columns(4, vertical_alignment="bottom")
    with boxes[0]:
        name = address.pick(
            "learn",
            "Learn from",
            list(EXAMPLE_LAYOUTS),
            guessed,
            scope=selection.dataset.id,
            format_func=lambda name: EXAMPLE_LAYOUTS[name].title,
            help=LEARN_HELP,
        )
    chosen = choose_roles(selection, name, EXAMPLE_LAYOUTS[name], columns, boxes[1:])
    with boxes[-1]:
        group = choose_group(selection)
    examples = tasks.examples(selection, name, chosen | ({"group": group} if group else {}))
    if examples.n_set_aside:
        st.caption(f":material/info: {examples.n_set_aside:,} rows are set aside: blank, or without what is needed.")
    for remark in examples.remarks:
        st.caption(f":material/info: {escape_markdown(remark)}")
    return examples
