"""How every figure looks: the same colour for the same thing everywhere, one style, light and dark.

Read ``palette.py`` first.
"""

from embedlab.plots.look.coloring import MISSING, MISSING_NAME, Coloring, color_evenly, color_groups, color_points
from embedlab.plots.look.palette import (
    ACCENT,
    CATEGORICAL,
    NOISE_COLOR,
    SEQUENTIAL,
    color_for,
    colorscale,
    diverging_colorscale,
)
from embedlab.plots.look.style import HOVER_CHARS, LABEL_CHARS, label_axis, readable, style

__all__ = [
    "ACCENT",
    "CATEGORICAL",
    "Coloring",
    "HOVER_CHARS",
    "LABEL_CHARS",
    "MISSING",
    "MISSING_NAME",
    "NOISE_COLOR",
    "SEQUENTIAL",
    "color_evenly",
    "color_for",
    "color_groups",
    "color_points",
    "colorscale",
    "diverging_colorscale",
    "label_axis",
    "readable",
    "style",
]
