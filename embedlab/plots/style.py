"""What all figures share: colours come from the palette, backgrounds from the theme of the page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from embedlab.palette import CATEGORICAL, NOISE_COLOR

if TYPE_CHECKING:
    from plotly.graph_objects import Figure

LABEL_CHARS = 42
"""Longest label on an axis or in a legend."""
HOVER_CHARS = 220
"""Longest text in a box under the mouse."""

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
