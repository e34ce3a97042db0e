"""Maps of points."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from embedlab.escape import escape_html
from embedlab.plots.look import ACCENT, HOVER_CHARS, LABEL_CHARS, MISSING, NOISE_COLOR, Coloring, color_points, style

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from plotly.graph_objects import Figure

# Up to here the browser draws faster without starting WebGL.
MAX_SVG_POINTS = 2000


def point_map(
    coordinates: NDArray[np.float32],
    *,
    texts: Sequence[str],
    colors: Sequence[str] | NDArray[Any] | None = None,
    color_title: str = "",
    category_order: Sequence[str] | None = None,
    highlight: NDArray[np.int64] | None = None,
    highlight_title: str = "Highlighted",
    is_small: bool = False,
) -> Figure:
    """Draw texts as points.

    Parameters
    ----------
    coordinates : float32 array of shape (n, 2) or (n, 3)
    texts : sequence of str of length n
        Shown when the mouse is over a point.
    colors : sequence of length n, optional
        Category of each point, or numbers, which get a colour bar. Past 30 categories the smaller ones are one grey.
    color_title : str
    category_order : sequence of str, optional
        Fixes which category gets which colour; by falling size when not given.
    highlight : int array, optional
        Positions drawn large; with no ``colors`` the rest stays visible in grey.
    highlight_title : str
    is_small : bool, default=False
        Leaves out the legend, for a map beside another one.

    Returns
    -------
    Figure
        ``customdata`` of every point holds its position.
    """
    import plotly.graph_objects as go

    rows = np.arange(len(coordinates))
    hover = np.array([escape_html(text, HOVER_CHARS) for text in texts], dtype=object)
    size = float(np.clip(14 - 2.2 * np.log10(max(len(rows), 1)), 3, 9))
    figure = go.Figure()

    def add(name: str, chosen: NDArray[np.int64], **marker: Any) -> None:  # noqa: ANN401 - Plotly's own options
        marker = {"size": size, "opacity": 0.85, "line": {"width": 0}, **marker}
        shared = {
            "name": escape_html(name, LABEL_CHARS),
            "text": hover[chosen],
            "customdata": chosen,
            "mode": "markers",
            "hovertemplate": "%{text}<extra></extra>",
        }
        figure.add_trace(_points(coordinates[chosen], marker, shared, draws_svg=len(rows) <= MAX_SVG_POINTS))

    if colors is None:
        rest = np.setdiff1d(rows, highlight) if highlight is not None else rows
        add("Other texts", rest, color=NOISE_COLOR, opacity=0.35)
    else:
        coloring = color_points(colors, color_title, category_order)
        if coloring.ends:
            add(color_title, rows, color=coloring.numbers, **_scale(coloring), showscale=True)
        for number, name in enumerate(coloring.names):
            add(name, np.flatnonzero(coloring.numbers == number), color=coloring.palette[number])
    if highlight is not None:
        add(highlight_title, highlight, color=ACCENT, size=size + 5, opacity=1, line={"width": 1, "color": "white"})
    figure = _style_map(figure, coordinates.shape[1], escape_html(color_title, LABEL_CHARS))
    return figure.update_layout(height=360, showlegend=False) if is_small else figure


def _points(
    coordinates: NDArray[np.float32], marker: dict[str, Any], shared: dict[str, Any], *, draws_svg: bool
) -> Any:  # noqa: ANN401 - one of three trace types
    import plotly.graph_objects as go

    x, y = np.ascontiguousarray(coordinates[:, 0]), np.ascontiguousarray(coordinates[:, 1])
    if coordinates.shape[1] == 3:
        marker = {**marker, "size": marker["size"] * 0.6}
        return go.Scatter3d(x=x, y=y, z=np.ascontiguousarray(coordinates[:, 2]), marker=marker, **shared)
    trace = go.Scatter if draws_svg else go.Scattergl
    # Points left out of a selection stay visible.
    return trace(x=x, y=y, marker=marker, unselected={"marker": {"opacity": 0.25}}, **shared)


def _scale(coloring: Coloring) -> dict[str, Any]:
    """Return the colours of a scale, with its ends named beside it."""
    least, most = coloring.ends or ("", "")
    last = int(coloring.numbers[coloring.numbers < MISSING].max(initial=1))
    bar = {"title": {"text": escape_html(coloring.title, LABEL_CHARS)}, "thickness": 12, "outlinewidth": 0}
    bar |= {"tickvals": [0, last], "ticktext": [escape_html(least, LABEL_CHARS), escape_html(most, LABEL_CHARS)]}
    colors = [[number / MISSING, coloring.palette[number]] for number in range(MISSING + 1)]
    return {"cmin": 0, "cmax": MISSING, "colorscale": colors, "colorbar": bar}


def _style_map(figure: Figure, n_components: int, legend_title: str) -> Figure:
    hidden = {"visible": False, "showgrid": False, "zeroline": False}
    if n_components == 3:
        axes = {"xaxis": hidden, "yaxis": hidden, "zaxis": hidden}
        figure.update_layout(scene={**axes, "aspectmode": "data", "camera": {"eye": {"x": 1.1, "y": 1.1, "z": 0.7}}})
    else:
        figure.update_xaxes(**hidden)
        figure.update_yaxes(**hidden, scaleanchor="x")
    figure.update_layout(
        dragmode="lasso" if n_components == 2 else "orbit",
        legend={"title": {"text": legend_title}, "itemsizing": "constant"},
        showlegend=len(figure.data) > 1,
    )
    # Room for the tool bar above the legend.
    return style(figure, height=640).update_layout(margin_t=40)
