"""Keeping a trained model under a name, by which it is chosen on every page."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from embedlab.escape import escape_markdown
from embedlab.exports import EXPORT_FORMATS, to_parquet
from embedlab.ui.choices import Selection, address
from embedlab.ui.frame import PAGES, show_link
from embedlab.ui.parts import downloads, plain_errors
from embedlab.ui.training import Lesson, tasks

if TYPE_CHECKING:
    from embedlab.training import Training
    from embedlab.verdicts import Verdict

NAME_HELP = "Letters and digits. A digest of its files stands behind it, so that no model takes the place of another."
KEEP_HELP = "Puts the model on this machine beside those of the catalog, and chooses it on every page."
TABLE = "training.parquet"
PROGRAM_WORDS = (
    "Plain torch and sentence-transformers, without EmbedLab: the same weights to the last bit, with the same versions "
    "on the same kind of processor. A test runs such programs and compares the weights. Put both files into one folder."
)
PROGRAM_HELP = "It names the cells that are learned from, and holds no text itself; with another table it stops."
_KEPT = "kept-from-training"
_GO_ON = ("Search", "Compare", "Models")


def say_kept(selection: Selection) -> None:
    """Say that the chosen model has just been kept here, and lead on."""
    name, base = st.session_state.get(_KEPT, ("", ""))
    if name != selection.model:
        return
    st.success(
        f"**{escape_markdown(name)}** is kept, and chosen on every page. It can be trained further here; choose "
        f"{escape_markdown(base)} in the panel on the left to see its own training again.",
        icon=":material/bookmark_added:",
    )
    with st.container(horizontal=True):
        for page in PAGES:
            if page.title in _GO_ON:
                show_link(page, page.title, page.icon)


def offer(lesson: Lesson, done: Training, found: Verdict) -> None:
    """Offer to keep the model; the button stands out where it is better."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        name = st.text_input("Name", _suggest_name(lesson), key="kept-name", help=NAME_HELP, width=360)
        is_wanted = st.button(
            "Keep",
            type="primary" if found.is_better else "secondary",
            icon=":material/bookmark_add:",
            disabled=not name.strip(),
            help=KEEP_HELP,
        )
    if is_wanted:
        kept = tasks.keep(done, found, name)
        st.session_state[_KEPT] = kept, lesson.model
        address.bring("model", kept)
        st.rerun()


def offer_program(selection: Selection, lesson: Lesson, done: Training) -> None:
    """Offer the program that makes the weights again, and the table it reads."""
    with plain_errors():
        program = tasks.program(selection, lesson, done, TABLE)
        st.caption(PROGRAM_WORDS)
        parquet = EXPORT_FORMATS["Parquet"].media_type
        with st.container(horizontal=True):
            downloads.draw(
                "Download program", downloads.File("train.py", "text/x-python", program.encode, PROGRAM_HELP)
            )
            downloads.draw(
                "Download its table", downloads.File(TABLE, parquet, lambda: to_parquet(tasks.table_of(selection)))
            )


def _suggest_name(lesson: Lesson) -> str:
    return "-".join([lesson.model.rpartition("/")[2], lesson.settings.recipe])
