"""The table as it was read, and how, as the Data page says it."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from embedlab.datasets import Dataset
from embedlab.escape import escape_markdown
from embedlab.ui.views.data import rereading

FORMATS = {
    "csv": "CSV",
    "tsv": "TSV",
    "xlsx": "Excel workbook",
    "xlsb": "Excel workbook, binary",
    "xls": "Excel workbook, old",
    "ods": "OpenDocument sheet",
    "parquet": "Parquet",
    "arrow": "Arrow",
    "jsonl": "JSON Lines",
    "json": "JSON",
    "sqlite": "SQLite database",
    "duckdb": "DuckDB database",
    "dataset": "Hugging Face dataset",
    "subtitles": "Subtitles",
    "chat": "Chat",
    "txt": "Text, one a line",
    "several": "Files of several kinds",
}
MOST_NOTES = 5


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
    if report.files:
        facts.insert(0, f"{len(report.files):,} files")
    if report.part:
        facts.append(escape_markdown(rereading.say_part(report.part)))
    if report.encoding:
        facts.append(rereading.ENCODINGS.get(report.encoding, report.encoding))
    if report.delimiter:
        facts.append(f"delimiter {rereading.DELIMITERS[report.delimiter]}")
    st.caption(" · ".join(facts))
    _show_notes(report.notes[:MOST_NOTES])
    if further := report.notes[MOST_NOTES:]:
        with st.expander(f"{len(further):,} more remarks on the reading"):
            _show_notes(further)
    if dataset.files:
        rereading.offer(dataset)


def _show_notes(notes: Sequence[str]) -> None:
    for note in notes:
        st.caption(f":material/info: {escape_markdown(note)}")
