"""The cosines of kinds of pairs as curves, with the line that is drawn between them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from embedlab.escape import escape_html
from embedlab.plots.palette import ACCENT, color_for
from embedlab.plots.style import LABEL_CHARS, style

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from plotly.graph_objects import Figure

# Bins between -1 and 1 that are drawn, fewer of few pairs: fine ones would show the accidents of these.
_BINS, _FEW_BINS, _FEW_PAIRS = 100, 40, 1_000


def cosine_curves(
    counts: Mapping[str, NDArray[np.int64]],
    threshold: float | None = None,
    interval: tuple[float, float] | None = None,
) -> Figure:
    """Draw how the cosines of several kinds of pairs are spread, each kind as shares of its own pairs.

    Parameters
    ----------
    counts : mapping of str to int array of shape (bins,)
        Pairs in each of even bins from -1 to 1, a multiple of two hundred of them, by what the pairs are.
    threshold : float, optional
        Drawn as a line.
    interval : (float, float), optional
        Drawn as a band around it.
    """
    import plotly.graph_objects as go

    n_bins = _FEW_BINS if min(bins.sum() for bins in counts.values()) < _FEW_PAIRS else _BINS
    drawn = {name: bins.reshape(n_bins, -1).sum(axis=1) for name, bins in counts.items()}
    filled = np.flatnonzero(np.sum(list(drawn.values()), axis=0))
    shown = slice(max(0, filled[0] - 1), filled[-1] + 2) if len(filled) else slice(0, n_bins)
    edges = np.linspace(-1, 1, n_bins + 1)
    low, high = edges[:-1][shown], edges[1:][shown]
    figure = go.Figure()
    for number, (name, bins) in enumerate(drawn.items()):
        figure.add_trace(
            go.Scatter(
                x=(low + high) / 2,
                y=bins[shown] / max(1, bins.sum()),
                name=escape_html(name, LABEL_CHARS),
                mode="lines",
                fill="tozeroy",
                line={"color": color_for(number)},
                customdata=np.stack([low, high, bins[shown]], axis=1),
                hovertemplate="Cosine %{customdata[0]:.2f} to %{customdata[1]:.2f}: <b>%{y:.2%}</b> "
                "(%{customdata[2]:,})<extra>%{fullData.name}</extra>",
            )
        )
    if interval is not None:
        figure.add_vrect(x0=interval[0], x1=interval[1], fillcolor=ACCENT, opacity=0.15, line_width=0)
    if threshold is not None:
        figure.add_vline(x=threshold, line={"dash": "dash", "width": 2, "color": ACCENT})
    figure.update_xaxes(title="Cosine of two texts")
    figure.update_yaxes(title="Share of the pairs of a kind", tickformat=".1%", rangemode="tozero")
    figure.update_layout(legend={"orientation": "h", "x": 1, "xanchor": "right", "y": 1, "yanchor": "bottom"})
    return style(figure, height=320)
