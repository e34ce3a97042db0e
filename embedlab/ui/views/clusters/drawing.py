"""Who draws the map, what umap-learn is told, and how true both maps are."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pandas as pd
import streamlit as st

from embedlab.escape import escape_markdown
from embedlab.exports import USUAL_MAP, MapSettings
from embedlab.neighbors import APPROXIMATE_ROWS
from embedlab.projection import ENGINES, METRICS, UMAP_LEARN, distance_of
from embedlab.ui.choices import address, own_vectors
from embedlab.ui.parts import point_map
from embedlab.ui.tasks import services

if TYPE_CHECKING:
    from embedlab.projection import Projection
    from embedlab.ui.choices import Selection

TITLES = {engine.title: key for key, engine in ENGINES.items()}
ENGINE_HELP = "  \n".join(f"**{engine.title}**: {engine.description}" for engine in ENGINES.values())
METRIC_HELP = "  \n".join(f"**{metric.capitalize()}**: {said}" for metric, said in METRICS.items())
NEIGHBORS = {"Quick": "auto", "Exact": "exact"}
NEIGHBORS_HELP = (
    "**Quick** finds nearly all nearest texts of each, and says below the map how many; a graphics card finds all. "
    "**Exact** finds all: four times as long for twice as many texts, hours for a million on a few cores."
)
DENSMAP_HELP = "densMAP: groups of texts that are much alike stay small on the map, groups of varied texts large."
SUPERVISED_HELP = (
    "umap-learn is told the labels, and draws texts of one label together and of different ones apart. Texts without a "
    "label go where their neighbours are. What such a map shows of the labels it was told: it is no proof of anything."
)


def choose(selection: Selection, n_components: int) -> MapSettings:
    """Let the person choose who draws the map; one that was brought is drawn already."""
    if n_components == 2 and own_vectors.map_of(selection) is not None:
        return USUAL_MAP
    engine = TITLES[address.switch("engine", "Drawn by", list(TITLES), help=ENGINE_HELP)]
    return MapSettings(n_components=n_components, engine=engine)


def choose_ways(selection: Selection, layout: MapSettings) -> MapSettings:
    """Let the person choose how the neighbours of very many texts are found, and what only umap-learn can do."""
    if len(selection.corpus.texts) >= APPROXIMATE_ROWS:
        neighbors = NEIGHBORS[address.switch("neighbors", "Neighbours", list(NEIGHBORS), help=NEIGHBORS_HELP)]
        layout = replace(layout, neighbors=neighbors)
    if layout.engine != UMAP_LEARN:
        return layout
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        metric = address.switch("metric", "Compared by", list(METRICS), help=METRIC_HELP)
        densmap = address.turn("densmap", "Show density", help=DENSMAP_HELP)
        told = _choose_labels(selection)
    return replace(layout, metric=metric, densmap=densmap, supervised_by=told)


def _choose_labels(selection: Selection) -> str | None:
    """Let the person choose whether the map is told the labels, and return their column where it is."""
    column = selection.label_column
    if column is None:
        st.caption("A supervised map needs a label column: choose one in the panel on the left.")
    elif selection.corpus.label_sets(column) is not None:
        st.caption("A supervised map takes one label for each text; here texts have several.")
    elif address.turn("supervised", f"Told the labels of {escape_markdown(column)}", help=SUPERVISED_HELP):
        return column
    return None


def show_both(selection: Selection, projection: Projection, layout: MapSettings) -> None:
    """Hold a map by umap-learn against ours, where that has been drawn already."""
    ours = services.known_projection(selection, MapSettings(n_components=layout.n_components))
    if projection.engine != UMAP_LEARN or ours is None or not ours.trustworthiness:
        return
    figures = {f"{ours.kind} by {ENGINES[ours.engine].title}": ours, projection.kind: projection}
    st.dataframe(
        pd.DataFrame(
            {"Map": list(figures)}
            | {
                distance_of(k).capitalize(): [each.trustworthiness[k] for each in figures.values()]
                for k in projection.trustworthiness
            }
        ),
        hide_index=True,
        column_config={
            distance_of(k).capitalize(): st.column_config.NumberColumn(format="%.3f", help=f"Among {k} neighbours.")
            for k in projection.trustworthiness
        },
        width="content",
        alt="Trustworthiness of the map by umap-learn and of the one by EmbedLab",
    )
    st.caption("Trustworthiness of both maps of these texts.", help=point_map.TRUST_HELP)
