"""What the texts are made of, in the panel on the left: the text column, others joined to it, how they are cleaned."""

from __future__ import annotations

import streamlit as st

from embedlab.cleaning import CLEANING_STEPS
from embedlab.datasets import Corpus, Dataset, Preparation
from embedlab.errors import Cancelled, InvalidInputError
from embedlab.ui.choices import address
from embedlab.ui.tasks import table_tasks, waiting


def choose_texts(dataset: Dataset) -> Preparation | None:
    """Let the person choose what makes the texts; None while no text column is chosen."""
    columns = list(dataset.table.frame.columns)
    first = address.pick(
        "text",
        "Text column",
        columns if dataset.text_column else [address.NONE, *columns],
        dataset.text_column or address.NONE,
        scope=dataset.id,
        format_func=lambda name: "Choose a column" if name == address.NONE else name,
        help="The column whose texts are embedded.",
    )
    if first == address.NONE:
        return None
    others = [column for column in columns if column != first]
    further = address.pick_several(
        "also",
        "and also",
        others,
        scope=dataset.id,
        placeholder="Join further columns",
        help="Their texts are put behind those of the text column, with an empty line between, such as title and body.",
    )
    cleaning = address.several("clean", CLEANING_STEPS, scope=dataset.id)
    preparation = Preparation((first, *further), tuple(cleaning))
    if preparation.cleaning:
        steps = ", ".join(CLEANING_STEPS[step].title for step in preparation.cleaning)
        st.caption(f":material/cleaning_services: Cleaned: {steps}. Change it on the Data page.")
    return preparation


def _prepare(dataset: Dataset, preparation: Preparation) -> Corpus:
    """Make the texts; whoever stops the cleaning gets them as they stand."""
    if not preparation.cleaning:
        with st.spinner("Preparing the texts …"):
            return dataset.corpus(preparation)
    try:
        corpus = waiting.await_task(table_tasks.clean(dataset, preparation))
    except Cancelled:
        waiting.start_again()
        address.bring_several("clean", ())
        st.rerun()
    # The dataset may have forgotten it, the job has not.
    return dataset.part(("texts", preparation), lambda: corpus)


def choose_labels(dataset: Dataset, preparation: Preparation | None) -> str | None:
    """Let the person choose the column of known groups, also among those that cleaning has brought."""
    columns, text_column = list(dataset.table.frame.columns), ""
    if preparation is not None:
        try:
            corpus = _prepare(dataset, preparation)
            columns, text_column = list(corpus.whole.columns), corpus.text_column
        except InvalidInputError:
            text_column = preparation.columns[0]  # The page says what is wrong with the texts.
    others = [column for column in columns if column != text_column]
    label_column = address.pick(
        "label",
        "Label column",
        [address.NONE, *others],
        dataset.label_column if dataset.label_column in others else address.NONE,
        scope=dataset.id,
        format_func=lambda name: "None" if name == address.NONE else name,
        help="Known groups, if there are any, to hold the found clusters against and to learn from.",
    )
    return None if label_column == address.NONE else label_column
