"""Everything on the page to take along: the table, the vectors, a report, the settings, the program."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from embedlab.comparison import Candidate
from embedlab.exports import (
    UPLOADED,
    ClusterSettings,
    MapSettings,
    View,
    ViewSettings,
    describe_embeddings,
    describe_source,
    embedding_table,
    html_report,
    snippet,
    spread_rows,
    to_npy,
)
from embedlab.ui.choices import address
from embedlab.ui.parts import downloads
from embedlab.ui.tasks import probing, services

if TYPE_CHECKING:
    import pandas as pd

    from embedlab.encoders import Encoder
    from embedlab.probes import ReportCard
    from embedlab.projection import Projection
    from embedlab.ui.choices import Selection
    from embedlab.ui.tasks import Found

HELP = {
    "table": "All rows with cluster, name and coordinates.",
    "report": (
        "One file with the map, the clusters, typical texts and settings. It opens in any browser, without internet."
    ),
    "npy": (
        "An array for numpy.load with a row for each row of the table, or for each passage where texts are split; "
        "where a text is blank it is NaN."
    ),
    "toml": (
        "What decides this view. The command makes it again: embedlab replay settings.toml TABLE -o clusters.csv. On "
        "another machine, or in faster arithmetic (auto: bfloat16), last digits differ, by which a map can turn out "
        "another."
    ),
}


PROBES_HELP = (
    "Adds what the model can and cannot do to the report: the contests of the Probes page that come along, in the "
    "languages of your texts. They have to be embedded first."
)


def files(view: View, selection: Selection, card: ReportCard | None = None) -> dict[str, downloads.File]:
    """Return all that can be taken away, by what its button says."""

    def array() -> bytes:
        return to_npy(spread_rows(view.embeddings, summary.kept, summary.n_texts))

    def vectors() -> pd.DataFrame:
        return embedding_table(corpus.whole, summary.kept, view.embeddings)

    def report() -> bytes:
        return html_report(view, selection.dataset.title, card=card).encode("utf-8", "replace")

    corpus, summary = view.corpus, view.corpus.summary
    tables = downloads.table_files("clusters", downloads.with_groups(corpus, view.table), HELP["table"])
    offered = {f"Download {name}": file for name, file in tables.items()}
    return offered | {
        "Download report": downloads.File("report.html", "text/html", report, HELP["report"]),
        "Vectors as .npy": downloads.File("vectors.npy", "application/octet-stream", array, HELP["npy"]),
        "Vectors as Parquet": downloads.table_files("vectors", downloads.with_groups(corpus, vectors), "", ["Parquet"])[
            "Parquet"
        ],
        "Settings": downloads.File(
            "settings.toml", "application/toml", lambda: view.settings.to_toml().encode(), HELP["toml"]
        ),
    }


def _choose_card(selection: Selection) -> ReportCard | None:
    """Let the person have the model probed for the report."""
    if not address.turn("report_probes", "Probes in the report", help=PROBES_HELP):
        return None
    candidate = Candidate(selection.model, selection.pooling_mode)
    (card,) = probing.cards(probing.bundled(selection), [candidate]).values()
    return card


def settings_of(
    selection: Selection, encoder: Encoder, found: Found, projection: Projection, layout: MapSettings
) -> ViewSettings:
    """Return what decides the view a person has chosen."""
    assert selection.preparation is not None, "there are clusters only of a text column"
    return ViewSettings(
        describe_source(selection.dataset, selection.preparation, selection.label_column),
        describe_embeddings(selection.model, encoder, selection.pooling_mode),
        ClusterSettings(
            found.choice.method,
            found.choice.n_clusters,
            found.choice.min_cluster_size,
            edits=tuple(str(edit) for edit in found.edits),
        ),
        MapSettings(UPLOADED) if projection.method == UPLOADED else layout,
        passages=selection.splitting,
    )


def offer(selection: Selection, found: Found, projection: Projection, layout: MapSettings) -> None:
    """Offer the table, a report, the vectors, the settings, and the program that makes the view again."""
    settings = settings_of(selection, services.encoder(selection), found, projection, layout)
    embeddings = services.embeddings(selection)
    view = View(settings, selection.corpus, embeddings, found.clustering, found.names, projection)
    st.subheader("Take it away")
    offered = files(view, selection, None if settings.is_uploaded else _choose_card(selection))
    with st.container(horizontal=True):
        for label in ("Download CSV", "Download XLSX", "Download Parquet", "Download report"):
            downloads.draw(label, offered[label], "primary" if label == "Download CSV" else "secondary")
        with st.popover("Vectors", icon=":material/data_array:", help="The embeddings of the texts."):
            downloads.draw("Vectors as .npy", offered["Vectors as .npy"])
            downloads.draw("Vectors as Parquet", offered["Vectors as Parquet"])
        with st.popover("Settings and Python", icon=":material/code:", help="To make this view again."):
            downloads.draw("Settings", offered["Settings"])
            st.caption("The same in Python, for a notebook beside the file:")
            st.code(snippet(settings), language="python")
