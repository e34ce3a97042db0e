"""What all figures share: colours come from the palette, backgrounds from the theme of the page."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from embedlab.escape import escape_html
from embedlab.plots.look.palette import CATEGORICAL, NOISE_COLOR, is_bright

if TYPE_CHECKING:
    from plotly.graph_objects import Figure, Heatmap

LABEL_CHARS = 42
"""Longest label on an axis or in a legend."""
HOVER_CHARS = 220
"""Longest text in a box under the mouse."""

# Up to so many names stand beside an axis; of more, the box under the mouse tells.
_MAX_NAMES = 40
_NAME_CHARS = 18
_NO_FILL = "rgba(0,0,0,0)"


def style(figure: Figure, height: int) -> Figure:
    """Set height and margins, and let the page's background show."""
    return figure.update_layout(
        height=height,
        margin={"l": 8, "r": 8, "t": 16, "b": 8},
        paper_bgcolor=_NO_FILL,
        plot_bgcolor=_NO_FILL,
        modebar={"bgcolor": _NO_FILL, "color": NOISE_COLOR, "activecolor": CATEGORICAL[0]},
    )


def label_axis(axis: object, names: Sequence[str], max_chars: int = _NAME_CHARS) -> None:
    """Write names at the positions of an axis: they may repeat, so they cannot be the axis itself."""
    axis.update(  # type: ignore[attr-defined]
        tickvals=np.arange(len(names)),
        ticktext=[escape_html(name, max_chars) for name in names],
        showticklabels=len(names) <= _MAX_NAMES,
        showgrid=False,
        zeroline=False,
        automargin=True,
    )


def readable(heatmap: Heatmap) -> list[Heatmap]:
    """Return a heatmap as two, of its bright cells and of the others: what is written into them is black, or white.

    Plotly writes dark grey on half bright cells, which comes to a contrast of 3. ``zmin`` and ``zmax`` have to be set.
    """
    import plotly.graph_objects as go

    values = np.asarray(heatmap.z, dtype=np.float64)
    shares = np.clip((values - heatmap.zmin) / ((heatmap.zmax - heatmap.zmin) or 1), 0, 1)
    bright = is_bright(1 - shares if heatmap.reversescale else shares, heatmap.colorscale)
    parts = []
    for own, ink in ((bright, "#000000"), (~bright, "#ffffff")):
        part = {"z": np.where(own, values, np.nan), "textfont": {"color": ink}, "hoverongaps": False}
        if heatmap.text is not None:
            part["text"] = np.where(own, heatmap.text, "")
        parts.append(go.Heatmap(heatmap).update(part))
    return parts
