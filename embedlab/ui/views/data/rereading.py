"""How to read a file another way: another part of it, repaired, other names of columns, other signs."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pandas as pd
import streamlit as st

from embedlab.datasets import Dataset
from embedlab.escape import escape_markdown
from embedlab.reading import ALL_TABLES
from embedlab.tables import ReadOptions, ReadReport
from embedlab.ui.choices import address
from embedlab.ui.parts import plain_errors
from embedlab.ui.sessions import departures
from embedlab.ui.tasks import services

DELIMITERS = {",": "comma ,", ";": "semicolon ;", "\t": "tab", "|": "bar |", "": "none: one column"}
OWN_SIGN = "that of each file"
TAKEN_FOR = "Taken for"
MOST_NAMES, MOST_ABOVE = 10, 1_000
SKIP_HELP = "Lines at the top, such as a title, that are left out. They are counted as they stand in the file."
NAMES_HELP = (
    "How many rows hold the names of the columns: 0 for none, 1 mostly, 2 or 3 in exports of survey tools. Names over "
    "several rows are joined."
)
SAME_ROWS = "The same rows hold the names in each file"
TRIM_HELP = "Lines above the column names and below the last row that are no part of the table, such as a source."
# What each encoding is called by those who have to choose one.
ENCODINGS = {
    "utf-8": "Unicode (UTF-8)",
    "utf-16": "Unicode (UTF-16)",
    "cp1252": "Western (Windows 1252)",
    "cp1250": "Central European (Windows 1250)",
    "cp1251": "Cyrillic (Windows 1251)",
    "cp1253": "Greek (Windows 1253)",
    "cp1254": "Turkish (Windows 1254)",
    "cp1255": "Hebrew (Windows 1255)",
    "cp1256": "Arabic (Windows 1256)",
    "cp1257": "Baltic (Windows 1257)",
    "cp874": "Thai (Windows 874)",
    "cp932": "Japanese (Windows 932)",
    "euc_jp": "Japanese (EUC)",
    "iso2022_jp_ext": "Japanese (ISO 2022)",
    "cp949": "Korean (Windows 949)",
    "gb18030": "Chinese, simplified (GB 18030)",
    "big5": "Chinese, traditional (Big5)",
    "mac_roman": "Western (Macintosh)",
    "cp437": "Western (DOS)",
    "koi8_r": "Cyrillic (KOI8-R)",
}


def offer(dataset: Dataset) -> None:
    """Offer another way where the guess may be wrong; of several files, what is said holds for each."""
    report = dataset.table.report
    if len(report.parts) > 1:
        _offer_parts(dataset)
    _offer_repair(dataset)
    if report.head or (report.files and not report.encoding_certain):
        _offer_other_reading(dataset)


def say_part(part: str) -> str:
    """Say what was read of a file of several tables."""
    return "all its tables as one" if part == ALL_TABLES else part


def _offer_parts(dataset: Dataset) -> None:
    """Let a person choose what is read of a file that holds several tables; it is read at once."""
    report = dataset.table.report
    chosen = st.selectbox(
        "Each file holds several tables" if len(dataset.files) > 1 else "The file holds several tables",
        report.parts,
        index=report.parts.index(report.part) if report.part in report.parts else None,
        key=f"part-{dataset.id}",
        format_func=say_part,
        placeholder="Not the same one of each",
        help="Sheets, tables of a database, files of an archive, chats, lists of records. One is read at a time, or "
        "all tables of an archive as one, with a column for the name of the file.",
    )
    if chosen not in (None, report.part):
        read_again(dataset, replace(dataset.options, part=chosen, header_rows=None, skip_rows=None))


def _offer_repair(dataset: Dataset) -> None:
    """Show what a repair of texts that were encoded twice would change, and leave it to the person."""
    if dataset.options.repair:
        if st.button("Undo the repair", icon=":material/undo:", help="Read the texts as they stand in the file."):
            read_again(dataset, replace(dataset.options, repair=False))
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
            read_again(dataset, replace(dataset.options, repair=True))


def _offer_other_reading(dataset: Dataset) -> None:
    report = dataset.table.report
    if not report.encoding_certain:
        _show_candidates(report)
    with (
        st.expander("Read it another way", expanded=not report.encoding_certain),
        st.form(f"reading-{dataset.id}", border=False),
    ):
        options = dataset.options
        if report.files:
            st.markdown(f"What you say here holds for **each of the {len(report.files):,} files**.")
        if report.head:
            options = replace(options, **_choose_names(dataset))
        if report.delimiter is not None or report.files:
            options = replace(options, **_choose_signs(dataset))
        if st.form_submit_button("Read again", type="secondary" if report.encoding_certain else "primary"):
            read_again(dataset, options)


def _show_candidates(report: ReadReport) -> None:
    """Show the lines in doubt as each likely encoding reads them."""
    st.warning(
        f"The encoding of {'one of these files' if report.files else 'this file'} is a guess. Compare the lines below "
        "and choose the one that reads right.",
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


def _choose_names(dataset: Dataset) -> dict[str, Any]:
    """Show the first rows as they stand, and let a person say which of them are names."""
    report = dataset.table.report
    st.markdown(_say_names(report))
    st.dataframe(
        _first_rows(report),
        row_height=28,
        alt="The first rows as they stand in the file, and what each is taken for",
        column_config={"": st.column_config.NumberColumn(pinned=True, width=40), TAKEN_FOR: {"pinned": True}},
        hide_index=True,
    )
    skip, names, trim = st.columns(3)
    skipped = skip.number_input("Rows above the names", 0, MOST_ABOVE, report.skip_rows, help=SKIP_HELP)
    named = names.number_input("Rows of names", 0, MOST_NAMES, report.header_rows, help=NAMES_HELP)
    trimmed = trim.selectbox(
        "Titles and remarks",
        [True, False],
        index=0 if dataset.options.trim else 1,
        format_func=lambda yes: "set aside" if yes else "kept as rows",
        help=TRIM_HELP,
    )
    chosen: dict[str, Any] = {"trim": trimmed}
    is_said = (skipped, named) != (report.skip_rows, report.header_rows)
    if report.files:
        # Files may differ: what was found in the first must not be forced on the others by the way.
        is_said |= st.checkbox(SAME_ROWS, dataset.options.header_rows is not None)
        chosen |= {"skip_rows": None, "header_rows": None}
    return {**chosen, "skip_rows": int(skipped), "header_rows": int(named)} if is_said else chosen


def _say_names(report: ReadReport) -> str:
    """Say which rows were taken for names, and why; of several files, in the first."""
    first, last = report.skip_rows + 1, report.skip_rows + report.header_rows
    rows = "No row is" if last < first else f"Row {first} is" if last == first else f"Rows {first} to {last} are"
    place = f"In {escape_markdown(report.files[0])}: " if report.files else ""
    return f"{place}**{rows} taken for the names of the columns:** {escape_markdown(report.header_reason)}."


def _first_rows(report: ReadReport) -> pd.DataFrame:
    """Return the first rows of the file as they stand, each with what it is taken for."""
    width = max(len(row) for _, row in report.head)
    names = {"": [line for line, _ in report.head], TAKEN_FOR: _taken_for(report)}
    cells = {f"{i + 1}": [row[i] if i < len(row) else "" for _, row in report.head] for i in range(width)}
    return pd.DataFrame(names | cells)


def _taken_for(report: ReadReport) -> list[str]:
    below = [line for line, _ in report.head if line > report.skip_rows][: report.header_rows]
    return ["left out" if line <= report.skip_rows else "names" if line in below else "row" for line, _ in report.head]


def _choose_signs(dataset: Dataset) -> dict[str, Any]:
    """Offer encodings and delimiters; several files keep their own unless one is chosen for all."""
    encoding, delimiter = st.columns(2)
    report, options = dataset.table.report, dataset.options
    read_as = (options.encoding, options.delimiter) if report.files else (report.encoding, report.delimiter or "")
    own = [None] if report.files else []
    candidates = [candidate.encoding for candidate in report.encoding_candidates]
    encodings = list(dict.fromkeys([*own, read_as[0] or report.encoding or "utf-8", *candidates, *ENCODINGS]))
    delimiters = [*own, *DELIMITERS]
    return {
        "encoding": encoding.selectbox(
            "Encoding",
            encodings,
            index=encodings.index(read_as[0]) if read_as[0] in encodings else 0,
            format_func=lambda code: OWN_SIGN if code is None else ENCODINGS.get(code, code),
            help="How the letters are stored. Try another when you see strange signs such as Ã¼.",
        ),
        "delimiter": delimiter.selectbox(
            "Delimiter",
            delimiters,
            index=delimiters.index(read_as[1]) if read_as[1] in delimiters else 0,
            format_func=lambda sign: OWN_SIGN if sign is None else DELIMITERS[sign],
            help="What stands between the cells of a row.",
        ),
    }


def read_again(dataset: Dataset, options: ReadOptions) -> None:
    """Read the files another way; the new reading takes the place of the old one in the list."""
    with plain_errors():
        again = services.datasets().add_files(dataset.files, options, departures.visitor())
        st.session_state["uploads"] = [upload for upload in st.session_state["uploads"] if upload != dataset.id]
        address.bring("dataset", again.id)
        st.rerun()
