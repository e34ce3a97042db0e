"""Home: what the lab is, what is chosen, and a card a page."""

import psutil
import streamlit as st

from embedlab.escape import escape_markdown
from embedlab.models import pick_device
from embedlab.ui import address
from embedlab.ui.frame import PAGES, Selection, run_page

DEVICE_NAMES = {"cpu": "Processor", "cuda": "NVIDIA GPU", "mps": "Apple GPU"}


def show(selection: Selection) -> None:
    st.title("See what sentence embeddings do to your texts")
    st.markdown(
        "An embedding model turns each text into a list of numbers, so that texts that mean the same lie close "
        "together. EmbedLab shows what a model makes of **your** texts: a similarity matrix, named clusters on a map, "
        "search by meaning. Everything stays on this machine."
    )
    show_status(selection)
    st.space("small")
    columns = st.columns(len(PAGES) - 1)
    for column, page in zip(columns, PAGES[1:], strict=True):
        with column.container(border=True, height="stretch"):
            st.markdown(f"#### {page.icon} {page.title}")
            st.markdown(page.description)
            st.page_link(
                page.file, label=f"Open {page.title}", icon=":material/arrow_forward:", query_params=address.current()
            )


def show_status(selection: Selection) -> None:
    memory = psutil.virtual_memory()
    used = psutil.Process().memory_info().rss
    dataset, model, device, held = st.columns(4)
    dataset.metric(
        "Dataset",
        escape_markdown(selection.dataset.title),
        f"{selection.dataset.table.report.n_rows:,} rows",
        delta_color="off",
        delta_arrow="off",
        border=True,
    )
    model.metric(
        "Model", selection.model, f"{selection.pooling_mode} pooling", delta_color="off", delta_arrow="off", border=True
    )
    device.metric(
        "Runs on",
        DEVICE_NAMES[pick_device()],
        f"{psutil.cpu_count()} cores",
        delta_color="off",
        delta_arrow="off",
        border=True,
    )
    held.metric(
        "Memory used",
        f"{used / 2**30:.1f} GiB",
        f"{memory.available / 2**30:.1f} GiB free",
        delta_color="off",
        delta_arrow="off",
        border=True,
    )


run_page("Home", show)
