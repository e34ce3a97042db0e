"""The similarity of all texts as an image: ordered by groups, and a way into it down to the single cells."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import streamlit as st

from embedlab.errors import InvalidInputError
from embedlab.plots import ImageSide, similarity_heatmap, similarity_overview
from embedlab.plots.look import MISSING_NAME
from embedlab.similarity import pixel_edges
from embedlab.ui.choices import address
from embedlab.ui.parts import is_dark
from embedlab.ui.tasks import overview_tasks, services, waiting
from embedlab.ui.views.similarity.compared import show_matrix

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from embedlab.ui.choices import Selection

MAX_CELLS = 300
"""Up to so many texts on both sides each cell can be clicked."""

MAX_GROUPS = 1000
"""Most groups a label column may have."""

ALL = "All groups"
ORDER_HELP = (
    "Cluster: the clusters of the Clusters page, similar ones side by side. Label: the groups of the label column. "
    "In a group, the texts nearest to its centre come first."
)
Range = tuple[int, int]


@dataclass(frozen=True, eq=False)
class Grouped:
    """Groups of the texts, and the texts in their order.

    Parameters
    ----------
    what : str
        What a group is called.
    key : hashable
        Names the groups among results.
    codes : int64 array of shape (n,)
        Group of each text.
    order : int64 array of shape (n,)
    runs : list of (str, int, int)
        Name, first place and the one behind the last of each group, in the order.
    """

    what: str
    key: Hashable
    codes: NDArray[np.int64]
    order: NDArray[np.int64]
    runs: list[tuple[str, int, int]]


def show(selection: Selection) -> Grouped:
    """Draw the matrix of all texts, or the part the person has chosen, and return its groups."""
    grouped = _choose_order(selection)
    rows, columns = _choose_part(selection, grouped)
    _show_part(selection, grouped, rows, columns)
    return grouped


def _choose_order(selection: Selection) -> Grouped:
    """Let the person choose what the rows are ordered by."""
    by_label = ["Label"] if selection.label_column is not None else []
    way = address.switch("matrix_order", "Order of the texts", ["Cluster", *by_label, "Table"], help=ORDER_HELP)
    n_texts = len(selection.corpus.texts)
    if way == "Table":
        places = np.arange(n_texts)
        return Grouped("table", "table", np.zeros(n_texts, dtype=np.int64), places, [("", 0, n_texts)])
    if way == "Label" and selection.label_column is not None:
        codes, labels = pd.factorize(selection.corpus.labels(selection.label_column), sort=True)
        if len(labels) > MAX_GROUPS:
            raise InvalidInputError(
                f"The column {selection.label_column!r} has {len(labels):,} different values; at most {MAX_GROUPS:,} "
                "can be groups. Choose another label column in the panel on the left, or another order."
            )
        names = {code: name or MISSING_NAME for code, name in enumerate(labels.tolist())}
        key: Hashable = ("label", selection.dataset.id, selection.label_column)
    else:
        codes = services.clustering(selection, "auto").labels
        names, key = services.cluster_names(selection, codes), "clusters"
    found = waiting.await_task(overview_tasks.order_groups(services.embedded(selection), key, codes))
    edges = found.edges.tolist()
    runs = [(names[int(group)], *ends) for group, ends in zip(found.groups, pairwise(edges), strict=True)]
    return Grouped("label" if way == "Label" else "cluster", key, codes, found.order, runs)


def _choose_part(selection: Selection, grouped: Grouped) -> tuple[Range, Range]:
    """Let the person look at the texts of two groups only, and remember the box she has drawn in them."""
    whole = (0, len(grouped.order))
    parts = [whole, whole]
    ends = {name: (start, stop) for name, start, stop in grouped.runs}
    left, right, back = st.columns([2, 2, 1], vertical_alignment="bottom")
    if len(grouped.runs) > 1:
        for place, (box, side) in enumerate(((left, "Rows"), (right, "Columns"))):
            name = box.selectbox(f"{side} of group", [ALL, *ends], key=f"{side.lower()}_of", bind="query-params")
            parts[place] = ends.get(name, whole)
    drawn = _boxes(selection, grouped, parts)
    if not drawn:
        return parts[0], parts[1]
    back.button("Back", key="overview_back", icon=":material/zoom_out:", on_click=_step_back, width="stretch")
    return drawn[-1]


def _step_back() -> None:
    st.session_state["overview_boxes"][1].pop()


def _boxes(selection: Selection, grouped: Grouped, parts: list[Range]) -> list[tuple[Range, Range]]:
    """Return the boxes drawn so far, each within the one before; none in another order or part."""
    name = (selection.corpus.digest, grouped.key, *parts)
    if st.session_state.get("overview_boxes", (None,))[0] != name:
        st.session_state["overview_boxes"] = (name, [])
    return st.session_state["overview_boxes"][1]


def _show_part(selection: Selection, grouped: Grouped, rows: Range, columns: Range) -> None:
    """Draw a part of the matrix: as cells that can be clicked where they are few, else as an image."""
    task = overview_tasks.draw_image(services.embedded(selection), grouped.key, grouped.order, rows, columns)
    image = waiting.await_task(task)
    if max(rows[1] - rows[0], columns[1] - columns[0]) <= MAX_CELLS:
        _show_cells(selection, image, grouped.order[slice(*rows)], grouped.order[slice(*columns)])
        return
    sides = [_side(selection, grouped, part) for part in (rows, columns)]
    event = st.plotly_chart(
        similarity_overview(image, *sides, dark=is_dark()),
        key="overview",
        on_select="rerun",
        selection_mode="box",
        alt=f"Image of the cosines of {rows[1] - rows[0]:,} texts with {columns[1] - columns[0]:,} texts",
    )
    st.caption(f"{_dot_words(rows, columns)} Draw a box to look closer, down to the single texts.")
    for box in event.selection.box:
        part = _whole_places(box["y"], rows), _whole_places(box["x"], columns)
        if part != (rows, columns):
            st.session_state["overview_boxes"][1].append(part)
            st.rerun()


def _show_cells(
    selection: Selection, cosines: NDArray[np.float32], rows: NDArray[np.int64], columns: NDArray[np.int64]
) -> None:
    texts = selection.corpus.captions
    row_texts, column_texts = ([texts[row] for row in side] for side in (rows, columns))
    heatmap = similarity_heatmap(cosines, row_texts, column_texts, clickable=True, dark=is_dark())
    show_matrix(selection, heatmap, rows, columns, f"Heatmap of the cosines of {len(rows)} texts with {len(columns)}")


def _dot_words(rows: Range, columns: Range) -> str:
    """Say what a dot of the image stands for."""
    n_pairs = 1.0
    for start, stop in (rows, columns):
        n_pairs *= max(1.0, (stop - start) / overview_tasks.MAX_PIXELS)
    if n_pairs == 1:
        return "Each dot is the cosine of two texts."
    return f"Each dot is the mean cosine of {n_pairs:,.0f} pairs of texts, more or less."


def _whole_places(ends: list[float], within: Range) -> Range:
    """Return the places that a box touches, at least one."""
    start = min(max(int(np.floor(min(ends))), within[0]), within[1] - 1)
    return start, max(start + 1, min(int(np.ceil(max(ends))), within[1]))


def _side(selection: Selection, grouped: Grouped, part: Range) -> ImageSide:
    """Return what stands beside the image: texts where a dot is one, else groups and places."""
    edges = pixel_edges(part, overview_tasks.MAX_PIXELS, len(grouped.order))
    shown = [
        (name, max(start, part[0]), min(stop, part[1]))
        for name, start, stop in grouped.runs
        if start < part[1] and stop > part[0]
    ]
    if part[1] - part[0] <= overview_tasks.MAX_PIXELS:
        names = [selection.corpus.captions[row] for row in grouped.order[slice(*part)]]
    else:
        starts = np.array([start for _, start, _ in shown])
        first, last = (np.searchsorted(starts, places, side="right") - 1 for places in (edges[:-1], edges[1:] - 1))
        names = [
            f"{shown[a][0] if a == b else f'{shown[a][0]} … {shown[b][0]}'} · texts {start + 1:,} to {stop:,}".lstrip(
                " ·"
            )
            for a, b, start, stop in zip(first, last, edges[:-1].tolist(), edges[1:].tolist(), strict=True)
        ]
    return ImageSide(edges, names, shown)
