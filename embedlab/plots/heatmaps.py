"""Matrices as heatmaps."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from embedlab.escape import escape_html
from embedlab.palette import SEQUENTIAL, colorscale, diverging_colorscale
from embedlab.plots.style import LABEL_CHARS, label_axis, style

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray
    from plotly.graph_objects import Figure

# Up to this many rows each has its text beside it; more would run into each other.
_MAX_LABELS = 30
_MAX_CELL_VALUES = 16


def similarity_heatmap(
    similarity: NDArray[np.float32], texts: Sequence[str], *, is_small: bool = False, dark: bool = False
) -> Figure:
    """Draw the cosines of texts with each other as a matrix.

    Parameters
    ----------
    similarity : float array of shape (n, n)
    texts : sequence of str of length n
    is_small : bool, default=False
        Leaves out texts and values, for a matrix beside another one.
    dark : bool, default=False
        Whether the page is dark.

    Returns
    -------
    Figure
        The colours run from 0 to 1 in every matrix, so that two of them can be compared; values below 0 look like 0
        and are named by the hover. Up to 16 texts the values are written into the cells.
    """
    import plotly.graph_objects as go

    labels = [escape_html(text, LABEL_CHARS) for text in texts]
    full = np.array([escape_html(text, 90) for text in texts], dtype=object)
    both = np.stack(np.broadcast_arrays(full[:, None], full[None, :]), axis=-1)
    positions = np.arange(len(texts))
    heatmap = go.Heatmap(
        z=similarity, x=positions, y=positions, customdata=both, zmin=0, zmax=1,
        colorscale=colorscale(SEQUENTIAL, dark=dark),
        texttemplate="%{z:.2f}" if len(texts) <= _MAX_CELL_VALUES and not is_small else None,
        hovertemplate="<b>%{z:.3f}</b><br>%{customdata[0]}<br>%{customdata[1]}<extra></extra>",
        colorbar={"title": {"text": "Cosine"}, "thickness": 12, "outlinewidth": 0},
    )  # fmt: skip
    figure = go.Figure(heatmap)
    shown = positions if len(texts) <= _MAX_LABELS and not is_small else positions[:0]
    figure.update_xaxes(showgrid=False, showticklabels=False, constrain="domain")
    figure.update_yaxes(
        showgrid=False,
        autorange="reversed",
        tickvals=shown,
        ticktext=[labels[i] for i in shown],
        scaleanchor="x",
        constrain="domain",
        automargin=True,
    )
    # As high as a narrow page is wide, so that the square matrix fills it.
    return style(figure, height=400 if is_small else 520 if len(shown) else 700)


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
    figure = go.Figure(
        go.Heatmap(
            z=counts,
            x=positions[1],
            y=positions[0],
            customdata=hover,
            colorscale=colorscale(SEQUENTIAL, dark=dark),
            zmin=0,
            texttemplate="%{z}" if counts.size <= 900 else None,
            showscale=False,
            xgap=1,
            ygap=1,
            hovertemplate="%{customdata[0]}<br>%{customdata[1]}<br><b>%{z}</b> texts<extra></extra>",
        )  # fmt: skip
    )
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
    figure = go.Figure(
        go.Heatmap(
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
        )  # fmt: skip
    )
    for axis in (figure.layout.xaxis, figure.layout.yaxis):
        label_axis(axis, names, LABEL_CHARS)
    figure.update_xaxes(tickangle=-40)
    figure.update_yaxes(autorange="reversed")
    return style(figure, height=150 + 36 * len(names))
