"""Colours for the points of a map: a number for each point, and what the numbers mean."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from embedlab.columns import Scale, read_scale
from embedlab.plots.look.palette import ACCENT, NOISE_COLOR, SEQUENTIAL, category_colors, color_for

if TYPE_CHECKING:
    from numpy.typing import NDArray

MAX_CATEGORIES = 30

MISSING = 254
"""The number of a cell on a scale that is missing, or no number."""

MISSING_NAME, SEVERAL_NAME = "(missing)", "(several labels)"


@dataclass(frozen=True, eq=False)
class Coloring:
    """What colour each point has, and why.

    Parameters
    ----------
    numbers : uint8 array of shape (n,)
        Position of each point's colour in ``palette``.
    palette : tuple of str
        ``#rrggbb``, at most 256; the last is for what is marked, whose number is 255 however short the palette.
    title : str
        What is shown.
    names : tuple of str
        Of categories, in the order of the palette; empty for numbers.
    ends : (str, str) or None
        Least and largest value, for numbers and dates.
    """

    numbers: NDArray[np.uint8]
    palette: tuple[str, ...]
    title: str
    names: tuple[str, ...] = ()
    ends: tuple[str, str] | None = None


def color_evenly(n: int, title: str = "") -> Coloring:
    """Return one grey for all points."""
    return Coloring(np.zeros(n, dtype=np.uint8), (NOISE_COLOR, ACCENT), title)


def color_points(
    values: Sequence[Any] | NDArray[Any] | Scale, title: str, category_order: Sequence[str] | None = None
) -> Coloring:
    """Colour points by a column: numbers and dates along a scale, anything else by category.

    Parameters
    ----------
    values : sequence of length n, or Scale
        The cells, or the numbers they were read as. A cell is a text, blank where it is missing, or a tuple of labels;
        points with more than one label are one category.
    title : str
        What the column is called.
    category_order : sequence of str, optional
        Fixes which category gets which colour; by falling size when not given.

    Returns
    -------
    Coloring
        Past 30 categories the smaller ones are one grey; so are missing cells, and what is no number among numbers.
    """
    if isinstance(values, Scale):
        return _along_a_scale(values, title)
    if category_order is None and (scale := read_scale(values)) is not None:
        return _along_a_scale(scale, title)
    cells = np.array([_named(value) for value in values], dtype=str)
    found, codes, counts = np.unique(cells, return_inverse=True, return_counts=True)
    by_size = [str(found[i]) for i in np.argsort(-counts, kind="stable")]
    names = list(category_order) if category_order is not None else by_size
    place = {name: number for number, name in enumerate(names)}
    positions = np.array([place[str(name)] for name in found], dtype=np.int64)[codes]
    colors = [color if name else NOISE_COLOR for name, color in category_colors(names).items()]
    return _by_category(positions, [name or MISSING_NAME for name in names], colors, title)


def _named(value: object) -> str:
    """Return the category of a cell; a tuple holds its labels."""
    if isinstance(value, tuple):
        return SEVERAL_NAME if len(value) > 1 else "".join(value)
    return str(value)


def color_groups(labels: NDArray[np.int64], names: Mapping[int, str], title: str) -> Coloring:
    """Colour points by group.

    Parameters
    ----------
    labels : int64 array of shape (n,)
        Group of each point; -1 for none, which is grey.
    names : mapping of int to str
        What each group is called; their order gives them their colours.
    title : str

    Returns
    -------
    Coloring
        Past 30 groups the smaller ones are one grey.
    """
    numbers = np.array(list(names), dtype=np.int64)
    order = np.argsort(numbers)
    positions = order[np.searchsorted(numbers, labels, sorter=order)]
    colors = [color_for(min(label, 0) or place) for place, label in enumerate(names)]
    return _by_category(positions, list(names.values()), colors, title)


def _by_category(positions: NDArray[np.int64], names: Sequence[str], colors: Sequence[str], title: str) -> Coloring:
    """Give each point the colour at its position; of too many categories the smaller ones are one grey."""
    counts = np.bincount(positions, minlength=len(names))
    present = int((counts > 0).sum())
    kept = np.argsort(-counts, kind="stable")[: present if present <= MAX_CATEGORIES else MAX_CATEGORIES - 1]
    kept.sort()
    numbers = np.full(len(names), len(kept), dtype=np.uint8)
    numbers[kept] = np.arange(len(kept))
    shown, others = [names[place] for place in kept], present - len(kept)
    palette = [*(colors[place] for place in kept), *([NOISE_COLOR] if others else []), ACCENT]
    return Coloring(numbers[positions], tuple(palette), title, (*shown, *([f"{others} others"] if others else [])))


def _along_a_scale(scale: Scale, title: str) -> Coloring:
    numbers, known = scale.numbers, np.isfinite(scale.numbers)
    low, high = numbers[known].min(), numbers[known].max()
    levels = np.full(len(numbers), MISSING, dtype=np.uint8)
    levels[known] = np.round((numbers[known] - low) / ((high - low) or 1) * (MISSING - 1))
    return Coloring(levels, (*_ramp(SEQUENTIAL[2:], MISSING), NOISE_COLOR, ACCENT), title, ends=scale.ends)


def _ramp(colors: Sequence[str], n: int) -> tuple[str, ...]:
    """Return ``n`` colours that go evenly through the given ones."""
    ends = np.array([[int(color[i : i + 2], 16) for i in (1, 3, 5)] for color in colors], dtype=np.float64)
    at = np.linspace(0, len(colors) - 1, n)
    channels = [np.interp(at, np.arange(len(colors)), ends[:, channel]) for channel in range(3)]
    return tuple(
        f"#{round(red):02x}{round(green):02x}{round(blue):02x}" for red, green, blue in zip(*channels, strict=True)
    )
