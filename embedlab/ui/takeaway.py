"""Everything on the page to take along: the table, the vectors, a report, the settings, the program."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import streamlit as st

from embedlab.exports import EXPORT_FORMATS, embedding_table, spread_rows, to_npy, to_parquet
from embedlab.groups import group_column
from embedlab.htmlreport import html_report
from embedlab.settings import UPLOADED, ClusterSettings, MapSettings, ViewSettings
from embedlab.snippet import snippet
from embedlab.ui import groups, services
from embedlab.view import View, describe_embeddings, describe_source

if TYPE_CHECKING:
    import pandas as pd

    from embedlab.encoders.base import Encoder
    from embedlab.projection import Projection
    from embedlab.ui.clusters import Found
    from embedlab.ui.frame import Selection

HELP = {
    "CSV": "All rows with cluster, name and coordinates. Texts a spreadsheet would run as a formula get a leading '.",
    "XLSX": "The same table as a workbook. Every text is written as a text, so that none is run as a formula.",
    "report": (
        "One file with the map, the clusters, typical texts and settings. It opens in any browser, without internet."
    ),
    "npy": "An array for numpy.load with a row for each row of the table; where a text is blank it is NaN.",
    "toml": "What decides this view. The command makes it again: embedlab replay settings.toml TABLE -o clusters.csv",
}


@dataclass(frozen=True)
class File:
    """A file that is made when somebody asks for it."""

    name: str
    media_type: str
    make: Callable[[], bytes]
    help: str | None = None


def files(view: View, selection: Selection) -> dict[str, File]:
    """Return all that can be taken away, by what its button says."""

    def table(write: Callable[[pd.DataFrame], bytes]) -> Callable[[], bytes]:
        return lambda: write(view.table())

    def array() -> bytes:
        return to_npy(spread_rows(view.embeddings, summary.kept, summary.n_texts))

    def vectors() -> bytes:
        return to_parquet(embedding_table(selection.dataset.table.frame, summary.kept, view.embeddings))

    def report() -> bytes:
        return html_report(view, selection.dataset.title).encode("utf-8", "replace")

    summary, parquet = view.corpus.summary, EXPORT_FORMATS["Parquet"].media_type
    offered = {
        f"Download {name}": File(f"clusters{format.suffix}", format.media_type, table(format.write), HELP.get(name))
        for name, format in EXPORT_FORMATS.items()
    }
    return offered | {
        "Download report": File("report.html", "text/html", report, HELP["report"]),
        "Vectors as .npy": File("vectors.npy", "application/octet-stream", array, HELP["npy"]),
        "Vectors as Parquet": File("vectors.parquet", parquet, vectors),
        "Settings": File("settings.toml", "application/toml", lambda: view.settings.to_toml().encode(), HELP["toml"]),
    }


def settings_of(selection: Selection, encoder: Encoder, found: Found, projection: Projection) -> ViewSettings:
    """Return what decides the view a person has chosen."""
    method = UPLOADED if projection.method == UPLOADED else "umap"
    assert selection.text_column is not None, "there are clusters only of a text column"
    return ViewSettings(
        describe_source(selection.dataset, selection.text_column, selection.label_column),
        describe_embeddings(selection.model, encoder, selection.pooling_mode),
        ClusterSettings(
            found.choice.method,
            found.choice.n_clusters,
            found.choice.min_cluster_size,
            edits=tuple(str(edit) for edit in found.edits),
        ),
        MapSettings(method, projection.coordinates.shape[1]),
    )


def offer(selection: Selection, found: Found, projection: Projection) -> None:
    """Offer the table, a report, the vectors, the settings, and the program that makes the view again."""
    settings = settings_of(selection, services.encoder(selection), found, projection)
    embeddings = services.embeddings(selection)
    yours = groups.of(selection.corpus)
    further = {"group": group_column(yours, len(selection.corpus.texts))} if yours else {}
    view = View(settings, selection.corpus, embeddings, found.clustering, found.names, projection, further)
    offered = files(view, selection)
    st.subheader("Take it away")
    with st.container(horizontal=True):
        for label in ("Download CSV", "Download XLSX", "Download Parquet", "Download report"):
            _draw(label, offered[label], "primary" if label == "Download CSV" else "secondary")
        with st.popover("Vectors", icon=":material/data_array:", help="The embeddings of the texts."):
            _draw("Vectors as .npy", offered["Vectors as .npy"])
            _draw("Vectors as Parquet", offered["Vectors as Parquet"])
        with st.popover("Settings and Python", icon=":material/code:", help="To make this view again."):
            _draw("Settings", offered["Settings"])
            st.caption("The same in Python, for a notebook beside the file:")
            st.code(snippet(settings), language="python")


def _draw(label: str, file: File, type: Literal["primary", "secondary"] = "secondary") -> None:
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
