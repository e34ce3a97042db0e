"""How a training goes, and what it has changed, drawn."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from embedlab.escape import escape_html
from embedlab.plots.comparison import interval_said
from embedlab.plots.look import ACCENT, CATEGORICAL, LABEL_CHARS, NOISE_COLOR, style

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from plotly.graph_objects import Figure

# A loss jumps from batch to batch; the line beside it is its mean over so many steps on each side, at most.
_SMOOTHED = 5


def training_curves(
    losses: Sequence[tuple[int, float]], evaluations: Sequence[tuple[int, float]], n_steps: int, title: str
) -> Figure:
    """Draw the loss of each step and, beside it, the figure of what was held out.

    Parameters
    ----------
    losses : sequence of (step, loss)
    evaluations : sequence of (step, figure)
        The first one stands at step 0, before anything was learned; a dashed line goes on from it.
    n_steps : int
        Where both axes end, so that they stay while points come.
    title : str
        What the figure is.
    """
    from plotly.subplots import make_subplots

    figure = make_subplots(rows=1, cols=2, horizontal_spacing=0.1)
    steps, values = (np.array(part, dtype=float) for part in (zip(*losses, strict=True) if losses else ((), ())))
    figure.add_scatter(
        x=steps, y=values, row=1, col=1, mode="markers", marker={"size": 4, "color": NOISE_COLOR, "opacity": 0.6},
        name="Loss of a batch", hovertemplate="Step %{x}: loss %{y:.4f}<extra></extra>",
    )  # fmt: skip
    figure.add_scatter(
        x=steps, y=_smooth(values), row=1, col=1, mode="lines", line={"color": CATEGORICAL[0], "width": 2},
        name="Its mean", hoverinfo="skip",
    )  # fmt: skip
    if evaluations:
        steps, values = np.array(evaluations, dtype=float).T
        figure.add_scatter(
            x=steps, y=values, row=1, col=2, mode="lines+markers", line={"color": ACCENT, "width": 2},
            marker={"size": 8}, name="Held out", hovertemplate="Step %{x}: %{y:.4f}<extra></extra>",
        )  # fmt: skip
        # Not before: Plotly draws no line where there is nothing yet.
        figure.add_hline(y=evaluations[0][1], row=1, col=2, line={"color": NOISE_COLOR, "dash": "dash", "width": 1})
    figure.update_xaxes(title="Step", range=[-0.02 * n_steps, 1.02 * n_steps], zeroline=False)
    figure.update_yaxes(title="Loss", rangemode="tozero", col=1)
    figure.update_yaxes(title=f"{title}, held out", col=2, zeroline=False)
    figure.update_layout(showlegend=False)
    return style(figure, height=260)


def _smooth(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the mean of the values around each."""
    sums, places = np.concatenate([[0.0], np.cumsum(values)]), np.arange(len(values))
    first, last = np.maximum(places - _SMOOTHED, 0), np.minimum(places + _SMOOTHED + 1, len(values))
    return (sums[last] - sums[first]) / np.maximum(last - first, 1)


def change_intervals(
    names: Sequence[str], changes: Sequence[float], intervals: Sequence[tuple[float, float] | None], title: str
) -> Figure:
    """Draw by how much each figure has changed, with its interval, and where no change lies.

    Parameters
    ----------
    names : sequence of str of length k
    changes : sequence of float of length k
        After minus before.
    intervals : sequence of (low, high) or None of length k
        None where there are too few rows to say. What is more than chance is coloured, the others are grey.
    title : str
        What the changes are of.
    """
    import plotly.graph_objects as go

    figure = go.Figure()
    figure.add_vline(x=0, line={"color": NOISE_COLOR, "dash": "dash", "width": 1})
    for place, (name, change, ends) in enumerate(zip(names, changes, intervals, strict=True)):
        low, high = ends or (np.nan, np.nan)
        color = CATEGORICAL[2] if low > 0 else ACCENT if high < 0 else NOISE_COLOR
        trace = go.Scatter(
            x=[change],
            y=[place],
            error_x={"array": [high - change], "arrayminus": [change - low], "thickness": 2, "width": 6},
            mode="markers",
            marker={"size": 12, "color": color},
            name=escape_html(name, LABEL_CHARS),
            hovertemplate="<b>%{x:+.3f}</b>, " + interval_said(ends),
        )  # fmt: skip
        figure.add_trace(trace)
    figure.update_xaxes(title=title, zeroline=False, tickformat="+.2f")
    figure.update_yaxes(
        tickvals=np.arange(len(names)),
        ticktext=[escape_html(name, LABEL_CHARS) for name in names],
        range=[len(names) - 0.4, -0.6],
        automargin=True,
        zeroline=False,
    )
    figure.update_layout(showlegend=False)
    return style(figure, height=90 + 34 * len(names))
