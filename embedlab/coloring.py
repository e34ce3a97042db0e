"""Colours for the points of a map: a number for each point, and what the numbers mean."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from embedlab.palette import ACCENT, NOISE_COLOR, SEQUENTIAL, category_colors

if TYPE_CHECKING:
    from numpy.typing import NDArray

MAX_CATEGORIES = 30
MARKED = 255
"""The number of what is marked; no point has it."""

MISSING = 254
"""The number of a blank cell on a scale."""


@dataclass(frozen=True, eq=False)
class Coloring:
    """What colour each point has, and why.

    Parameters
    ----------
    numbers : uint8 array of shape (n,)
        Position of each point's colour in ``palette``.
    palette : tuple of 256 str
        ``#rrggbb``; the last is for what is marked.
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
    return Coloring(np.zeros(n, dtype=np.uint8), _filled([NOISE_COLOR]), title)


def color_points(
    values: Sequence[Any] | NDArray[Any], title: str, category_order: Sequence[str] | None = None
) -> Coloring:
    """Colour points by a column: numbers and dates along a scale, anything else by category.

    Parameters
    ----------
    values : sequence of length n
    title : str
        What the column is called.
    category_order : sequence of str, optional
        Fixes which category gets which colour; by falling size when not given.

    Returns
    -------
    Coloring
        Past 30 categories the smaller ones are one grey; so are blank cells among numbers.
    """
    if category_order is None and (scale := _as_scale(values)) is not None:
        return _along_a_scale(*scale, title)
    cells = np.asarray([str(value) for value in values], dtype=object).astype(str)
    names, codes, counts = np.unique(cells, return_inverse=True, return_counts=True)
    by_size = [str(names[i]) for i in np.argsort(-counts, kind="stable")]
    colors = category_colors(category_order if category_order is not None else by_size)
    kept = set(by_size if len(by_size) <= MAX_CATEGORIES else by_size[: MAX_CATEGORIES - 1])
    shown = [name for name in (category_order if category_order is not None else by_size) if name in kept]
    place = {name: number for number, name in enumerate(shown)}
    numbers = np.array([place.get(str(name), len(shown)) for name in names], dtype=np.uint8)[codes]
    palette, titles = [colors[name] for name in shown], [name or "(empty)" for name in shown]
    if len(shown) < len(by_size):
        palette, titles = [*palette, NOISE_COLOR], [*titles, f"{len(by_size) - len(shown)} others"]
    return Coloring(numbers, _filled(palette), title, tuple(titles))


def _along_a_scale(numbers: NDArray[np.float64], ends: tuple[str, str], title: str) -> Coloring:
    known = np.isfinite(numbers)
    low, high = numbers[known].min(), numbers[known].max()
    levels = np.full(len(numbers), MISSING, dtype=np.uint8)
    levels[known] = np.round((numbers[known] - low) / ((high - low) or 1) * (MISSING - 1))
    return Coloring(levels, (*_ramp(SEQUENTIAL[2:], MISSING), NOISE_COLOR, ACCENT), title, ends=ends)


def _as_scale(values: Sequence[Any] | NDArray[Any]) -> tuple[NDArray[np.float64], tuple[str, str]] | None:
    """Return a column as numbers where every cell is a number or a date, or blank, and there are many."""
    cells = [str(value).strip() for value in values]
    if len(set(cells)) <= MAX_CATEGORIES // 2:
        return None
    for read in (_as_numbers, _as_dates):
        numbers = read(cells)
        if numbers is not None and np.isfinite(numbers).any():
            order = np.argsort(np.where(np.isfinite(numbers), numbers, np.inf))
            last = int(np.isfinite(numbers).sum()) - 1
            return numbers, (cells[order[0]], cells[order[last]])
    return None


def _as_numbers(cells: list[str]) -> NDArray[np.float64] | None:
    try:
        return np.array([float(cell) if cell else np.nan for cell in cells])
    except ValueError:
        return None


def _as_dates(cells: list[str]) -> NDArray[np.float64] | None:
    try:
        days = np.array([cell or "NaT" for cell in cells], dtype="datetime64[s]")
    except ValueError:
        return None
    return np.where(np.isnat(days), np.nan, days.astype(np.int64).astype(np.float64))


def _ramp(colors: Sequence[str], n: int) -> tuple[str, ...]:
    """Return ``n`` colours that go evenly through the given ones."""
    ends = np.array([[int(color[i : i + 2], 16) for i in (1, 3, 5)] for color in colors], dtype=np.float64)
    at = np.linspace(0, len(colors) - 1, n)
    channels = [np.interp(at, np.arange(len(colors)), ends[:, channel]) for channel in range(3)]
    return tuple(
        f"#{round(red):02x}{round(green):02x}{round(blue):02x}" for red, green, blue in zip(*channels, strict=True)
    )


def _filled(colors: Sequence[str]) -> tuple[str, ...]:
    return (*colors, *[NOISE_COLOR] * (MARKED - len(colors)), ACCENT)
