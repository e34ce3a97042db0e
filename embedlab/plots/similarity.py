"""The similarity of very many texts: the whole matrix as an image, and how its cosines are spread."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from embedlab.escape import escape_html
from embedlab.plots.look import ACCENT, CATEGORICAL, NOISE_COLOR, SEQUENTIAL, colorscale, style

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from plotly.graph_objects import Figure

# A group whose share of a side is smaller has no line of its own.
_DRAWN_SHARE = 0.003
# A group with a smaller share of a side is drawn, but not named.
_NAMED_SHARE = 0.025
_MAX_NAME_CHARS = 22
_HOVER_CHARS = 90


@dataclass(frozen=True, eq=False)
class ImageSide:
    """The rows or the columns of an image of a matrix.

    Parameters
    ----------
    edges : int array of shape (k + 1,)
        Place at which each pixel begins, and where the last one ends.
    names : sequence of str of length k
        What stands at each pixel, for the box under the mouse.
    groups : sequence of (str, int, int)
        Name, first place and the one behind the last of each group, as far as it is shown.
    """

    edges: NDArray[np.int64]
    names: Sequence[str]
    groups: Sequence[tuple[str, int, int]] = ()


def similarity_overview(
    image: NDArray[np.float32], rows: ImageSide, columns: ImageSide, *, dark: bool = False
) -> Figure:
    """Draw an image of a similarity matrix, with its groups at the edges.

    Parameters
    ----------
    image : float32 array of shape (k, m)
        Mean cosines, as :func:`embedlab.similarity_image` returns them.
    rows, columns : ImageSide
    dark : bool, default=False

    Returns
    -------
    Figure
        The axes count places in the order of the matrix. The colours run from 0 to the 99.5 % quantile of the image,
        since means of many cosines lie close together. Drawing a box selects.
    """
    import plotly.graph_objects as go

    (left, width), (top, height) = _start_and_step(columns.edges), _start_and_step(rows.edges)
    figure = go.Figure(
        go.Heatmap(
            z=image, x0=left + width / 2, dx=width, y0=top + height / 2, dy=height,
            zmin=0, zmax=max(0.1, float(np.quantile(image, 0.995))),
            colorscale=colorscale(SEQUENTIAL, dark=dark),
            hovertemplate="<b>%{z:.3f}</b><br>%{y}<br>%{x}<extra></extra>",
            colorbar={"title": {"text": "Mean cosine"}, "thickness": 12, "outlinewidth": 0},
        )
    )  # fmt: skip
    # Without a point to select Plotly offers no box.
    figure.add_trace(
        go.Scatter(
            x=columns.edges[[0, -1]], y=rows.edges[[0, -1]], mode="markers",
            marker={"opacity": 0}, hoverinfo="skip", showlegend=False,
        )
    )  # fmt: skip
    for axis, side, start, step in (
        (figure.layout.xaxis, columns, left, width), (figure.layout.yaxis, rows, top, height)
    ):  # fmt: skip
        axis.update(
            range=side.edges[[0, -1]].tolist(),
            tickvals=start + step * (np.arange(len(side.names)) + 0.5),
            ticktext=[escape_html(name, _HOVER_CHARS) for name in side.names],
            showticklabels=False,
            ticks="",
            showgrid=False,
            zeroline=False,
        )
    figure.layout.yaxis.range = figure.layout.yaxis.range[::-1]
    _draw_groups(figure, rows, columns)
    return style(figure, height=720).update_layout(dragmode="select", margin={"l": 150, "t": 110})


def _start_and_step(edges: NDArray[np.int64]) -> tuple[float, float]:
    return float(edges[0]), float(edges[-1] - edges[0]) / (len(edges) - 1)


def _draw_groups(figure: Figure, rows: ImageSide, columns: ImageSide) -> None:
    """Draw a line where a group ends, and write the names of the larger ones beside the image."""
    line = {"color": NOISE_COLOR, "width": 0.6}
    for side, along in ((rows, "y"), (columns, "x")):
        across = "x" if along == "y" else "y"
        length = side.edges[-1] - side.edges[0]
        for name, start, stop in side.groups:
            if stop < side.edges[-1] and stop - start >= _DRAWN_SHARE * length:
                ends = {f"{along}0": stop, f"{along}1": stop, f"{across}0": 0, f"{across}1": 1}
                figure.add_shape(type="line", **ends, **{f"{across}ref": f"{across} domain"}, line=line)
            if stop - start >= _NAMED_SHARE * length:
                place = {
                    along: (start + stop) / 2,
                    across: 0 if along == "y" else 1,
                    f"{across}ref": f"{across} domain",
                }
                anchors = (
                    {"xanchor": "right", "xshift": -4} if along == "y" else {"xanchor": "left", "yanchor": "bottom"}
                )
                figure.add_annotation(
                    text=escape_html(name, _MAX_NAME_CHARS),
                    showarrow=False,
                    textangle=0 if along == "y" else -50,
                    font={"size": 11},
                    **place,
                    **anchors,
                )


def cosine_histogram(counts: NDArray[np.int64], edges: NDArray[np.float64], mean: float) -> Figure:
    """Draw how the cosines of pairs are spread, with their mean.

    Parameters
    ----------
    counts : int array of shape (bins,)
    edges : float array of shape (bins + 1,)
    mean : float
    """
    import plotly.graph_objects as go

    filled = np.flatnonzero(counts)
    shown = slice(filled[0], filled[-1] + 1) if len(filled) else slice(0, len(counts))
    low, high = edges[:-1][shown], edges[1:][shown]
    figure = go.Figure(
        go.Bar(
            x=(low + high) / 2,
            y=counts[shown] / max(1, counts.sum()),
            width=high - low,
            marker={"color": CATEGORICAL[0]},
            customdata=np.stack([low, high, counts[shown]], axis=1),
            hovertemplate="Cosine %{customdata[0]:.2f} to %{customdata[1]:.2f}: <b>%{y:.2%}</b> of the pairs "
            "(%{customdata[2]:,})<extra></extra>",
        )
    )
    if np.isfinite(mean):
        figure.add_vline(x=mean, line={"dash": "dash", "width": 1, "color": ACCENT}, annotation_text=f"mean {mean:.2f}")
    figure.update_xaxes(title="Cosine of two texts")
    figure.update_yaxes(title="Share of the pairs", tickformat=".1%")
    return style(figure, height=280)
