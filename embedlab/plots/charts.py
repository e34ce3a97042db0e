"""Curves and bars."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from embedlab.plots.look import ACCENT, CATEGORICAL, NOISE_COLOR, style

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from plotly.graph_objects import Figure

    from embedlab.duplicates import DuplicateCurve


def token_length_histogram(lengths: NDArray[np.int64], limit: int | None) -> Figure:
    """Draw how long texts are in tokens, the part beyond the model's limit in another colour.

    Parameters
    ----------
    lengths : int array of shape (n,)
    limit : int or None
        Longest input of the model; longer texts are cut. None where no text is.
    """
    import plotly.graph_objects as go

    # Bins of one width on both sides, with an edge just behind the limit.
    longest = max(int(lengths.max(initial=1)), 1)
    width = max(1, -(-longest // 40))
    first = (limit + 1) % width - width if limit else 1 - width
    edges = np.arange(first, longest + width + 1, width)
    counts, _ = np.histogram(lengths, edges)
    is_cut = edges[:-1] > (limit or longest)
    figure = go.Figure()
    for name, part, color in (("Fits", ~is_cut, CATEGORICAL[0]), ("Cut", is_cut, ACCENT)):
        if part.any():
            figure.add_trace(
                go.Bar(
                    x=edges[:-1][part] + width / 2,
                    y=counts[part],
                    width=width * 0.94,
                    name=name,
                    marker={"color": color},
                    customdata=np.stack([np.maximum(edges[:-1], 1), edges[1:] - 1], axis=1)[part],
                    hovertemplate="%{customdata[0]} to %{customdata[1]} tokens: %{y} texts<extra></extra>",
                )  # fmt: skip
            )
    if limit and longest > limit * 0.6:
        figure.add_vline(
            x=limit + 1, line={"dash": "dash", "width": 1, "color": NOISE_COLOR}, annotation_text=f"limit {limit}"
        )
    figure.update_xaxes(title="Tokens in a text", range=[0, edges[-1]])
    # Texts come whole: no ticks at half of one.
    figure.update_yaxes(title="Texts", dtick=1 if counts.max() < 6 else None)
    figure.update_layout(barmode="overlay", showlegend=bool(is_cut.any()))
    return style(figure, height=280)


def silhouette_curve(candidates: Sequence[tuple[int, float]], n_clusters: int) -> Figure:
    """Draw the mean silhouette for each number of clusters that was tried, with the one in use marked."""
    import plotly.graph_objects as go

    numbers, values = np.array([k for k, _ in candidates]), np.array([value for _, value in candidates])
    hover = "%{x} clusters: %{y:.3f}<extra></extra>"
    figure = go.Figure(
        go.Scatter(
            x=numbers, y=values, mode="lines+markers", line={"color": CATEGORICAL[0]}, hovertemplate=hover, name="Tried"
        )
    )
    used = numbers == n_clusters
    figure.add_trace(
        go.Scatter(
            x=numbers[used],
            y=values[used],
            mode="markers",
            name="In use",
            hovertemplate=hover,
            marker={"size": 14, "color": ACCENT},
        )
    )
    figure.update_xaxes(title="Number of clusters")
    figure.update_yaxes(title="Mean silhouette")
    return style(figure, height=320)


def duplicate_curve(curve: DuplicateCurve, threshold: float) -> Figure:
    """Draw how many groups of duplicates each threshold finds and how many rows would go, the one in use marked."""
    import plotly.graph_objects as go

    figure = go.Figure()
    for number, (name, counts) in enumerate({"Rows removed": curve.n_removed, "Groups": curve.n_groups}.items()):
        figure.add_trace(
            go.Scatter(
                x=curve.thresholds,
                y=counts,
                mode="lines",
                name=name,
                line={"color": CATEGORICAL[number], "shape": "vh"},
                hovertemplate=f"%{{x:.3f}}: %{{y:,}} {name.lower()}<extra></extra>",
            )
        )
    figure.add_vline(x=threshold, line={"dash": "dash", "width": 2, "color": ACCENT})
    figure.update_xaxes(title="Threshold")
    figure.update_yaxes(rangemode="tozero", dtick=1 if curve.n_removed.max() < 6 else None)
    figure.update_layout(legend={"orientation": "h", "x": 1, "xanchor": "right", "y": 1, "yanchor": "bottom"})
    return style(figure, height=220)
