"""The map of the texts: drawn once for every page that shows it, and the points a person selects on it."""

from __future__ import annotations

from collections.abc import Sequence
from math import isfinite
from typing import TYPE_CHECKING

import numpy as np
import streamlit as st

from embedlab.plots import point_map
from embedlab.ui import services

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from embedlab.projection import Projection
    from embedlab.ui.clusters import Found
    from embedlab.ui.frame import Selection

ALT = "Map of {n:,} texts; points that lie close together have similar meaning. The tables below list the same texts."


def compute(selection: Selection, n_components: int = 2) -> Projection:
    """Return the UMAP map, and show the principal components as a first picture while it is computed."""

    def show_first(flat: Projection) -> None:
        st.caption("A first picture, by principal components; the map takes its place in a moment.")
        figure = point_map(flat.coordinates, texts=selection.corpus.texts)
        st.plotly_chart(figure, key="first-picture", alt=ALT.format(n=len(selection.corpus.texts)))

    return services.projection(selection, n_components, meanwhile=show_first)


def show(selection: Selection, projection: Projection, found: Found, column: str | None) -> NDArray[np.int64]:
    """Draw the map coloured by cluster or by a column, and return the positions of the selected texts."""
    if column is None:
        colors: Sequence[str] | NDArray[np.object_] = found.row_names
        order = list(found.names.values())
    else:
        colors, order = selection.corpus.labels(column), None
    figure = point_map(
        projection.coordinates,
        texts=selection.corpus.texts,
        colors=colors,
        color_title=column or "Cluster",
        category_order=order,
    )
    alt = ALT.format(n=len(selection.corpus.texts))
    if projection.coordinates.shape[1] == 3:
        st.plotly_chart(figure, key="map-3d", alt=alt)
        selected = np.array([], dtype=np.int64)
    else:
        event = st.plotly_chart(
            figure, key="map", on_select="rerun", selection_mode=("points", "box", "lasso"), alt=alt
        )
        points = event["selection"]["points"]
        selected = np.unique(np.array([point["customdata"] for point in points], dtype=np.int64))
    show_trust(projection)
    return selected


def show_glance(selection: Selection, projection: Projection) -> None:
    """Draw a map to look at, coloured by the label column where there is one."""
    column = selection.label_column
    figure = point_map(
        projection.coordinates,
        texts=selection.corpus.texts,
        colors=selection.corpus.labels(column) if column else None,
        color_title=column or "",
    )
    st.plotly_chart(figure, key="glance", alt=ALT.format(n=len(selection.corpus.texts)))
    show_trust(projection)


def show_highlights(selection: Selection, projection: Projection, rows: Sequence[int]) -> None:
    """Draw the map with some texts marked; the others stay visible in grey."""
    figure = point_map(
        projection.coordinates,
        texts=selection.corpus.texts,
        highlight=np.array(rows, dtype=np.int64),
        highlight_title="Hits",
    )
    st.plotly_chart(figure, key="search-map", alt=ALT.format(n=len(selection.corpus.texts)))
    show_trust(projection)


def show_trust(projection: Projection) -> None:
    """Say how far the map can be trusted."""
    measured = f", trustworthiness {projection.trustworthiness:.2f}" if isfinite(projection.trustworthiness) else ""
    st.caption(
        f"{projection.method.upper()} map{measured}. Near points are alike; distances between far groups mean little.",
        help="Trustworthiness, from 0 to 1: how far the neighbours on the map are neighbours among the embeddings too.",
    )
