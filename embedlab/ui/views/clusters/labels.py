"""The clusters held against what is known: one label for each text, or several."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import streamlit as st

from embedlab.evaluation import evaluate_clusters
from embedlab.plots import contingency_heatmap
from embedlab.ui.parts import is_dark
from embedlab.ui.tasks import Found

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from streamlit.elements.lib.column_types import ColumnConfig

    from embedlab.ui.choices import Selection

ARI_HELP = "Agreement of clusters and labels: 1 the same groups, 0 no better than chance."
NMI_HELP = "How much the cluster tells about the label, from 0 to 1."
HEATMAP_ALT = "Number of texts for each label and cluster"


def show(selection: Selection, found: Found) -> None:
    """Hold the clusters against the label column; what is in no cluster counts as one group."""
    column, corpus = selection.label_column, selection.corpus
    if column is None:
        st.info("Choose a label column in the panel on the left to hold the clusters against known groups.")
        return
    if selection.splitting is not None:
        st.caption(":material/splitscreen: Texts are passages here, each with the label of its document.")
    labels, sets = corpus.labels(column), corpus.label_sets(column)
    known = np.flatnonzero(labels != "") if sets is None else np.flatnonzero([len(each) > 0 for each in sets])
    if not len(known):
        st.info("No text has a label here. Choose another label column in the panel on the left.")
        return
    if sets is None:
        _show_agreement([found.row_names[row] for row in known.tolist()], labels[known])
    else:
        _show_shares(np.array(found.row_names, dtype=object)[known], sets[known])
    if len(known) < len(labels):
        st.caption(f"{len(labels) - len(known):,} texts without a label are left out.")


def _show_agreement(clusters: Sequence[str], labels: NDArray[np.object_]) -> None:
    report = evaluate_clusters(clusters, labels)
    left, right = st.columns(2)
    left.metric("Adjusted Rand index", f"{report.ari:.3f}", border=True, help=ARI_HELP)
    right.metric("Normalised mutual information", f"{report.nmi:.3f}", border=True, help=NMI_HELP)
    st.plotly_chart(contingency_heatmap(report.contingency, dark=is_dark()), key="contingency", alt=HEATMAP_ALT)


def _show_shares(clusters: NDArray[np.object_], sets: NDArray[np.object_]) -> None:
    """Say for each label where its texts are: figures of agreement need one label a text."""
    st.caption(
        ":material/info: Texts have several labels here, so that there is no one figure of agreement: the adjusted "
        "Rand index and the mutual information compare groups of which a text is in one. A text counts below under "
        "each of its labels."
    )
    sizes = [len(labels) for labels in sets]
    rows = pd.Series([label for labels in sets for label in labels], name="label")
    table = pd.crosstab(rows, pd.Series(np.repeat(clusters, sizes), name="cluster"))
    table = table.loc[rows.value_counts().index, table.sum().sort_values(ascending=False, kind="stable").index]
    most = table.idxmax(axis=1)
    in_most = table.max(axis=1)
    of_cluster = pd.Series(clusters).value_counts()
    st.dataframe(
        pd.DataFrame(
            {
                "label": table.index,
                "texts": table.sum(axis=1).to_numpy(),
                "cluster": most.to_numpy(),
                "found": (in_most / table.sum(axis=1)).to_numpy(),
                "pure": in_most.to_numpy() / of_cluster[most].to_numpy(),
            }
        ),
        hide_index=True,
        column_config={
            "label": "Label",
            "texts": st.column_config.NumberColumn("Texts", width="small"),
            "cluster": "Most are in",
            "found": _share("Of the label", "Share of the texts with this label that are in that cluster"),
            "pure": _share("Of the cluster", "Share of the texts of that cluster that have this label"),
        },
        alt="Each label with the cluster that holds most of its texts",
    )
    st.plotly_chart(contingency_heatmap(table, dark=is_dark()), key="contingency", alt=HEATMAP_ALT)


def _share(title: str, words: str) -> ColumnConfig:
    return st.column_config.ProgressColumn(title, min_value=0.0, max_value=1.0, format="%.2f", help=words)
