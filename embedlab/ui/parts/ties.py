"""Which rows know of each other: a group column and near-duplicates, chosen alike wherever texts are held out."""

from __future__ import annotations

from typing import NamedTuple

import streamlit as st

from embedlab.ui.choices import Selection, address

GROUP_HELP = (
    "What rows share that know of each other, such as author, ticket or document. They are held out together, or what "
    "was learned from one would tell the other, and an interval counts them as one."
)
NEAR_HELP = (
    "Texts that differ in a few letters, in case or in punctuation are kept together as copies are. Found by their "
    "letters, whatever the model makes of them."
)


class Ties(NamedTuple):
    """What is kept together beside copies: rows with the same value of a column, and near-duplicates."""

    column: str | None
    near_duplicates: bool


def choose_ties(selection: Selection) -> Ties:
    """Let the person say what is kept together; nothing but copies at first."""
    left, right = st.columns([1, 2], vertical_alignment="bottom")
    with left:
        column = choose_group(selection)
    with right:
        near = choose_near(selection)
    return Ties(column, near)


def choose_near(selection: Selection) -> bool:
    """Let the person say whether near-duplicates are kept together; not at first."""
    return address.turn("near", "Keep near-duplicates together", scope=selection.dataset.id, help=NEAR_HELP)


def choose_group(selection: Selection) -> str | None:
    """Let the person choose the column whose equal cells are kept together; none at first."""
    corpus = selection.corpus
    columns = [str(column) for column in corpus.whole.columns if column != corpus.text_column]
    column = address.pick(
        "group",
        "Group column",
        [address.NONE, *columns],
        address.NONE,
        scope=selection.dataset.id,
        format_func=lambda name: "None" if name == address.NONE else name,
        help=GROUP_HELP,
    )
    return None if column == address.NONE else column
