"""Clusters: KMeans groups, named, measured, and shown on a UMAP map."""

import streamlit as st

from embedlab.ui import address, clusters, point_map, takeaway
from embedlab.ui.frame import Selection, run_page

VIEWS = {
    "Clusters": clusters.show_table,
    "How many?": clusters.show_suggestion,
    "Against the labels": clusters.show_labels,
}


def show(selection: Selection) -> None:
    n_clusters = clusters.choose_n_clusters(selection)
    found = clusters.find(selection, n_clusters)
    dimensions, colour = st.columns([1, 3], vertical_alignment="bottom")
    with dimensions:
        is_3d = address.switch("dimensions", "Map", ["2-D", "3-D"]) == "3-D"
    with colour:
        column = clusters.choose_colour(selection)
    projection = point_map.compute(selection, n_components=3 if is_3d else 2)
    rows = point_map.show(selection, projection, found, column)
    if is_3d:
        st.caption("Turn the map with the mouse. Points can be selected on the 2-D map.")
    else:
        clusters.show_selected(selection, found, rows)
    view = address.switch("view", "Look at", list(VIEWS), label_visibility="collapsed")
    VIEWS[view](selection, found)
    takeaway.offer(selection, found, projection, n_clusters)


run_page("Clusters", show)
