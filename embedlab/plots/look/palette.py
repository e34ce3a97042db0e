"""Colours: the same one for the same thing everywhere, readable on light and dark."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

import numpy as np

from embedlab.naming import NOISE_NAME

if TYPE_CHECKING:
    from numpy.typing import NDArray

# Paul Tol's "bright" and "muted" schemes, adjusted to a lightness that stands out from white and from near-black; the
# first eight stay apart for the common kinds of colour blindness.
CATEGORICAL: tuple[str, ...] = (
    "#4477aa", "#ee7733", "#229a54", "#cc3377", "#8f7ee7", "#b08d1e", "#1aa3b8", "#d1495b",
    "#6a994e", "#a4508b", "#3d6fd6", "#c2662d", "#4d9f94", "#9a6fb0", "#8a8d2f", "#d46a9b",
    "#5b8bd0", "#a3622f", "#3f9c6d", "#b5546f", "#7a78c9", "#8d7a45", "#2f8fa3", "#c97b63",
)  # fmt: skip

NOISE_COLOR = "#8a919c"
ACCENT = "#ee5533"

# Dark blue over teal to yellow: even steps in lightness, so that equal differences look equal ("viridis", reversed ends
# softened for both backgrounds).
SEQUENTIAL: tuple[str, ...] = (
    "#f3f6f8", "#dbe9ec", "#bddbe0", "#97cad4", "#6cb5c6", "#449cb5", "#2b80a2", "#23638a", "#1f476d", "#1a2c4e",
)  # fmt: skip

# Blue below 0, orange above, apart for all common kinds of colour blindness. Both sides leave the background in even
# steps of lightness, so that the eye goes to what is far from 0, on a light page and on a dark one.
DIVERGING: tuple[str, ...] = (
    "#0b3f7a", "#2f6bac", "#6f9ccd", "#b3cde6", "#f4f5f7", "#f0c9a3", "#d9924e", "#b4631a", "#7a3c06",
)  # fmt: skip
DIVERGING_DARK: tuple[str, ...] = (
    "#a9d2ff", "#6fa8ea", "#3f78bd", "#274f80", "#171c26", "#71421c", "#ab6526", "#e39045", "#ffc48a",
)  # fmt: skip


# Relative luminance (WCAG 2.2) at which black and white stand out alike, with a contrast of 4.6.
_BRIGHT = 0.1791


def color_for(index: int) -> str:
    """Return the colour of a category by its number; -1, noise, is grey. Past the last colour it starts again."""
    return NOISE_COLOR if index < 0 else CATEGORICAL[index % len(CATEGORICAL)]


def category_colors(categories: Iterable[str]) -> dict[str, str]:
    """Give each category a colour, in the order in which they come; what is in no cluster is grey."""
    colors = {category: color_for(index) for index, category in enumerate(dict.fromkeys(categories))}
    return colors | {NOISE_NAME: NOISE_COLOR} if NOISE_NAME in colors else colors


def colorscale(colors: tuple[str, ...], *, dark: bool = False) -> list[list[float | str]]:
    """Return a scale in the form Plotly takes; on a dark page it is turned round, so that low values recede."""
    colors = colors[::-1] if dark else colors
    return [[position / (len(colors) - 1), color] for position, color in enumerate(colors)]


def diverging_colorscale(*, dark: bool = False) -> list[list[float | str]]:
    """Return the scale for values around 0 in the form Plotly takes; the middle is close to the page's background."""
    colors = DIVERGING_DARK if dark else DIVERGING
    return [[position / (len(colors) - 1), color] for position, color in enumerate(colors)]


def is_bright(shares: NDArray[np.floating], scale: Sequence[Sequence[float | str]]) -> NDArray[np.bool_]:
    """Return for places on a scale, from 0 to 1, whether black stands out more than white on the colour there."""
    stops = np.array([[int(str(color)[i : i + 2], 16) for i in (1, 3, 5)] for _, color in scale]) / 255
    at = [float(place) for place, _ in scale]
    mixed = np.stack([np.interp(shares, at, channel) for channel in stops.T], axis=-1)
    linear = np.where(mixed <= 0.04045, mixed / 12.92, ((mixed + 0.055) / 1.055) ** 2.4)
    return linear @ [0.2126, 0.7152, 0.0722] > _BRIGHT
