"""Where the texts come from: a file, a pasted list, a sample."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.scriptrunner import get_script_run_ctx

from embedlab.escape import escape_markdown
from embedlab.samples import SAMPLES
from embedlab.ui.choices import address
from embedlab.ui.parts import plain_errors
from embedlab.ui.sessions import departures
from embedlab.ui.tasks import services

if TYPE_CHECKING:
    from streamlit.runtime.uploaded_file_manager import UploadedFile


def show_sources() -> None:
    """Offer a file, a pasted list and the samples."""
    ways = ["Upload a file", "Paste texts", "Samples"]
    source = address.switch("source", "Where the texts come from", ways, label_visibility="collapsed")
    if source == "Upload a file":
        _upload()
    elif source == "Paste texts":
        _paste()
    else:
        _samples()


def _upload() -> None:
    file = st.file_uploader(
        "Your file",
        key=f"upload-{st.session_state.get('n_uploads', 0)}",
        help="The file stays on this machine. It needs one column of texts; others are kept and can colour the map.",
    )
    if file is not None:
        _take(file.getvalue(), file.name, file)


def _drop_copy(file: UploadedFile) -> None:
    """Have Streamlit drop the file, which it would keep until the session ends, however many follow."""
    context = get_script_run_ctx()
    if context is not None and isinstance(context.uploaded_file_mgr, MemoryUploadedFileManager):
        context.uploaded_file_mgr.remove_file(context.session_id, file.file_id)


def _paste() -> None:
    with st.form("paste", border=False):
        pasted = st.text_area(
            "One text a line", height=160, placeholder="The parcel never came.\nWhere is my order?\nI love this lamp."
        )
        if st.form_submit_button("Use these texts", type="primary"):
            _take(pasted.encode("utf-8", "replace"), "pasted.txt")


def _samples() -> None:
    for column, sample in zip(st.columns(len(SAMPLES)), SAMPLES.values(), strict=True):
        with column.container(border=True, height="stretch"):
            st.markdown(f"**{sample.title}**")
            st.caption(sample.description)
            st.button("Use this sample", key=f"use-{sample.name}", on_click=switch_to, args=(sample.name,))


def _take(content: bytes, name: str, file: UploadedFile | None = None) -> None:
    """Read a file and switch to it; a file that cannot be read leaves everything as it was."""
    with plain_errors():
        with st.spinner(f"Reading {escape_markdown(name)} …", show_time=True):
            dataset = services.datasets().add(content, name, visitor=departures.visitor())
        if file is not None:
            _drop_copy(file)
        # A new key empties the uploader, so that leaving and coming back does not load the file again.
        st.session_state["n_uploads"] = st.session_state.get("n_uploads", 0) + 1
        switch_to(dataset.id)
        st.rerun()


def switch_to(dataset_id: str) -> None:
    """Make a dataset the chosen one from the next run on."""
    address.bring("dataset", dataset_id)
