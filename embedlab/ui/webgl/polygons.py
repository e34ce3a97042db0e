"""Which points of a map a person has selected: lines drawn around them, and points clicked."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from embedlab.errors import InvalidInputError
from embedlab.validation import as_embeddings

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

MODES = ("replace", "add", "subtract")


@dataclass(frozen=True, eq=False)
class Step:
    """One step of a selection.

    Parameters
    ----------
    mode : str
        ``"replace"``, ``"add"`` or ``"subtract"``.
    polygon : sequence of (x, y)
        A closed line in coordinates of the map; empty for a step by rows.
    rows : sequence of int, or int array
        Points that were clicked, or were selected elsewhere.
    hidden : collection of int
        Colours that were hidden when the line was drawn; their points are not selected by it.
    axes : float array of shape (2, 4), optional
        How a map in space was turned when the line was drawn: weights of x, y and z and an offset for each direction
        of the screen.
    """

    mode: str
    polygon: Sequence[tuple[float, float]] = ()
    rows: Sequence[int] | NDArray[np.int64] = ()
    hidden: Collection[int] = ()
    axes: NDArray[np.float64] | None = None

    @classmethod
    def read(cls, said: Mapping[str, Any]) -> Step:
        """Return a step as a browser describes it.

        Raises
        ------
        InvalidInputError
            For anything that is not one.
        """
        try:
            polygon = tuple((float(x), float(y)) for x, y in said.get("polygon") or ())
            rows = np.asarray(said.get("rows", ()), dtype=np.int64).reshape(-1)
            hidden = frozenset(int(color) for color in said.get("hidden") or ())
            axes = np.array(said["axes"][:2], dtype=np.float64).reshape(2, 4) if said.get("axes") else None
            mode = str(said["mode"])
        except (TypeError, ValueError, KeyError, AttributeError, OverflowError) as error:
            raise InvalidInputError("What was selected on the map could not be read. Select again.") from error
        if mode not in MODES:
            raise InvalidInputError(f"A selection cannot {mode!r}; it can {', '.join(MODES)}.")
        return cls(mode, polygon, rows, hidden, axes)


def selected_rows(
    coordinates: ArrayLike, steps: Sequence[Step], colors: NDArray[np.uint8] | None = None
) -> NDArray[np.int64]:
    """Return the points that a few steps have selected.

    Parameters
    ----------
    coordinates : array-like of shape (n, 2) or (n, 3)
    steps : sequence of Step
    colors : uint8 array of shape (n,), optional
        What ``hidden`` of a step speaks of.

    Returns
    -------
    int64 array
        Rising.
    """
    points = as_embeddings(coordinates, "coordinates")
    selected = np.zeros(len(points), dtype=bool)
    for step in steps:
        hit = np.zeros(len(points), dtype=bool)
        if step.polygon:
            hit = points_in_polygon(_on_screen(points, step.axes), step.polygon)
            if step.hidden and colors is not None:
                hit &= ~np.isin(colors, list(step.hidden))
        rows = np.asarray(step.rows, dtype=np.int64)
        hit[rows[(rows >= 0) & (rows < len(points))]] = True
        if step.mode == "replace":
            selected = hit
        elif step.mode == "add":
            selected |= hit
        else:
            selected &= ~hit
    return np.flatnonzero(selected)


def _on_screen(points: NDArray[np.float32], axes: NDArray[np.float64] | None) -> NDArray[np.floating[Any]]:
    return points[:, :2] if axes is None else points @ axes[:, :3].T + axes[:, 3]


def points_in_polygon(points: ArrayLike, polygon: Sequence[tuple[float, float]]) -> NDArray[np.bool_]:
    """Return which points lie inside of a closed line, by the even-odd rule.

    Parameters
    ----------
    points : array-like of shape (n, 2)
    polygon : sequence of (x, y)
        Corners in order; the last is joined to the first. With fewer than three nothing is inside.

    Returns
    -------
    bool array of shape (n,)

    References
    ----------
    M. Shimrat, "Algorithm 112: Position of point relative to polygon", CACM 1962.

    Examples
    --------
    >>> points_in_polygon([[1, 1], [3, 1]], [(0, 0), (2, 0), (2, 2), (0, 2)]).tolist()
    [True, False]
    """
    places = np.asarray(points).reshape(-1, 2)
    inside = np.zeros(len(places), dtype=bool)
    if len(polygon) < 3:
        return inside
    corners = np.asarray(polygon, dtype=np.float64)
    (left, low), (right, high) = corners.min(axis=0), corners.max(axis=0)
    x, y = places.T
    near = np.flatnonzero((x >= left) & (x <= right) & (y >= low) & (y <= high))
    # In the order of y, each edge looks only at the points beside it.
    near = near[np.argsort(y[near])]
    x, y = places[near].astype(np.float64).T
    crossed = np.zeros(len(near), dtype=bool)
    for (xi, yi), (xj, yj) in zip(corners, np.roll(corners, 1, axis=0), strict=True):
        if yi != yj:
            beside = slice(*np.searchsorted(y, sorted((yi, yj))))
            crossed[beside] ^= x[beside] < (xj - xi) * (y[beside] - yi) / (yj - yi) + xi
    inside[near] = crossed
    return inside
