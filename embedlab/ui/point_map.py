"""The map of the texts: drawn once for every page that shows it, and the points a person selects on it."""

from __future__ import annotations

from collections.abc import Sequence
from math import isfinite
from typing import TYPE_CHECKING

import numpy as np
import streamlit as st

from embedlab._rows import sample_positions
from embedlab.coloring import Coloring, color_evenly, color_points
from embedlab.plots import point_map as plotly_map
from embedlab.ui import selected, services, webgl

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from embedlab.projection import Projection
    from embedlab.ui.clusters import Found
    from embedlab.ui.frame import Selection

ALT = "Map of {n:,} texts; points that lie close together have similar meaning. The tables below list the same texts."
NO_WEBGL = "This browser cannot draw the map by itself (it has no WebGL 2), so this is a plain picture{sampled}."
TRUST_HELP = "Trustworthiness, from 0 to 1: how far the neighbours on the map are neighbours among the embeddings too."
# Points that a browser without WebGL, or Plotly in three dimensions, can bear.
MAX_PLOTLY = 20_000


def compute(selection: Selection, n_components: int = 2) -> Projection:
    """Return the UMAP map, and show the principal components as a first picture while it is computed."""

    def show_first(flat: Projection) -> None:
        st.caption("A first picture, by principal components; the map takes its place in a moment.")
        _draw(selection, flat, color_evenly(len(flat.coordinates)), key="first-picture")

    return services.projection(selection, n_components, meanwhile=show_first)


def show(selection: Selection, projection: Projection, found: Found, column: str | None) -> NDArray[np.int64]:
    """Draw the map coloured by cluster or by a column, and return the positions of the selected texts."""
    if projection.coordinates.shape[1] == 3:
        _draw_in_space(selection, projection, found, column)
        return np.zeros(0, dtype=np.int64)
    if column is None:
        coloring = color_points(found.row_names, "Cluster", list(found.names.values()))
    else:
        coloring = color_points(selection.corpus.labels(column), column)
    name = f"{selection.model}:{selection.pooling_mode}"
    _draw(selection, projection, coloring, key="map", names=_cluster_names(projection, found), selects=name)
    show_trust(projection)
    return selected.of(selection.corpus, name).rows


def show_glance(selection: Selection, projection: Projection) -> None:
    """Draw a map to look at, coloured by the label column where there is one."""
    column = selection.label_column
    n = len(selection.corpus.texts)
    coloring = color_points(selection.corpus.labels(column), column) if column else color_evenly(n)
    _draw(selection, projection, coloring, key="glance")
    show_trust(projection)


def show_highlights(selection: Selection, projection: Projection, rows: Sequence[int]) -> None:
    """Draw the map with some texts marked; the others stay visible in grey."""
    marked = np.array(rows, dtype=np.int64)
    _draw(selection, projection, color_evenly(len(selection.corpus.texts)), key="search-map", marked=marked)
    show_trust(projection)


def _draw(
    selection: Selection,
    projection: Projection,
    coloring: Coloring,
    *,
    key: str,
    names: Sequence[webgl.Name] = (),
    marked: NDArray[np.int64] | None = None,
    selects: str | None = None,
) -> None:
    """Draw a flat map; ``selects`` names it where points can be selected on it."""
    texts, alt = selection.corpus.texts, ALT.format(n=len(selection.corpus.texts))
    if webgl.has_failed():
        _draw_plainly(projection.coordinates, texts, key, alt, marked)
        return

    def keep(rows: NDArray[np.int64], said: webgl.Said) -> None:
        if selects is not None:
            selected.keep(selection.corpus, selects, selected.Selected(rows, said))

    webgl.point_map(
        projection.coordinates,
        texts,
        coloring,
        key=key,
        label=alt,
        names=names,
        marked=marked,
        selection=selected.of(selection.corpus, selects).said if selects else webgl.NOTHING_SELECTED,
        on_select=keep if selects else None,
    )


def _draw_plainly(
    coordinates: NDArray[np.float32], texts: Sequence[str], key: str, alt: str, marked: NDArray[np.int64] | None
) -> None:
    rows = sample_positions(len(coordinates), MAX_PLOTLY, random_state=0)
    rows = np.union1d(rows, marked) if marked is not None else rows
    places = None if marked is None else np.searchsorted(rows, marked)
    figure = plotly_map(coordinates[rows], texts=[texts[row] for row in rows], highlight=places)
    st.plotly_chart(figure, key=f"{key}-plain", alt=alt)
    sampled = f" of {len(rows):,} of {len(coordinates):,} texts" if len(rows) < len(coordinates) else ""
    st.caption(NO_WEBGL.format(sampled=sampled))


def _draw_in_space(selection: Selection, projection: Projection, found: Found, column: str | None) -> None:
    rows = sample_positions(len(projection.coordinates), MAX_PLOTLY, random_state=0)
    values = found.row_names if column is None else selection.corpus.labels(column).tolist()
    figure = plotly_map(
        projection.coordinates[rows],
        texts=[selection.corpus.texts[row] for row in rows],
        colors=[values[row] for row in rows],
        color_title=column or "Cluster",
        category_order=list(found.names.values()) if column is None else None,
    )
    st.plotly_chart(figure, key="map-3d", alt=ALT.format(n=len(rows)))
    if len(rows) < len(values):
        st.caption(f"A sample of {len(rows):,} of {len(values):,} texts.")
    show_trust(projection)


def _cluster_names(projection: Projection, found: Found) -> list[webgl.Name]:
    """Return the names of the clusters, the largest first, in the middle of their points."""
    labels = found.clustering.labels
    by_size = sorted((label for label in found.names if label >= 0), key=lambda label: -int((labels == label).sum()))
    middles = {label: np.median(projection.coordinates[labels == label], axis=0) for label in by_size}
    return [webgl.Name(found.names[label], float(x), float(y)) for label, (x, y) in middles.items()]


def show_trust(projection: Projection) -> None:
    """Say how far the map can be trusted."""
    measured = f", trustworthiness {projection.trustworthiness:.2f}" if isfinite(projection.trustworthiness) else ""
    st.caption(
        f"{projection.method.upper()} map{measured}. Near points are alike; distances between far groups mean little.",
        help=TRUST_HELP,
    )
