"""What is found, and what it costs, drawn: of vectors of fewer bytes, and of the settings of an index."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from embedlab.escape import escape_html
from embedlab.plots.comparison import front_line, front_marker, interval_said
from embedlab.plots.look import LABEL_CHARS, NOISE_COLOR, style

if TYPE_CHECKING:
    from plotly.graph_objects import Figure


def bytes_curve(
    names: Sequence[str],
    values: Sequence[float],
    intervals: Sequence[tuple[float, float] | None],
    n_bytes: Sequence[int],
    kinds: Sequence[str],
    front: Sequence[int],
    title: str,
    *,
    full: float | None = None,
) -> Figure:
    """Draw a figure of vectors over the bytes each takes, on a scale of powers of two.

    Parameters
    ----------
    names : sequence of str of length k
    values : sequence of float of length k
    intervals : sequence of (low, high) or None of length k
        None where there are too few rows to say.
    n_bytes : sequence of int of length k
    kinds : sequence of str of length k
        How the vectors were made smaller; those of one kind have one colour.
    front : sequence of int
        Positions of those that none beats in both, joined by a line and filled.
    title : str
        What the figure is.
    full : float, optional
        The figure of the full vectors, drawn as a line across.
    """
    figure = _by_price(names, values, intervals, n_bytes, kinds, front, title, "%{x:,} bytes")
    if full is not None:
        figure.add_hline(y=full, line={"color": NOISE_COLOR, "dash": "dash", "width": 1})
    _label_powers(figure, n_bytes)
    return style(figure, height=480)


def recall_curve(
    names: Sequence[str],
    recalls: Sequence[float],
    intervals: Sequence[tuple[float, float] | None],
    milliseconds: Sequence[float],
    kinds: Sequence[str],
    front: Sequence[int],
    wanted: float,
) -> Figure:
    """Draw the recall of the settings of an index over the time of a query.

    Parameters
    ----------
    names : sequence of str of length k
    recalls : sequence of float of length k
    intervals : sequence of (low, high) or None of length k
    milliseconds : sequence of float of length k
        Of a query, the median.
    kinds : sequence of str of length k
        The kind of index; settings of one kind have one colour.
    front : sequence of int
        Positions of those that none beats in both, joined by a line and filled.
    wanted : float
        The recall that is wanted, drawn as a line across.
    """
    figure = _by_price(names, recalls, intervals, milliseconds, kinds, front, "Recall", "%{x:.2f} ms")
    figure.add_hline(y=wanted, line={"color": NOISE_COLOR, "dash": "dash", "width": 1})
    figure.update_xaxes(title="Milliseconds a query (median)", type="log")
    return style(figure, height=420)


def _by_price(
    names: Sequence[str],
    values: Sequence[float],
    intervals: Sequence[tuple[float, float] | None],
    prices: Sequence[float],
    kinds: Sequence[str],
    front: Sequence[int],
    title: str,
    price: str,
) -> Figure:
    """Draw a figure over what it costs; ``price`` says that of a point in words."""
    import plotly.graph_objects as go

    x, y = np.array(prices), np.array(values)
    figure = go.Figure()
    figure.add_trace(front_line(x[list(front)], y[list(front)]))
    for number, kind in enumerate(dict.fromkeys(kinds)):
        own = [place for place, each in enumerate(kinds) if each == kind]
        low, high = np.array([intervals[place] or (np.nan, np.nan) for place in own], dtype=float).T
        trace = go.Scatter(
            x=x[own],
            y=y[own],
            error_y={"array": high - y[own], "arrayminus": y[own] - low, "thickness": 1.5, "width": 4},
            mode="markers",
            name=escape_html(kind, LABEL_CHARS),
            marker=front_marker(number, [place in front for place in own]),
            text=[f"{escape_html(names[place])}<br>{interval_said(intervals[place])}" for place in own],
            hovertemplate=f"%{{text}}<br>{title} <b>%{{y:.3f}}</b>, {price}<extra></extra>",
        )  # fmt: skip
        figure.add_trace(trace)
    figure.update_yaxes(title=title)
    figure.update_layout(legend={"orientation": "h", "y": -0.2})
    return figure


def _label_powers(figure: Figure, n_bytes: Sequence[int]) -> None:
    """Let the axis go by powers of two, as sizes of vectors do."""
    powers = 2 ** np.arange(int(np.log2(min(n_bytes))), int(np.ceil(np.log2(max(n_bytes)))) + 1)
    figure.update_xaxes(
        title="Bytes a vector",
        type="log",
        tickvals=powers,
        ticktext=[f"{power:,}" for power in powers.tolist()],
        range=np.log10([powers[0] / 1.2, powers[-1] * 1.2]),
    )
