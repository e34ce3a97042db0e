"""Candidates of a comparison, drawn; each has the colour of its place in the list, in every figure."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from embedlab.escape import escape_html
from embedlab.plots.look import ACCENT, HOVER_CHARS, LABEL_CHARS, NOISE_COLOR, color_for, style

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from plotly.graph_objects import Figure, Scatter

# Room for a text beside its rank, in letters; those of Chinese, Japanese and Korean take two.
_TEXT_WIDTH = 50


def score_intervals(
    names: Sequence[str],
    values: Sequence[float],
    intervals: Sequence[tuple[float, float] | None],
    title: str,
    *,
    colors: Sequence[int] | None = None,
) -> Figure:
    """Draw a figure of each candidate with its interval, a line each, in the order given.

    Parameters
    ----------
    names : sequence of str of length k
    values : sequence of float of length k
    intervals : sequence of (low, high) or None of length k
        None where there are too few rows to say; only the point is drawn then.
    title : str
        What the figure is.
    colors : sequence of int, optional
        The number each candidate's colour goes by; 0, 1, 2 … when not given.
    """
    import plotly.graph_objects as go

    places, points = np.arange(len(names)), np.array(values)
    low, high = np.array([ends or (np.nan, np.nan) for ends in intervals], dtype=float).reshape(-1, 2).T
    shades = [color_for(number) for number in (colors if colors is not None else range(len(names)))]
    figure = go.Figure()
    for place, shade in enumerate(shades):
        figure.add_trace(
            go.Scatter(
                x=points[[place]],
                y=[place],
                error_x={
                    "array": [high[place] - points[place]],
                    "arrayminus": [points[place] - low[place]],
                    "thickness": 2,
                    "width": 6,
                },
                mode="markers",
                marker={"size": 12, "color": shade},
                name=escape_html(names[place], LABEL_CHARS),
                hovertemplate="<b>%{x:.3f}</b>, " + interval_said(intervals[place]),
            )  # fmt: skip
        )
    figure.update_xaxes(title=title, zeroline=False)
    figure.update_yaxes(
        tickvals=places,
        ticktext=[escape_html(name, LABEL_CHARS) for name in names],
        range=[len(names) - 0.4, -0.6],
        automargin=True,
        zeroline=False,
    )
    figure.update_layout(showlegend=False)
    return style(figure, height=110 + 38 * len(names))


def interval_said(ends: tuple[float, float] | None) -> str:
    """Return an interval in words."""
    return f"95 % interval {ends[0]:.3f} to {ends[1]:.3f}" if ends else "too few rows for an interval"


def cost_scatter(
    names: Sequence[str],
    values: Sequence[float],
    speeds: Sequence[float],
    front: Sequence[int],
    title: str,
    *,
    colors: Sequence[int] | None = None,
) -> Figure:
    """Draw a figure of each candidate against the texts it embeds in a second.

    Parameters
    ----------
    names : sequence of str of length k
    values, speeds : sequence of float of length k
    front : sequence of int
        Positions of the candidates that none beats in both, joined by a line.
    title : str
        What the figure is.
    colors : sequence of int, optional
        The number each candidate's colour goes by.
    """
    import plotly.graph_objects as go

    x, y = np.array(speeds), np.array(values)
    order = sorted(front, key=lambda place: x[place])
    figure = go.Figure(front_line(x[order], y[order]))
    for place, name in enumerate(names):
        label = escape_html(name, LABEL_CHARS)
        figure.add_trace(
            go.Scatter(
                x=x[[place]],
                y=y[[place]],
                mode="markers",
                name=label,
                marker=front_marker(colors[place] if colors is not None else place, [place in front]),
                # A name inside the template could hold a %{y} of its own.
                text=[label],
                hovertemplate=f"%{{text}}<br>{title} <b>%{{y:.3f}}</b>, %{{x:,.0f}} texts a second<extra></extra>",
            )
        )
    figure.update_xaxes(title="Texts a second on this machine", type="log", dtick=1)
    figure.update_yaxes(title=title)
    figure.update_layout(legend={"orientation": "h", "y": -0.22})
    return style(figure, height=460)


def front_line(x: NDArray[np.float64], y: NDArray[np.float64]) -> Scatter:
    """Return the line through what none beats in both figures."""
    import plotly.graph_objects as go

    line = {"color": NOISE_COLOR, "dash": "dot", "width": 2}
    return go.Scatter(x=x, y=y, mode="lines", line=line, hoverinfo="skip", name="Not beaten in both")


def front_marker(number: int, are_in_front: Sequence[bool]) -> dict[str, object]:
    """Return the look of points of one colour, filled where none beats them in both figures."""
    symbols = ["circle" if is_in_front else "circle-open" for is_in_front in are_in_front]
    return {"size": 12, "color": color_for(number), "symbol": symbols, "line": {"width": 2}}


def ranking_lines(
    left: NDArray[np.int64], right: NDArray[np.int64], texts: Sequence[str], names: tuple[str, str]
) -> Figure:
    """Draw two rankings beside each other, the same text joined by a line; what only one of them has is marked.

    Parameters
    ----------
    left, right : int array of shape (k,)
        Positions in ``texts``, the best first.
    texts : sequence of str
    names : (str, str)
        Whose rankings they are.
    """
    import plotly.graph_objects as go

    figure = go.Figure()
    rank_right = {row: rank for rank, row in enumerate(right.tolist())}
    for rank, row in enumerate(left.tolist()):
        if row in rank_right:
            other = rank_right[row]
            color = NOISE_COLOR if other == rank else ACCENT
            line = {"color": color, "width": 1.5 if other == rank else 2.5}
            moved = "same rank" if other == rank else f"rank {rank + 1} and {other + 1}"
            text, hover = [escape_html(texts[row], HOVER_CHARS)] * 2, f"%{{text}}<br><b>{moved}</b><extra></extra>"
            figure.add_trace(
                go.Scatter(x=[0, 1], y=[rank, other], mode="lines+markers", line=line, text=text, hovertemplate=hover)
            )
    for side, (rows, others) in enumerate(((left, right), (right, left))):
        known = set(others.tolist())
        for rank, row in enumerate(rows.tolist()):
            alone = "" if row in known else " ◦"
            words = escape_html(_fitting(texts[row]))
            figure.add_annotation(
                x=side,
                y=rank,
                text=f"{words}{alone} <b>{rank + 1}</b>" if side == 0 else f"<b>{rank + 1}</b>{alone} {words}",
                hovertext=escape_html(texts[row], HOVER_CHARS),
                showarrow=False,
                xanchor="right" if side == 0 else "left",
                xshift=-8 if side == 0 else 8,
            )
        figure.add_annotation(
            x=side, y=-1, text=f"<b>{escape_html(names[side], LABEL_CHARS)}</b>", showarrow=False,
            xanchor="right" if side == 0 else "left",
        )  # fmt: skip
    figure.update_xaxes(visible=False, range=[-2.2, 3.2])
    figure.update_yaxes(visible=False, range=[max(len(left), len(right)) - 0.4, -1.6])
    figure.update_layout(showlegend=False, dragmode=False)
    return style(figure, height=90 + 34 * max(len(left), len(right)))


def _fitting(text: str) -> str:
    """Return as much of a text as there is room for."""
    widths = np.cumsum([2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text])
    n_fitting = int((widths <= _TEXT_WIDTH).sum())
    return text if n_fitting == len(text) else text[: n_fitting - 1] + "…"
