"""What becomes of texts that are longer than the model reads, in the panel on the left: cut, or split into passages."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, NoReturn

import numpy as np
import streamlit as st

from embedlab.errors import EmbedLabError
from embedlab.models import OWN_VECTORS
from embedlab.texts import Splitting
from embedlab.ui.choices import address
from embedlab.ui.tasks import reading, services

if TYPE_CHECKING:
    from embedlab.datasets import Corpus
    from embedlab.ui.choices import Selection

CUT, PASSAGES = "cut", "passages"
WAYS = {CUT: "Cut at the model's limit", PASSAGES: "Split into passages"}
HELP = (
    "A model reads so many tokens of a text, words or pieces of words. Of a longer text it sees the beginning alone, "
    "unless the text is split: each passage is then a text of its own, whole sentences where they fit. Pages show the "
    "document it is from, and search finds documents."
)
LENGTH_HELP = "Tokens of a passage at most, with those the model sets around it."
OVERLAP_HELP = "Tokens at the end of a passage that come again in the next, so that nothing is torn apart."
# What reads texts of any length asks for some length; a page of a book has more.
DEFAULT_LENGTH, MOST = 256, 8192
SHORTEST = 8


def choose(selection: Selection) -> Selection:
    """Let the person say what becomes of long texts, and return her choices with that."""
    if selection.model == OWN_VECTORS:
        st.caption("The vectors you have brought are of whole texts, so these are not split.")
        return selection
    if selection.text_column is None:
        return selection
    try:
        splitting = _choose_splitting(selection)
    except EmbedLabError as error:
        # The page that asks for the passages says what is wrong with the model; nobody gets whole texts instead.
        return replace(selection, splitting=Splitting(), split=partial(_refuse, error))
    if splitting is None:
        return selection
    return replace(selection, splitting=splitting, split=partial(services.passages, selection, splitting))


def _refuse(error: EmbedLabError) -> NoReturn:
    raise error


def _choose_splitting(selection: Selection) -> Splitting | None:
    way = address.pick(
        "long", "Long texts", list(WAYS), CUT, scope=selection.dataset.id, format_func=lambda way: WAYS[way], help=HELP
    )
    if way == CUT:
        for key in ("length", "overlap"):
            address.write(key, "")
        return None
    limit = services.encoder(selection).max_seq_length
    usual, most = limit or DEFAULT_LENGTH, limit or MOST
    left, right = st.columns(2)
    with left:
        shortest = min(SHORTEST, most)
        length = address.count("length", "Tokens", usual, (shortest, most), scope=selection.model, help=LENGTH_HELP)
    with right:
        overlap = address.count("overlap", "Overlap", 0, (0, length - 1), help=OVERLAP_HELP)
    return Splitting(None if length == limit else length, overlap)


def say_split(corpus: Corpus) -> None:
    """Say how many passages there are of how many texts."""
    if corpus.documents is None or corpus.passages is None:
        return
    n_split = int(np.count_nonzero(np.bincount(corpus.passages.document) > 1))
    st.caption(
        f":material/splitscreen: **{len(corpus.texts):,}** passages of {len(corpus.documents.texts):,} texts, of which "
        f"{n_split:,} {'was' if n_split == 1 else 'were'} split."
    )


def say_cut(selection: Selection) -> None:
    """Say how many texts the model cuts, as soon as some page has counted their tokens."""
    if selection.splitting is not None:
        return
    try:
        counted = reading.n_cut(selection)
    except EmbedLabError:
        return  # The page says what is wrong with the texts or the model.
    if counted is None:
        return
    n_cut, n_looked_at = counted
    if n_cut:
        st.caption(f":material/content_cut: **{n_cut:,}** of {n_looked_at:,} texts are longer, and are cut.")
    else:
        st.caption(f"None of {n_looked_at:,} texts is longer.")
