"""What happens inside a model, drawn: token vectors, attention, poolings, a word in two sentences."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from embedlab.plots.look import (
    CATEGORICAL,
    NOISE_COLOR,
    SEQUENTIAL,
    colorscale,
    diverging_colorscale,
    label_axis,
    style,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from plotly.graph_objects import Figure

# A few dimensions of a model are many times as large as the rest, which would fade if the colours reached up to them.
_CLIP_PERCENT = 99
_COLORBAR = {"thickness": 12, "outlinewidth": 0}


def token_heatmap(vectors: NDArray[np.float32], pieces: Sequence[str], *, dark: bool = False) -> Figure:
    """Draw the vectors of tokens, a row each and a column for each dimension.

    Parameters
    ----------
    vectors : float array of shape (t, d)
    pieces : sequence of str of length t
        The tokens; they may repeat.
    dark : bool, default=False
        Whether the page is dark.

    Returns
    -------
    Figure
        The middle of the scale is 0. Its ends hold 99 of 100 values; those beyond have the colour of the end, and the
        hover names them as they are.
    """
    import plotly.graph_objects as go

    end = float(np.percentile(np.abs(vectors), _CLIP_PERCENT)) or 1.0
    figure = go.Figure(
        go.Heatmap(
            z=vectors,
            y=np.arange(len(pieces)),
            zmin=-end,
            zmax=end,
            colorscale=diverging_colorscale(dark=dark),
            colorbar={
                "title": {"text": "Value"},
                "tickvals": [-end, 0, end],
                "ticktext": [f"≤ −{end:.2f}", "0", f"≥ {end:.2f}"],
                **_COLORBAR,
            },
            hovertemplate="%{y}, dimension %{x}: <b>%{z:.3f}</b><extra></extra>",
        )  # fmt: skip
    )
    figure.update_xaxes(title="Dimension", showgrid=False, zeroline=False)
    label_axis(figure.layout.yaxis, pieces)
    figure.update_yaxes(autorange="reversed")
    return style(figure, height=min(680, 120 + 24 * len(pieces)))


def attention_heatmap(attention: NDArray[np.float32], pieces: Sequence[str], *, dark: bool = False) -> Figure:
    """Draw how much each token (row) attends to each token (column).

    Parameters
    ----------
    attention : float array of shape (t, t)
        In [0, 1]; each row sums to 1.
    pieces : sequence of str of length t
    dark : bool, default=False

    Returns
    -------
    Figure
        The colours run from 0 to the largest value: the mean of many heads would otherwise be one pale field.
    """
    import plotly.graph_objects as go

    positions = np.arange(len(pieces))
    figure = go.Figure(
        go.Heatmap(
            z=attention,
            x=positions,
            y=positions,
            zmin=0,
            colorscale=colorscale(SEQUENTIAL, dark=dark),
            colorbar={"title": {"text": "Attention"}, "tickformat": ".2f", **_COLORBAR},
            hovertemplate="%{y} looks at %{x}: <b>%{z:.3f}</b><extra></extra>",
        )  # fmt: skip
    )
    for axis in (figure.layout.xaxis, figure.layout.yaxis):
        label_axis(axis, pieces)
    figure.update_xaxes(title="is looked at", tickangle=-60, constrain="domain")
    figure.update_yaxes(title="This token looks", autorange="reversed", scaleanchor="x", constrain="domain")
    return style(figure, height=min(700, 260 + 24 * len(pieces)))


def pooling_heatmap(
    weights: NDArray[np.float32], poolings: Sequence[str], pieces: Sequence[str], *, dark: bool = False
) -> Figure:
    """Draw how each pooling (row) weighs the tokens (columns).

    Parameters
    ----------
    weights : float array of shape (k, t)
        Shares in [0, 1]; each row sums to 1.
    poolings, pieces : sequence of str of length k, of length t
    dark : bool, default=False
    """
    import plotly.graph_objects as go

    figure = go.Figure(
        go.Heatmap(
            z=weights * 100,
            x=np.arange(len(pieces)),
            y=np.arange(len(poolings)),
            zmin=0,
            zmax=100,
            xgap=1,
            ygap=1,
            colorscale=colorscale(SEQUENTIAL, dark=dark),
            texttemplate="%{z:.0f}" if len(pieces) <= 24 else None,
            colorbar={"title": {"text": "Share"}, "ticksuffix": " %", **_COLORBAR},
            hovertemplate="%{y}: %{x} counts <b>%{z:.1f} %</b><extra></extra>",
        )  # fmt: skip
    )
    label_axis(figure.layout.xaxis, pieces)
    label_axis(figure.layout.yaxis, poolings)
    figure.update_xaxes(tickangle=-60)
    figure.update_yaxes(autorange="reversed")
    return style(figure, height=150 + 32 * len(poolings))


def divergence_line(cosines: NDArray[np.float32]) -> Figure:
    """Draw how alike a word is in two sentences, from the look-up through the layers.

    Parameters
    ----------
    cosines : float array of shape (n_layers + 1,)
        The first is that after the look-up.
    """
    import plotly.graph_objects as go

    layers = np.arange(len(cosines))
    figure = go.Figure(
        go.Scatter(
            x=layers,
            y=cosines,
            mode="lines+markers",
            line={"color": CATEGORICAL[0], "width": 2},
            marker={"size": 8},
            hovertemplate="%{x}: cosine <b>%{y:.3f}</b><extra></extra>",
        )  # fmt: skip
    )
    names = ["Look-up", *(f"Layer {layer}" for layer in layers[1:])]
    step = -(-len(names) // 13)
    figure.update_xaxes(tickvals=layers[::step], ticktext=names[::step], showgrid=False)
    figure.update_yaxes(title="Cosine", range=[min(0.0, float(cosines.min()) - 0.05), 1.05], automargin=True)
    return style(figure, height=320)


def norm_bars(norms: NDArray[np.float32], poolings: Sequence[str]) -> Figure:
    """Draw the length of a text's vector by each pooling before normalisation, and the length 1 it has afterwards.

    Parameters
    ----------
    norms : float array of shape (k,)
    poolings : sequence of str of length k
    """
    import plotly.graph_objects as go

    figure = go.Figure(
        go.Bar(
            x=norms,
            y=np.arange(len(poolings)),
            orientation="h",
            marker={"color": CATEGORICAL[0]},
            texttemplate="%{x:.2f}",
            textposition="outside",
            cliponaxis=False,
            hovertemplate="%{y}: length <b>%{x:.3f}</b> before, 1 after<extra></extra>",
        )  # fmt: skip
    )
    figure.add_vline(x=1, line={"dash": "dash", "width": 2, "color": NOISE_COLOR})
    figure.update_xaxes(title="Length before normalisation; dashed: after", range=[0, 1.12 * max(1.0, norms.max())])
    label_axis(figure.layout.yaxis, poolings)
    figure.update_yaxes(autorange="reversed")
    return style(figure, height=110 + 30 * len(poolings))
