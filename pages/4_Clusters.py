"""Clusters: groups of texts, named, measured, and shown on a UMAP map."""

from dataclasses import replace

import streamlit as st

from embedlab.ui.choices import Selection, address
from embedlab.ui.frame import run_page
from embedlab.ui.parts import first_look, point_map
from embedlab.ui.views.clusters import curation, drawing, finding, labels, structure, takeaway, written

CLUSTERS = "Clusters"
VIEWS = {
    CLUSTERS: finding.show_table,
    "How many?": finding.show_suggestion,
    "Against the labels": labels.show,
    "Outliers": structure.show_outliers,
    "Stability": structure.show_stability,
    "Three maps": structure.show_three_maps,
}


def show(selection: Selection) -> None:
    choice, warnings = structure.choose(), st.container()
    dimensions, drawn_by, colour, edit = st.columns([2, 4, 5, 3], vertical_alignment="bottom")
    with dimensions:
        is_3d = address.switch("dimensions", "Map", ["2-D", "3-D"]) == "3-D"
    with drawn_by:
        layout = drawing.choose(selection, n_components=3 if is_3d else 2)
    with colour:
        column, label = finding.choose_colour(selection)
    layout = drawing.choose_ways(selection, layout)
    choice = replace(choice, neighbors=layout.neighbors)
    # The first look and the map of the model stand in one place, so that one becomes the other.
    place = st.container()
    look = first_look.begin(selection, "Clusters")
    if look is not None:
        with edit:
            first_look.mark()
        found, projection = finding.look_first(look, choice, layout)
        with place:
            point_map.show(look, projection, found, column, label)
        finding.show_selected(look, found)
        finding.show_table(look, found)
        with warnings:
            finding.warn(selection)
        first_look.give_way(lambda: finding.wait_for(selection, choice, layout))
    with warnings:
        finding.warn(selection)
    found = finding.find(selection, choice)
    with edit:
        curation.offer(selection, found)
    projection = point_map.compute(selection, layout)
    with place:
        point_map.show(selection, projection, found, column, label)
        drawing.show_both(selection, projection, layout)
    finding.show_selected(selection, found)
    view = address.switch("view", "Look at", list(VIEWS), label_visibility="collapsed")
    VIEWS[view](selection, found)
    if view == CLUSTERS:
        written.offer(selection, found)
    takeaway.offer(selection, found, projection, layout)


run_page("Clusters", show)
