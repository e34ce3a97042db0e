"""What the Clusters page is made of: the number of clusters, what they are called, how good they are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import streamlit as st

from embedlab.clustering import Clustering
from embedlab.evaluation import evaluate_clusters
from embedlab.naming import typical_members
from embedlab.plots import contingency_heatmap, silhouette_curve
from embedlab.ui import address, services
from embedlab.ui.tables import show_rows
from embedlab.ui.theme import is_dark

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from embedlab.ui.frame import Selection

MAX_CLUSTERS = 50
SILHOUETTE_HELP = (
    "How much nearer a text lies to its own cluster than to the next one, from -1 to 1. Above 0.25 the groups are "
    "clear, around 0 they run into each other, as groups of real texts often do."
)
SUGGESTED_HELP = "Suggested: the number whose clusters are best separated, measured by the silhouette."
ARI_HELP = "Agreement of clusters and labels: 1 the same groups, 0 no better than chance."
NMI_HELP = "How much the cluster tells about the label, from 0 to 1."


@dataclass(frozen=True)
class Found:
    """Clusters with their names."""

    clustering: Clustering
    names: dict[int, str]

    @property
    def row_names(self) -> list[str]:
        """The name of the cluster of each text."""
        return [self.names[label] for label in self.clustering.labels.tolist()]


def choose_n_clusters(selection: Selection) -> int | str:
    """Let the person take the suggested number of clusters or set one."""
    way, number = st.columns([1, 3], vertical_alignment="bottom")
    with way:
        chosen = address.switch("k_by", "Number of clusters", ["Suggested", "Chosen"], help=SUGGESTED_HELP)
    if chosen == "Suggested":
        return "auto"
    return number.slider("How many", 1, MAX_CLUSTERS, 12, key="k", bind="query-params", label_visibility="collapsed")


def find(selection: Selection, n_clusters: int | str) -> Found:
    """Cluster the chosen texts and name the clusters."""
    clustering = services.clustering(selection, n_clusters)
    return Found(clustering, services.cluster_names(selection, clustering.labels))


def choose_colour(selection: Selection) -> str | None:
    """Let the person choose what colours the points; None means the clusters."""
    columns = [column for column in selection.corpus.frame.columns if column != selection.text_column]
    if selection.label_column in columns:
        columns.sort(key=lambda column: column != selection.label_column)
    return st.selectbox(
        "Colour by",
        [None, *columns],
        format_func=lambda column: "Cluster" if column is None else column,
        key=f"colour:{selection.dataset.id}",
        persist_state="session",
        width=320,
    )


def show_selected(selection: Selection, found: Found, rows: NDArray[np.int64]) -> None:
    """List the texts of the selected points."""
    if not len(rows):
        st.caption("Draw around points, or click one, to read their texts here.")
        return
    st.subheader(f"{len(rows):,} selected")
    names = found.row_names
    show_rows(selection, rows, {"cluster": [names[row] for row in rows]})


def show_table(selection: Selection, found: Found) -> None:
    """List the clusters with size, silhouette and typical members."""
    labels, texts = found.clustering.labels, selection.corpus.texts
    members = typical_members(services.embeddings(selection), labels, n_members=3)
    silhouettes = found.clustering.silhouette_by_cluster
    st.dataframe(
        pd.DataFrame(
            {
                "cluster": [found.names[label] for label in members],
                "texts": [int((labels == label).sum()) for label in members],
                "silhouette": [silhouettes[label] for label in members],
                **{
                    f"Typical text {place + 1}": [_at(texts, rows, place) for rows in members.values()]
                    for place in range(3)
                },
            }
        ),
        hide_index=True,
        column_config={
            "cluster": st.column_config.TextColumn("Cluster"),
            "texts": st.column_config.NumberColumn("Texts", width="small"),
            "silhouette": st.column_config.NumberColumn(
                "Silhouette", width="small", format="%.2f", help=SILHOUETTE_HELP
            ),
        },
        alt="The clusters with their size, silhouette and the texts nearest to their centre",
    )
    if isfinite(found.clustering.silhouette):
        st.caption(f"Mean silhouette {found.clustering.silhouette:.3f}.", help=SILHOUETTE_HELP)
    else:
        st.caption("A silhouette needs two clusters at least and more different texts than clusters.")


def _at(texts: Sequence[str], rows: NDArray[np.int64], place: int) -> str:
    return texts[rows[place]] if place < len(rows) else ""


def show_suggestion(selection: Selection, found: Found) -> None:
    """Draw the silhouette over the number of clusters."""
    tried = services.clustering(selection, "auto")
    if len(tried.candidates) < 2:
        st.info("There are too few different texts to compare numbers of clusters.")
        return
    st.plotly_chart(
        silhouette_curve(tried.candidates, found.clustering.n_clusters),
        key="curve",
        alt=f"Mean silhouette for each number of clusters; the best is {tried.n_clusters}",
    )
    st.caption("A flat curve says that no number stands out: choose what is useful to you.")


def show_labels(selection: Selection, found: Found) -> None:
    """Hold the clusters against the label column."""
    if selection.label_column is None:
        st.info("Choose a label column in the panel on the left to hold the clusters against known groups.")
        return
    labels = selection.corpus.labels(selection.label_column)
    report = evaluate_clusters(found.row_names, labels)
    left, right = st.columns(2)
    left.metric("Adjusted Rand index", f"{report.ari:.3f}", border=True, help=ARI_HELP)
    right.metric("Normalised mutual information", f"{report.nmi:.3f}", border=True, help=NMI_HELP)
    st.plotly_chart(
        contingency_heatmap(report.contingency, dark=is_dark()),
        key="contingency",
        alt="Number of texts for each label and cluster",
    )
