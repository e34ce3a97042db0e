"""The map of the texts: drawn alike on every page that shows it, with the points a person has selected on any page."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import streamlit as st

from embedlab.exports import USUAL_MAP, MapSettings
from embedlab.plots import point_map as plotly_map
from embedlab.plots.look import Coloring, color_evenly, color_groups, color_points
from embedlab.projection import say_trustworthiness
from embedlab.rows import sample_positions
from embedlab.ui.choices import selected
from embedlab.ui.tasks import first_look, services
from embedlab.ui.webgl import Name, has_failed
from embedlab.ui.webgl import point_map as webgl_map

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from embedlab.datasets import Corpus
    from embedlab.projection import Projection
    from embedlab.ui.choices import Selection
    from embedlab.ui.tasks import Found

ALT = "Map of {n:,} texts; points that lie close together have similar meaning. The tables below list the same texts."
NO_WEBGL = "This browser cannot draw the map by itself (it has no WebGL 2), so this is a plain picture{sampled}."
OTHERS = "other labels, or none"
TRUST_HELP = (
    "Trustworthiness, from 0 to 1: how far the neighbours on the map are neighbours among the embeddings too, by "
    "cosine. Near looks at the 15 nearest of each point, at middle distance at 50, far at 150, where there are as many."
)
# Points that a browser without WebGL can bear.
MAX_PLOTLY = 20_000


def compute(selection: Selection, layout: MapSettings = USUAL_MAP) -> Projection:
    """Return the map, and show the principal components as a first picture while it is computed."""

    def show_first(flat: Projection) -> None:
        st.caption("A first picture, by principal components; the map takes its place in a moment.")
        draw(selection, flat, color_evenly(len(flat.coordinates)), key="first-picture")

    return services.projection(selection, layout, meanwhile=show_first)


def show(selection: Selection, projection: Projection, found: Found, column: str | None, label: str = "") -> None:
    """Draw the map coloured by cluster, by a column, or by who has one label of a column of several."""
    if column is None:
        title = "Cluster (first look)" if _is_first(projection) else "Cluster"
        coloring = color_groups(found.clustering.labels, found.names, title)
    else:
        coloring = color_column(selection.corpus, column, label)
    names = _cluster_names(projection, found)
    draw(selection, projection, coloring, key=f"map-{projection.coordinates.shape[1]}d", names=names)
    show_trust(projection)


def show_glance(selection: Selection, projection: Projection) -> None:
    """Draw a map to look at, coloured by the label column where there is one."""
    column = selection.label_column
    coloring = color_column(selection.corpus, column) if column else color_evenly(len(selection.corpus.texts))
    draw(selection, projection, coloring, key="glance")
    show_trust(projection)


def show_highlights(
    selection: Selection, projection: Projection, rows: Sequence[int], names: Sequence[Name] = ()
) -> None:
    """Draw the map with some texts marked, and perhaps names on it; the other texts stay visible in grey."""
    marked = np.array(rows, dtype=np.int64)
    coloring = color_evenly(len(selection.corpus.texts))
    draw(selection, projection, coloring, key="search-map", names=names, marked=marked)
    show_trust(projection)


def color_column(corpus: Corpus, column: str, label: str = "") -> Coloring:
    """Return the colours of the texts by a column of their table, or by whether they have one of its several labels."""
    return _color_column((corpus.digest, corpus.meanings.key, column, label), corpus)


@st.cache_resource(max_entries=32, show_spinner=False)
def _color_column(key: tuple[str, int, str, str], _corpus: Corpus) -> Coloring:
    column, label = key[2:]
    sets = _corpus.label_sets(column)
    if sets is None:
        return color_points(_corpus.scale(column) or _corpus.labels(column), column)
    if not label:
        return color_points(sets, column)
    has_label = np.fromiter((label in labels for labels in sets), dtype=bool, count=len(sets))
    return color_groups(has_label.astype(np.int64) - 1, {0: label, -1: OTHERS}, column)


def draw(
    selection: Selection,
    projection: Projection,
    coloring: Coloring,
    *,
    key: str,
    names: Sequence[Name] = (),
    marked: NDArray[np.int64] | None = None,
    height: int = 620,
) -> None:
    """Draw a map with the points that pass the filter, on which points can be selected.

    Parameters
    ----------
    selection : Selection
    projection : Projection
    coloring : Coloring
    key : str
        Names this place of the page.
    names : sequence of Name
        Written on the map.
    marked : int array, optional
        Points that stand out.
    height : int, default=620
        In pixels.
    """
    corpus = selection.corpus
    texts, alt = corpus.captions, ALT.format(n=len(corpus.texts))
    alt = f"First look, from word vectors. {alt}" if _is_first(projection) else alt
    if has_failed():
        _draw_plainly(projection.coordinates, texts, key, alt, marked)
        return
    # A line around points selects the same ones as long as all this is the same.
    parts = (key, selection.model, selection.pooling_mode, projection.kind, coloring.title, hash(coloring.names))
    map_name = f"{parts}{selection.filter_name}"
    webgl_map(
        projection.coordinates,
        texts,
        coloring,
        key=key,
        label=alt,
        is_draft=_is_first(projection),
        names=names,
        marked=marked,
        filtered=selection.left_out,
        selection=selected.of(corpus).on_map(map_name),
        on_select=lambda rows, said: selected.keep(corpus, rows, map_name, said),
        height=height,
    )


def draw_flying(
    coordinates: NDArray[np.float32], texts: Sequence[str], coloring: Coloring, *, key: str, label: str
) -> None:
    """Draw a map to look at; the points are seen to fly here from where they lay when it was drawn before."""
    if has_failed():
        _draw_plainly(coordinates, texts, key, label, None)
    else:
        webgl_map(coordinates, texts, coloring, key=key, label=label, flies=True)


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


def _cluster_names(projection: Projection, found: Found) -> list[Name]:
    """Return the names of the clusters, the largest first, in the middle of their points."""
    labels = found.clustering.labels
    by_size = sorted(found.names, key=lambda label: -int((labels == label).sum()))
    middles = {label: np.median(projection.coordinates[labels == label], axis=0) for label in by_size if label >= 0}
    return [Name(found.names[label], tuple(middle.tolist())) for label, middle in middles.items()]


def _is_first(projection: Projection) -> bool:
    return projection.method == first_look.FIRST_LOOK


def show_trust(projection: Projection) -> None:
    """Say how far the map can be trusted."""
    if _is_first(projection):
        st.caption("A first look, from word vectors. The model is reading the texts; its map takes this one's place.")
        return
    said = say_trustworthiness(projection.trustworthiness)
    measured = f", trustworthiness {said}" if said else ""
    st.caption(
        f"{projection.kind}{measured}. Near points are alike; distances between far groups mean little.",
        help=TRUST_HELP,
    )
    if projection.origin:
        st.caption(projection.origin)
    if projection.caution:
        st.warning(projection.caution, icon=":material/label:")
