"""What the home page is made of: what is chosen, a card a page, the texts at a glance."""

from __future__ import annotations

from typing import TYPE_CHECKING

import psutil
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from embedlab.escape import escape_markdown
from embedlab.ui.frame import PAGES, groups, show_link
from embedlab.ui.parts import plain_errors, point_map
from embedlab.ui.tasks import services

if TYPE_CHECKING:
    from embedlab.ui.choices import Selection

DEVICE_NAMES = {"cpu": "Processor", "cuda": "NVIDIA GPU", "mps": "Apple GPU"}
# More texts than this are not embedded before somebody asks for it.
MAX_GLANCE = 2000
CARDS_A_ROW = 3


def show_status(selection: Selection) -> DeltaGenerator:
    """Show what is chosen, and return the place for the device, which takes a moment to find out."""
    dataset, model, device, memory = st.columns(4)
    with dataset:
        _show_fact(
            "Dataset", escape_markdown(selection.dataset.title), f"{selection.dataset.table.report.n_rows:,} rows"
        )
    with model:
        _show_fact("Model", escape_markdown(selection.model), f"{selection.pooling_mode} pooling")
    with memory:
        used, free = psutil.Process().memory_info().rss, psutil.virtual_memory().available
        _show_fact("Memory used", f"{used / 2**30:.1f} GiB", f"{free / 2**30:.1f} GiB free")
    slot = device.empty()
    with slot:
        _show_fact("Runs on", "…", "finding out")
    return slot


def _show_fact(label: str, value: str, detail: str, more: str | None = None) -> None:
    st.metric(label, value, detail, delta_color="off", delta_arrow="off", border=True, help=more)


def show_cards() -> None:
    """Draw a card a page, in the groups of the menu."""
    for name, pages in groups([page for page in PAGES if page.has_card]).items():
        st.subheader(name)
        for start in range(0, len(pages), CARDS_A_ROW):
            for column, page in zip(st.columns(CARDS_A_ROW), pages[start : start + CARDS_A_ROW], strict=False):
                with column.container(border=True, height="stretch"):
                    st.markdown(f"#### {page.icon} {page.title}")
                    st.markdown(page.description)
                    show_link(page, f"Open {page.title}", ":material/arrow_forward:")


def show_glance(selection: Selection) -> None:
    """Draw the map of the texts, where they are few."""
    with plain_errors():
        if selection.text_column and len(selection.corpus.texts) <= MAX_GLANCE:
            st.subheader("Your texts at a glance")
            point_map.show_glance(selection, point_map.compute(selection))


def show_device(selection: Selection, place: DeltaGenerator) -> None:
    """Say what the model runs on, in the place kept for it."""
    with place:
        words = services.processor_words(selection)
        _show_fact("Runs on", DEVICE_NAMES[services.device()], services.way(selection), words)
