"""Which labels are taken for which, as a matrix whose cells can be clicked."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from embedlab.escape import escape_html
from embedlab.plots.look import ACCENT, HOVER_CHARS, SEQUENTIAL, colorscale, label_axis, readable, style

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from plotly.graph_objects import Figure, Scatter

# Up to so many cells have their count written into them.
_MAX_COUNTS = 900


def confusion_heatmap(
    confusion: NDArray[np.int64], classes: Sequence[str], shown: NDArray[np.int64], *, dark: bool = False
) -> Figure:
    """Draw how many rows with each label (down) were given each class (across).

    Parameters
    ----------
    confusion : int array of shape (n_classes, n_classes)
    classes : sequence of str of length n_classes
    shown : int array
        The classes that are drawn.
    dark : bool, default=False
        Whether the page is dark.

    Returns
    -------
    Figure
        Colours are shares of the rows of a label. A click on a cell selects a point whose ``customdata`` are the two
        positions in ``classes``, label first: a heatmap itself tells nobody that it was clicked.
    """
    import plotly.graph_objects as go

    counts = confusion[np.ix_(shown, shown)]
    names = [classes[code] for code in shown.tolist()]
    heatmap = go.Heatmap(
        z=counts / np.maximum(confusion.sum(axis=1)[shown], 1)[:, None],
        x=np.arange(len(names)),
        y=np.arange(len(names)),
        text=counts.astype(str),
        texttemplate="%{text}" if counts.size <= _MAX_COUNTS else None,
        colorscale=colorscale(SEQUENTIAL, dark=dark),
        zmin=0,
        zmax=1,
        showscale=False,
        xgap=1,
        ygap=1,
        hoverinfo="skip",
    )
    figure = go.Figure([*readable(heatmap), _cells(counts, names, shown)])
    for axis in (figure.layout.xaxis, figure.layout.yaxis):
        label_axis(axis, names)
    figure.update_xaxes(title="Predicted", tickangle=-35, fixedrange=True, range=[-0.5, len(names) - 0.5])
    figure.update_yaxes(title="Label", fixedrange=True, range=[len(names) - 0.5, -0.5])
    # Wherever one clicks, the nearest point is that of the cell under the pointer.
    figure.update_layout(hovermode="closest", hoverdistance=-1, dragmode=False)
    return style(figure, height=max(320, 26 * len(names) + 160))


def _cells(counts: NDArray[np.int64], names: Sequence[str], shown: NDArray[np.int64]) -> Scatter:
    """Return an invisible point for each cell, which can be clicked and has the words under the pointer."""
    import plotly.graph_objects as go

    down, across = (places.ravel() for places in np.indices(counts.shape))
    full = [escape_html(name, HOVER_CHARS) for name in names]
    return go.Scatter(
        x=across,
        y=down,
        mode="markers",
        marker={"symbol": "square", "size": 22, "opacity": 0, "color": ACCENT},
        selected={"marker": {"opacity": 0.35}},
        unselected={"marker": {"opacity": 0}},
        customdata=np.stack([shown[down], shown[across]], axis=1),
        text=[
            f"Label {full[i]}<br>Predicted {full[j]}<br><b>{counts[i, j]:,}</b> texts"
            for i, j in zip(down.tolist(), across.tolist(), strict=True)
        ],
        hovertemplate="%{text}<extra></extra>",
        showlegend=False,
    )
