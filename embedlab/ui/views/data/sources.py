"""Where the texts come from: files, a pasted list, a sample."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.scriptrunner import get_script_run_ctx

from embedlab.datasets import title_of
from embedlab.errors import UnreadFilesError
from embedlab.escape import escape_markdown
from embedlab.reading import number_names
from embedlab.samples import SAMPLES
from embedlab.ui.choices import address
from embedlab.ui.parts import plain_errors
from embedlab.ui.sessions import departures
from embedlab.ui.tasks import services

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from streamlit.runtime.uploaded_file_manager import UploadedFile


UPLOAD_HELP = (
    "They stay on this machine. One column of texts is needed; others are kept and can colour the map. Several files "
    "at once become one table, with a column that says which file a row comes from."
)


def show_sources() -> None:
    """Offer files, a pasted list and the samples."""
    ways = ["Upload files", "Paste texts", "Samples"]
    source = address.switch("source", "Where the texts come from", ways, label_visibility="collapsed")
    if source == "Upload files":
        _upload()
    elif source == "Paste texts":
        _paste()
    else:
        _samples()


def _upload() -> None:
    files = st.file_uploader(
        "Your files",
        accept_multiple_files=True,
        key=f"upload-{st.session_state.get('n_uploads', 0)}",
        help=UPLOAD_HELP,
    )
    if files:
        names = number_names([file.name for file in files])
        _take([(name, file.getvalue()) for name, file in zip(names, files, strict=True)], files)


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
            _take([("pasted.txt", pasted.encode("utf-8", "replace"))])


def _samples() -> None:
    for column, sample in zip(st.columns(len(SAMPLES)), SAMPLES.values(), strict=True):
        with column.container(border=True, height="stretch"):
            st.markdown(f"**{sample.title}**")
            st.caption(sample.description)
            st.button("Use this sample", key=f"use-{sample.name}", on_click=switch_to, args=(sample.name,))


def _take(files: Sequence[tuple[str, bytes]], uploaded: Sequence[UploadedFile] = ()) -> None:
    """Read files and switch to them; one that cannot be read leaves everything as it was."""
    with plain_errors():
        try:
            with st.spinner(f"Reading {escape_markdown(title_of([name for name, _ in files]))} …", show_time=True):
                dataset = services.datasets().add_files(files, visitor=departures.visitor())
        except UnreadFilesError as error:
            _offer_others(files, error.said, uploaded)
            return
        for file in uploaded:
            _drop_copy(file)
        # A new key empties the uploader, so that leaving and coming back does not load the files again.
        st.session_state["n_uploads"] = st.session_state.get("n_uploads", 0) + 1
        switch_to(dataset.id)
        st.rerun()


def _offer_others(
    files: Sequence[tuple[str, bytes]], said: Mapping[str, str], uploaded: Sequence[UploadedFile]
) -> None:
    """Say what is wrong with some of the files, and offer to go on with the others."""
    others = [file for file in files if file[0] not in said]
    lines = "".join(f"\n- {escape_markdown(sentence)}" for sentence in said.values())
    st.error(f"{len(said):,} of {len(files):,} files cannot be read, and nothing was loaded yet.{lines}")
    number = "one" if len(others) == 1 else f"{len(others):,}"
    if others and st.button(f"Use the {number} that can be read", type="primary"):
        _take(others, uploaded)


def switch_to(dataset_id: str) -> None:
    """Make a dataset the chosen one from the next run on."""
    address.bring("dataset", dataset_id)
