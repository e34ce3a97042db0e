"""Matrices as heatmaps."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from embedlab.escape import escape_html
from embedlab.plots.look import (
    ACCENT,
    LABEL_CHARS,
    SEQUENTIAL,
    colorscale,
    diverging_colorscale,
    label_axis,
    readable,
    style,
)

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray
    from plotly.graph_objects import Figure, Scattergl

# Up to this many rows each has its text beside it; more would run into each other.
_MAX_LABELS = 30
_MAX_CELL_VALUES = 16
_HOVER_CHARS = 90


def similarity_heatmap(
    similarity: NDArray[np.float32],
    texts: Sequence[str],
    column_texts: Sequence[str] | None = None,
    *,
    is_small: bool = False,
    clickable: bool = False,
    dark: bool = False,
) -> Figure:
    """Draw the cosines of texts with each other as a matrix.

    Parameters
    ----------
    similarity : float array of shape (n, m)
    texts : sequence of str of length n
    column_texts : sequence of str of length m, default=None
        None for the same texts as in the rows.
    is_small : bool, default=False
        Leaves out texts and values, for a matrix beside another one.
    clickable : bool, default=False
        Adds an invisible point on each cell, since Plotly tells of no click on a heatmap; ``x`` and ``y`` of a point
        are the column and the row.
    dark : bool, default=False
        Whether the page is dark.

    Returns
    -------
    Figure
        The colours run from 0 to 1 in every matrix, so that two of them can be compared; values below 0 look like 0
        and are named by the hover. Up to 16 texts the values are written into the cells.
    """
    import plotly.graph_objects as go

    column_texts = texts if column_texts is None else column_texts
    longest = max(len(texts), len(column_texts))
    rows, columns = np.arange(len(texts)), np.arange(len(column_texts))
    # The texts stand in the axes, once each, and the box under the mouse takes them from there.
    hover = "<b>%{{{}:.3f}}</b><br>%{{y}}<br>%{{x}}<extra></extra>"
    heatmap = go.Heatmap(
        z=similarity, x=columns, y=rows, zmin=0, zmax=1,
        colorscale=colorscale(SEQUENTIAL, dark=dark),
        texttemplate="%{z:.2f}" if longest <= _MAX_CELL_VALUES and not is_small else None,
        hovertemplate=hover.format("z"),
        colorbar={"title": {"text": "Cosine"}, "thickness": 12, "outlinewidth": 0},
    )  # fmt: skip
    figure = go.Figure(heatmap)
    if clickable:
        figure.add_trace(_cell_points(np.asarray(similarity, dtype=np.float32), hover.format("customdata")))
    has_labels = len(texts) <= _MAX_LABELS and not is_small
    # Points on the cells would widen the axes; the ticks are there for the box under the mouse.
    figure.update_xaxes(range=[-0.5, len(columns) - 0.5], ticks="", showgrid=False, zeroline=False)
    figure.update_yaxes(range=[len(rows) - 0.5, -0.5], ticks="", showgrid=False, zeroline=False)
    figure.update_xaxes(
        showticklabels=False,
        tickvals=columns,
        ticktext=[escape_html(text, _HOVER_CHARS) for text in column_texts],
        constrain="domain",
    )
    figure.update_yaxes(
        showticklabels=has_labels,
        tickvals=rows,
        ticktext=[escape_html(text, LABEL_CHARS if has_labels else _HOVER_CHARS) for text in texts],
        scaleanchor="x",
        constrain="domain",
        automargin=True,
    )
    # As high as a narrow page is wide, so that the square matrix fills it.
    return style(figure, height=400 if is_small else 520 if has_labels else 700)


def _cell_points(similarity: NDArray[np.float32], hover: str) -> Scattergl:
    """Return a point on each cell: invisible, but for the one that is selected."""
    import plotly.graph_objects as go

    n_rows, n_columns = similarity.shape
    return go.Scattergl(
        x=np.tile(np.arange(n_columns, dtype=np.int16), n_rows),
        y=np.repeat(np.arange(n_rows, dtype=np.int16), n_columns),
        customdata=similarity.ravel(),
        mode="markers",
        marker={"opacity": 0, "size": 8},
        selected={"marker": {"opacity": 1, "color": ACCENT, "size": 10}},
        unselected={"marker": {"opacity": 0}},
        hovertemplate=hover,
        showlegend=False,
    )


def difference_heatmap(difference: NDArray[np.float32], texts: Sequence[str], *, dark: bool = False) -> Figure:
    """Draw where two models disagree about how alike texts are.

    Parameters
    ----------
    difference : float array of shape (n, n)
        Cosine by the second model minus that by the first.
    texts : sequence of str of length n
    dark : bool, default=False

    Returns
    -------
    Figure
        The scale reaches equally far to both sides of 0.
    """
    figure = similarity_heatmap(difference, texts, dark=dark)
    end = float(np.abs(difference).max(initial=0)) or 1.0
    figure.update_traces(zmin=-end, zmax=end, colorscale=diverging_colorscale(dark=dark))
    return figure.update_traces(colorbar={"title": {"text": "Difference"}}, selector={"type": "heatmap"})


def contingency_heatmap(contingency: pd.DataFrame, *, dark: bool = False) -> Figure:
    """Draw how many rows of each known group (rows) fall into each cluster (columns)."""
    import plotly.graph_objects as go

    counts = contingency.to_numpy()
    names = [
        [escape_html(str(name), LABEL_CHARS) for name in axis] for axis in (contingency.index, contingency.columns)
    ]
    positions = [np.arange(len(axis)) for axis in names]
    hover = np.stack(np.broadcast_arrays(np.array(names[0])[:, None], np.array(names[1])[None, :]), axis=-1)
    heatmap = go.Heatmap(
        z=counts,
        x=positions[1],
        y=positions[0],
        customdata=hover,
        colorscale=colorscale(SEQUENTIAL, dark=dark),
        zmin=0,
        zmax=counts.max(initial=1),
        texttemplate="%{z}" if counts.size <= 900 else None,
        showscale=False,
        xgap=1,
        ygap=1,
        hovertemplate="%{customdata[0]}<br>%{customdata[1]}<br><b>%{z}</b> texts<extra></extra>",
    )
    figure = go.Figure(readable(heatmap))
    figure.update_xaxes(tickvals=positions[1], ticktext=names[1], tickangle=-35, automargin=True, showgrid=False)
    figure.update_yaxes(tickvals=positions[0], ticktext=names[0], autorange="reversed", automargin=True, showgrid=False)
    return style(figure, height=max(320, 28 * len(names[0]) + 160))


def named_matrix(
    values: NDArray[np.floating], names: Sequence[str], *, what: str = "cosine", dark: bool = False
) -> Figure:
    """Draw how alike a few things are, each with each, the numbers written into the cells.

    Parameters
    ----------
    values : float array of shape (k, k)
        From 0 to 1.
    names : sequence of str of length k
    what : str, default="cosine"
        What the numbers are.
    dark : bool, default=False
    """
    import plotly.graph_objects as go

    positions = np.arange(len(names))
    heatmap = go.Heatmap(
        z=values,
        x=positions,
        y=positions,
        zmin=0,
        zmax=1,
        colorscale=colorscale(SEQUENTIAL, dark=dark),
        texttemplate="%{z:.2f}",
        showscale=False,
        xgap=1,
        ygap=1,
        hovertemplate=f"%{{y}} and %{{x}}: {what} <b>%{{z:.3f}}</b><extra></extra>",
    )
    figure = go.Figure(readable(heatmap))
    for axis in (figure.layout.xaxis, figure.layout.yaxis):
        label_axis(axis, names, LABEL_CHARS)
    figure.update_xaxes(tickangle=-40)
    figure.update_yaxes(autorange="reversed")
    return style(figure, height=150 + 36 * len(names))
