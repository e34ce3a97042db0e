"""What the Data page is made of: sources, how a file was read, and how to read it another way."""

from __future__ import annotations

import streamlit as st

from embedlab.datasets import Dataset, ReadOptions
from embedlab.errors import NotEnoughMemoryError, TableError
from embedlab.escape import escape_markdown
from embedlab.samples import SAMPLES
from embedlab.tables import ReadReport
from embedlab.ui import address, services

FILE_TYPES = ["csv", "tsv", "xlsx", "parquet", "jsonl", "json", "txt"]
FORMATS = {
    "csv": "CSV",
    "tsv": "TSV",
    "xlsx": "Excel workbook",
    "parquet": "Parquet",
    "jsonl": "JSON Lines",
    "json": "JSON",
    "txt": "Text, one a line",
}
DELIMITERS = {",": "comma ,", ";": "semicolon ;", "\t": "tab", "|": "bar |", "": "none: one column"}
# What each encoding is called by those who have to choose one.
ENCODINGS = {
    "utf-8": "Unicode (UTF-8)",
    "utf-16": "Unicode (UTF-16)",
    "cp1252": "Western (Windows 1252)",
    "cp1250": "Central European (Windows 1250)",
    "cp1251": "Cyrillic (Windows 1251)",
    "cp1253": "Greek (Windows 1253)",
    "cp1254": "Turkish (Windows 1254)",
    "cp932": "Japanese (Windows 932)",
    "euc_jp": "Japanese (EUC)",
    "cp949": "Korean (Windows 949)",
    "gb18030": "Chinese, simplified (GB 18030)",
    "big5": "Chinese, traditional (Big5)",
    "mac_roman": "Western (Macintosh)",
    "cp437": "Western (DOS)",
    "koi8_r": "Cyrillic (KOI8-R)",
}


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
        type=FILE_TYPES,
        key=f"upload-{st.session_state.get('n_uploads', 0)}",
        help="The file stays on this machine. It needs one column of texts; others are kept and can colour the map.",
    )
    if file is not None:
        _take(file.getvalue(), file.name)


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


def _take(content: bytes, name: str) -> None:
    """Read a file and switch to it; a file that cannot be read leaves everything as it was."""
    try:
        with st.spinner(f"Reading {escape_markdown(name)} …", show_time=True):
            dataset = services.datasets().add(content, name)
    except (TableError, NotEnoughMemoryError) as error:
        st.error(escape_markdown(str(error)), icon=":material/error:")
        return
    # A new key empties the uploader, so that leaving and coming back does not load the file again.
    st.session_state["n_uploads"] = st.session_state.get("n_uploads", 0) + 1
    switch_to(dataset.id)
    st.rerun()


def switch_to(dataset_id: str) -> None:
    """Make a dataset the chosen one from the next run on."""
    address.bring("dataset", dataset_id)


def show_report(dataset: Dataset) -> None:
    """Say how the table was read, and offer another way where the guess may be wrong."""
    report = dataset.table.report
    facts = [FORMATS.get(report.format, report.format), f"{report.n_rows:,} rows", f"{report.n_columns} columns"]
    if report.sheet:
        facts.append(f"sheet {escape_markdown(report.sheet)}")
    if report.encoding:
        facts.append(ENCODINGS.get(report.encoding, report.encoding))
    if report.delimiter:
        facts.append(f"delimiter {DELIMITERS[report.delimiter]}")
    st.caption(" · ".join(facts))
    for note in report.notes:
        st.caption(f":material/info: {escape_markdown(note)}")
    if dataset.content is not None and report.delimiter is not None:
        _offer_other_reading(dataset)


def _offer_other_reading(dataset: Dataset) -> None:
    report = dataset.table.report
    if not report.encoding_certain:
        _show_candidates(report)
    with (
        st.expander("Read it another way", expanded=not report.encoding_certain),
        st.form(f"reading-{dataset.id}", border=False),
    ):
        options = _reading_form(report)
        if st.form_submit_button("Read again", type="secondary" if report.encoding_certain else "primary"):
            _read_again(dataset, options)


def _show_candidates(report: ReadReport) -> None:
    """Show the lines in doubt as each likely encoding reads them."""
    st.warning(
        "The encoding of this file is a guess. Compare the lines below and choose the one that reads right.",
        icon=":material/translate:",
    )
    st.dataframe(
        [
            {
                "Encoding": ENCODINGS.get(candidate.encoding, candidate.encoding),
                "Reads as": " ⏎ ".join(candidate.samples),
            }
            for candidate in report.encoding_candidates
        ],
        hide_index=True,
        alt="The same lines of the file under each encoding it may be in",
    )


def _reading_form(report: ReadReport) -> ReadOptions:
    encoding, delimiter, header = st.columns(3)
    candidates = [candidate.encoding for candidate in report.encoding_candidates]
    delimiters = list(DELIMITERS)
    return ReadOptions(
        encoding.selectbox(
            "Encoding",
            list(dict.fromkeys([report.encoding or "utf-8", *candidates, *ENCODINGS])),
            format_func=lambda code: ENCODINGS.get(code, code),
            help="How the letters are stored. Try another when you see strange signs such as Ã¼.",
        ),
        delimiter.selectbox(
            "Delimiter",
            delimiters,
            index=delimiters.index(report.delimiter or ""),
            format_func=lambda sign: DELIMITERS[sign],
            help="What stands between the cells of a row.",
        ),
        header.selectbox(
            "First line",
            [True, False],
            index=0 if report.header else 1,
            format_func=lambda yes: "column names" if yes else "already data",
        ),
    )


def _read_again(dataset: Dataset, options: ReadOptions) -> None:
    try:
        again = services.datasets().add(dataset.content or b"", dataset.title, options)
    except (TableError, NotEnoughMemoryError) as error:
        st.error(escape_markdown(str(error)), icon=":material/error:")
        return
    # The new reading takes the place of the old one in the list.
    st.session_state["uploads"] = [upload for upload in st.session_state["uploads"] if upload != dataset.id]
    switch_to(again.id)
    st.rerun()
