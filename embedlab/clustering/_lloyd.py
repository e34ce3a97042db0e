"""Lloyd's algorithm on all cores: rows to the nearest centre, centres to the mean of their rows, until they stay.

Rows are compared in blocks whose bounds are the same on any number of threads, and sums are taken in float64 in the
order of the rows, so that the result is the same, bit for bit.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple, TypeAlias, TypeVar

import numpy as np

from embedlab.device import RowsOnCard, with_rows_on_card

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from embedlab.compute import Threads

    Floats: TypeAlias = NDArray[np.float32]
    Integers: TypeAlias = NDArray[np.int64]

Found = TypeVar("Found")

# Rows and cosines of a block: what a thread does at once, small enough for the processor's cache.
_BLOCK_ROWS, _BLOCK_ELEMENTS = 1024, 2**18
# What is kept of products from one step to the next, at most: 16 MiB. Products of shorter rows are as soon taken anew.
_KEPT_ELEMENTS, _KEPT_DIMENSIONS = 2**22, 96
# Centres that move by less than this share of the spread of the rows stand still.
_TOLERANCE = 1e-4
_MAX_STEPS = 300


class Partition(NamedTuple):
    """Rows in groups: the label of each row, the centres, and the summed squared distance of rows to their centres."""

    labels: Integers
    centers: Floats
    inertia: float


def lloyd(unit: Floats, centers: Floats, threads: Threads, max_steps: int = _MAX_STEPS) -> Partition:
    """Move centres to the mean of the rows nearest to them until they stay.

    Parameters
    ----------
    unit : float32 array of shape (n, d)
    centers : float32 array of shape (k, d)
        Where the centres begin; k is at most n.
    threads : Threads
        Who does it; the same bits by any number of them.
    max_steps : int, default=300

    Returns
    -------
    Partition
        Each row belongs to the centre nearest to it, the first of equally near ones. A centre may end without rows
        where rows are too alike to tell apart.

    Notes
    -----
    The steps end where no label changes, or where the squared moves of all centres are together at most 1e-4 of the
    mean variance of a dimension, as in scikit-learn; a centre that no row is nearest to begins again at the row that is
    farthest from its own.

    References
    ----------
    S. Lloyd, "Least squares quantization in PCM", IEEE Trans. Inf. Theory 28, 1982; ``sklearn.cluster.KMeans``.
    """
    return hold_against(unit, len(centers), threads, lambda rows: _steps(rows, unit, centers, threads, max_steps))


def hold_against(unit: Floats, n_points: int, threads: Threads, work: Callable[[Rows | RowsOnCard], Found]) -> Found:
    """Return what some work finds with rows that it holds against points: on the card where that is worth it."""
    found = with_rows_on_card(unit, n_points, work)
    return work(Rows(unit, threads)) if found is None else found


def _steps(rows: Rows | RowsOnCard, unit: Floats, centers: Floats, threads: Threads, max_steps: int) -> Partition:
    from embedlab.compute import move_rows

    labels, sums, sizes = np.full(len(unit), -1), np.zeros(centers.shape), np.zeros(len(centers), np.int64)
    for _ in range(max_steps):
        nearest, apart = rows.nearest(centers)
        _fill_empty(nearest, apart, len(centers))
        changed = np.flatnonzero(nearest != labels)
        if not len(changed):
            break
        move_rows(unit, changed, labels, nearest, sums, threads)
        labels, sizes = nearest, np.bincount(nearest, minlength=len(centers))
        means = np.where(sizes[:, None] > 0, sums / np.maximum(sizes, 1)[:, None], centers).astype(np.float32)
        shift = float(np.square(means.astype(np.float64) - centers).sum())
        centers = means
        if shift <= _TOLERANCE * rows.variance:
            break
    labels, apart = rows.nearest(centers)
    return Partition(labels, centers, float(apart.sum(dtype=np.float64)))


class Rows:
    """Rows that are held against points again and again.

    Parameters
    ----------
    unit : float32 array of shape (n, d)
    threads : Threads
    """

    def __init__(self, unit: Floats, threads: Threads) -> None:
        self._unit, self._threads = unit, threads
        # Distances are taken by products with what points differ from the middle, which are small, and so are errors.
        self._middle = unit.mean(axis=0, dtype=np.float64)
        self._squares = np.empty(len(unit), np.float32)
        self._points = self._scores = np.empty((0, 0), np.float32)
        threads.run(self._measure, self._bounds(unit.shape[1]))

    @property
    def variance(self) -> float:
        """Mean variance of a dimension."""
        return float(self._squares.mean(dtype=np.float64)) / self._unit.shape[1]

    def nearest(self, points: Floats) -> tuple[Integers, Floats]:
        """Return which point is nearest to each row, the first of equally near ones, and its squared distance."""
        labels, apart = np.empty(len(self._unit), np.int64), np.empty(len(self._unit), np.float32)
        moved = self._moved(points)
        self._threads.run(self._label, self._bounds(len(points)), *self._from_middle(points), moved, labels, apart)
        return labels, apart

    def distances(self, points: Floats) -> Floats:
        """Return the squared distance of each point to each row, shape (k, n)."""
        found = np.empty((len(points), len(self._unit)), np.float32)
        self._threads.run(self._fill, self._bounds(len(points)), *self._from_middle(points), found)
        return found

    def _bounds(self, n_points: int) -> list[int]:
        step = max(1, min(_BLOCK_ROWS, _BLOCK_ELEMENTS // n_points))
        return [*range(0, len(self._unit), step), len(self._unit)]

    def _from_middle(self, points: Floats) -> tuple[Floats, Floats]:
        """Return ``e``, by what points differ from the middle m, and ``m · e + |e|² / 2``.

        For a row x, ``x · e`` less that is half of what ``|x - m|²`` is larger than the squared distance to the point.
        """
        apart = points - self._middle
        return apart.astype(np.float32), (apart @ self._middle + np.square(apart).sum(axis=1) / 2).astype(np.float32)

    def _moved(self, points: Floats) -> Integers | None:
        """Return which points differ from those of the last call; None where the rows are held against all anew.

        In most steps few centres move, and what was found of the others stands.
        """
        last, self._points = self._points, points.copy()
        if len(self._unit) * len(points) > _KEPT_ELEMENTS or points.shape[1] < _KEPT_DIMENSIONS:
            return None
        if points.shape != last.shape:
            self._scores = np.empty((len(self._unit), len(points)), np.float32)
            return None
        moved = np.flatnonzero((points != last).any(axis=1))
        # A product with a single point is taken in another way, with other last digits.
        moved = np.append(moved, (moved + 1) % len(points)) if len(moved) == 1 else moved
        return None if 2 * len(moved) > len(points) else moved

    def _measure(self, first: int, last: int) -> None:
        self._squares[first:last] = np.square(self._unit[first:last] - self._middle).sum(axis=1)

    def _label(
        self,
        first: int,
        last: int,
        apart: Floats,
        offsets: Floats,
        moved: Integers | None,
        labels: Integers,
        found: Floats,
    ) -> None:
        is_kept = self._scores.shape[1] == len(apart)
        scores = self._scores[first:last] if is_kept else np.empty((last - first, len(apart)), np.float32)
        if moved is None:
            np.matmul(self._unit[first:last], apart.T, out=scores)
            scores -= offsets
        elif len(moved):
            scores[:, moved] = self._unit[first:last] @ apart[moved].T - offsets[moved]
        labels[first:last] = best = scores.argmax(axis=1)
        nearest = self._squares[first:last] - 2 * np.take_along_axis(scores, best[:, None], axis=1)[:, 0]
        np.maximum(nearest, 0, out=found[first:last])

    def _fill(self, first: int, last: int, apart: Floats, offsets: Floats, found: Floats) -> None:
        scores = self._unit[first:last] @ apart.T - offsets
        np.maximum(self._squares[first:last] - 2 * scores.T, 0, out=found[:, first:last])


def _fill_empty(labels: Integers, apart: Floats, k: int) -> None:
    """Give each centre that has no row the row farthest from its own, as far as rows differ from their centres."""
    empty = np.flatnonzero(np.bincount(labels, minlength=k) == 0)
    if len(empty):
        farthest = np.argsort(-apart, kind="stable")[: len(empty)]
        farthest = farthest[apart[farthest] > 0]
        labels[farthest] = empty[: len(farthest)]
