"""How a file was read, as the Data page says it, and how to read it another way."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from embedlab.datasets import Dataset, ReadOptions
from embedlab.escape import escape_markdown
from embedlab.tables import ReadReport
from embedlab.ui.choices import address
from embedlab.ui.parts import plain_errors
from embedlab.ui.sessions import departures
from embedlab.ui.tasks import services

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


def show_table(dataset: Dataset) -> None:
    """Show a table under its name, with how it was read."""
    st.subheader(escape_markdown(dataset.title), anchor=False)
    show_report(dataset)
    frame = dataset.table.frame
    st.dataframe(frame, height=320 if len(frame) > 8 else "content", alt="The table as it was read")


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
    if dataset.content is not None:
        _offer_repair(dataset)
    if dataset.content is not None and (report.delimiter is not None or report.sheet):
        _offer_other_reading(dataset)


def _offer_repair(dataset: Dataset) -> None:
    """Show what a repair of texts that were encoded twice would change, and leave it to the person."""
    if dataset.options.repair:
        if st.button("Undo the repair", icon=":material/undo:", help="Read the texts as they stand in the file."):
            _read_again(dataset, replace(dataset.options, repair=False))
        return
    found = dataset.double_encoding
    if not found.n_cells:
        return
    with st.container(border=True):
        st.markdown(
            f"**{found.n_cells:,} cells look as if they had been read in a wrong encoding** before they were saved.",
            help="A program took one encoding for another, so that ö became Ã¶, and saved that. Nothing changes unless "
            "you agree; the file itself stays as it is.",
        )
        st.dataframe(
            [{"As it stands": before[:200], "Repaired": after[:200]} for before, after in found.examples],
            hide_index=True,
            alt="Some of these cells before and after the repair",
        )
        if st.button("Repair these cells", icon=":material/build:"):
            _read_again(dataset, replace(dataset.options, repair=True))


def _offer_other_reading(dataset: Dataset) -> None:
    report = dataset.table.report
    if not report.encoding_certain:
        _show_candidates(report)
    with (
        st.expander("Read it another way", expanded=not report.encoding_certain),
        st.form(f"reading-{dataset.id}", border=False),
    ):
        options = _reading_form(dataset)
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


def _reading_form(dataset: Dataset) -> ReadOptions:
    report = dataset.table.report
    if report.sheet:
        header, trim = st.columns(2)
        return replace(dataset.options, header=_choose_header(header, report), trim=_choose_trim(trim, dataset))
    encoding, delimiter, header, trim = st.columns(4)
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
        _choose_header(header, report),
        _choose_trim(trim, dataset),
        dataset.options.repair,
    )


def _choose_header(place: DeltaGenerator, report: ReadReport) -> bool:
    return place.selectbox(
        "First line",
        [True, False],
        index=0 if report.header else 1,
        format_func=lambda yes: "column names" if yes else "already data",
    )


def _choose_trim(place: DeltaGenerator, dataset: Dataset) -> bool:
    return place.selectbox(
        "Titles and remarks",
        [True, False],
        index=0 if dataset.options.trim else 1,
        format_func=lambda yes: "set aside" if yes else "kept as rows",
        help="Lines above the column names and below the last row that are no part of the table, such as a source.",
    )


def _read_again(dataset: Dataset, options: ReadOptions) -> None:
    with plain_errors():
        again = services.datasets().add(dataset.content or b"", dataset.title, options, departures.visitor())
        # The new reading takes the place of the old one in the list.
        st.session_state["uploads"] = [upload for upload in st.session_state["uploads"] if upload != dataset.id]
        address.bring("dataset", again.id)
        st.rerun()
