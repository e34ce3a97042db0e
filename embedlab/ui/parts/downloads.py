"""Files to take along: tables in every format there is, with the groups a person has made as a column of their own."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import pandas as pd
import streamlit as st

from embedlab.datasets import group_column
from embedlab.exports import EXPORT_FORMATS, add_columns
from embedlab.ui.choices import groups

if TYPE_CHECKING:
    from embedlab.datasets import Corpus
    from embedlab.exports import ExportFormat

FORMAT_HELP = {
    "CSV": "Texts a spreadsheet would run as a formula get a leading '.",
    "XLSX": "A workbook. Every text is written as a text, so that none is run as a formula.",
}


@dataclass(frozen=True)
class File:
    """A file that is made when somebody asks for it."""

    name: str
    media_type: str
    make: Callable[[], bytes]
    help: str | None = None


def table_files(
    stem: str, make: Callable[[], pd.DataFrame], help: str = "", formats: Collection[str] = tuple(EXPORT_FORMATS)
) -> dict[str, File]:
    """Return the files of a table by the name of their format."""

    def writer(format: ExportFormat) -> Callable[[], bytes]:
        return lambda: format.write(make())

    return {
        name: File(
            f"{stem}{EXPORT_FORMATS[name].suffix}",
            EXPORT_FORMATS[name].media_type,
            writer(EXPORT_FORMATS[name]),
            f"{help} {FORMAT_HELP.get(name, '')}".strip() or None,
        )
        for name in formats
    }


def offer(files: dict[str, File], *, label: str = "Download", is_primary: bool = True) -> None:
    """Draw a button for each file of a table; the first may stand out."""
    for place, (name, file) in enumerate(files.items()):
        draw(f"{label} {name}", file, "primary" if is_primary and not place else "secondary")


def draw(label: str, file: File, type: Literal["primary", "secondary"] = "secondary") -> None:
    """Draw the button of a file; large ones are made when it is clicked."""
    st.download_button(
        label,
        file.make,
        file.name,
        file.media_type,
        on_click="ignore",
        icon=":material/download:",
        type=type,
        help=file.help,
    )


def with_groups(corpus: Corpus, make: Callable[[], pd.DataFrame]) -> Callable[[], pd.DataFrame]:
    """Return what makes a table with a column of the groups, where there are any.

    The index of the table says which rows of the dataset stand in it.
    """
    yours = dict(groups.of(corpus))
    if not yours:
        return make

    def grouped() -> pd.DataFrame:
        table = make()
        column = pd.Series(group_column(yours, len(corpus.texts)), index=corpus.frame.index)
        return add_columns(table, {"group": column.reindex(table.index, fill_value="")})

    return grouped
