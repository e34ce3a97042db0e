"""What the Clusters page is made of: the number of clusters, what they are called, how good they are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from math import isfinite
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import streamlit as st

from embedlab.clustering import CLUSTER_METHODS
from embedlab.escape import escape_markdown
from embedlab.naming import say_missing_segmenters, typical_members
from embedlab.plots import silhouette_curve
from embedlab.ui.choices import selected
from embedlab.ui.frame import filters
from embedlab.ui.parts import show_rows, warn_of_unread
from embedlab.ui.tasks import Choice, Found, first_look, services, structure_tasks, waiting
from embedlab.ui.views.clusters import curation, structure

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from embedlab.exports import MapSettings
    from embedlab.naming import Edit
    from embedlab.projection import Projection
    from embedlab.ui.choices import Selection

SILHOUETTE_HELP = (
    "How much nearer a text lies to its own cluster than to the next one, from -1 to 1. Above 0.25 the groups are "
    "clear, around 0 they run into each other, as groups of real texts often do."
)
COUNT_HELP = "Texts of the cluster that pass the filter in the panel on the left."
MAX_NAMES = 1_000
LABEL_HELP = "Texts may have several labels here. Choose one to see which texts have it, whatever else they have."


def warn(selection: Selection) -> None:
    """Say what the model does not read of the texts, and what the names of their clusters lack."""
    warn_of_unread(selection)
    if missing := say_missing_segmenters(selection.corpus.texts):
        st.caption(f":material/translate: {escape_markdown(missing)}")


def find(selection: Selection, choice: Choice) -> Found:
    """Cluster the chosen texts and name the clusters."""
    clustering = structure.clustering(selection, choice)
    edits = curation.of(selection, choice)
    if edits:
        changed = structure_tasks.change_clusters(selection.corpus, services.embedded(selection), clustering, edits)
        found = Found(*waiting.await_task(changed), choice, edits)
    else:
        found = Found(clustering, structure.names(selection, clustering, choice), choice)
    filters.keep_clusters(selection.corpus, found.row_names)
    return found


def look_first(look: Selection, choice: Choice, layout: MapSettings) -> tuple[Found, Projection]:
    """Return rough groups and a rough map of texts that the model has still to read."""
    return first_look.groups_and_map(look, choice, layout.n_components)


def wait_for(selection: Selection, choice: Choice, layout: MapSettings) -> None:
    """Wait for the groups and the map that take the place of a first look."""
    find(selection, choice)
    services.projection(selection, layout)


def choose_colour(selection: Selection) -> tuple[str | None, str]:
    """Let the person choose what colours the points: a column, None for the clusters; and one of several labels."""
    corpus = selection.corpus
    columns = [column for column in corpus.frame.columns if column != corpus.text_column]
    if selection.label_column in columns:
        columns.sort(key=lambda column: column != selection.label_column)
    column = st.selectbox(
        "Colour by",
        [None, *columns],
        format_func=lambda column: "Cluster" if column is None else column,
        key=f"colour:{selection.dataset.id}",
        persist_state="session",
        width=320,
    )
    sets = None if column is None else corpus.label_sets(column)
    if sets is None:
        return column, ""
    names = [name for name, _ in Counter(label for labels in sets for label in labels).most_common(MAX_NAMES)]
    label = st.selectbox(
        "Label",
        ["", *names],
        format_func=lambda name: name or "All",
        key=f"colour-label:{selection.dataset.id}:{column}",
        persist_state="session",
        help=LABEL_HELP,
        width=320,
    )
    return column, label


def show_selected(selection: Selection, found: Found) -> None:
    """List the selected texts."""
    rows = selected.of(selection.corpus).rows
    if not len(rows):
        st.caption("Draw around points, or click one, to read their texts here.")
        return
    st.subheader(f"{len(rows):,} selected")
    names = found.row_names
    show_rows(selection, rows, {"cluster": [names[row] for row in rows]})


def show_table(selection: Selection, found: Found) -> None:
    """List the clusters with size, silhouette and typical members."""
    labels, texts = found.clustering.labels, selection.corpus.captions
    counted = labels if selection.rows is None else labels[selection.rows]
    members = typical_members(services.embeddings(selection), labels, n_members=3)
    silhouettes = found.clustering.silhouette_by_cluster
    summaries = {name: edit.summary for name, edit in _written(found).items()}
    st.dataframe(
        pd.DataFrame(
            {
                "cluster": list(found.names.values()),
                **({"summary": [summaries.get(name, "") for name in found.names.values()]} if summaries else {}),
                "texts": [int((counted == label).sum()) for label in found.names],
                # What is in no cluster comes last, and has neither silhouette nor centre.
                "silhouette": [silhouettes[label] if label >= 0 else None for label in found.names],
                **{
                    f"Typical text {place + 1}": [_at(texts, members.get(label, ()), place) for label in found.names]
                    for place in range(3)
                },
            }
        ),
        hide_index=True,
        column_config={
            "cluster": st.column_config.TextColumn("Cluster"),
            "summary": st.column_config.TextColumn("In a sentence", width="large"),
            "texts": st.column_config.NumberColumn("Texts", width="small", help=COUNT_HELP),
            "silhouette": st.column_config.NumberColumn(
                "Silhouette", width="small", format="%.2f", help=SILHOUETTE_HELP
            ),
        },
        alt="The clusters with their size, silhouette and the texts nearest to their centre",
    )
    _say_written(found)
    if isfinite(found.clustering.silhouette):
        st.caption(f"Mean silhouette {found.clustering.silhouette:.3f}.", help=SILHOUETTE_HELP)
    elif not found.clustering.n_clusters:
        st.caption("No place is dense enough for a cluster. Choose a smaller cluster size, or another method.")
    else:
        st.caption("A silhouette needs two clusters at least and more different texts than clusters.")


def _written(found: Found) -> dict[str, Edit]:
    """Return what a language model wrote of the clusters that still have the names it gave, by name."""
    return {edit.name: edit for edit in found.edits if edit.by and edit.name in found.names.values()}


def _say_written(found: Found) -> None:
    if written := _written(found):
        models = ", ".join(sorted({edit.by for edit in written.values()}))
        st.caption(
            f":material/edit_note: {len(written):,} names and sentences are written by {escape_markdown(models)}, from "
            "typical texts. *Edit clusters* changes a name or takes it back."
        )


def _at(texts: Sequence[str], rows: Sequence[int] | NDArray[np.int64], place: int) -> str:
    return texts[rows[place]] if place < len(rows) else ""


def show_suggestion(selection: Selection, found: Found) -> None:
    """Draw the silhouette over the number of clusters."""
    if not CLUSTER_METHODS[found.choice.method].takes_number:
        st.info(
            f"{CLUSTER_METHODS[found.choice.method].title} finds the number by itself; set the smallest cluster above."
        )
        return
    tried = structure.clustering(selection, Choice(found.choice.method))
    if len(tried.candidates) < 2:
        st.info("There are too few different texts to compare numbers of clusters.")
        return
    st.plotly_chart(
        silhouette_curve(tried.candidates, found.clustering.n_clusters),
        key="curve",
        alt=f"Mean silhouette for each number of clusters; the best is {tried.n_clusters}",
    )
    st.caption("A flat curve says that no number stands out: choose what is useful to you.")
