"""The most similar pairs of rows, exactly, from cosines that pass by in tiles and are never held as a whole."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from embedlab.compute import Threads
from embedlab.device import offer_pairs_on_card
from embedlab.rows import sample_positions

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats: TypeAlias = NDArray[np.float32]
    Integers: TypeAlias = NDArray[np.int64]

# Rows and columns of a tile: 16 MiB of cosines. Smaller ones cost more calls, larger ones leave the processor's cache.
_TILE = 2048
# Fewer rows are compared before anything that saves work has been set up.
_SHORTENED_ROWS = 10_000
_SAMPLE_ROWS = 1000
# One pair looked up by itself costs as much as some hundreds of pairs in a product of matrices.
_FEW = 0.003
# Where the floor has risen by so much, shorter rows are tried again.
_RISE = 0.03
# What float32 may take from an upper bound.
_SLACK = np.float32(1e-5)


def best_pairs(
    unit: Floats, floor: float, max_pairs: int, *, sign: int = 1, progress: Callable[[int, int], None] | None = None
) -> tuple[Integers, Integers, Floats]:
    """Return the pairs of rows whose cosine is at least ``floor``, best first, at most ``max_pairs`` of them.

    Parameters
    ----------
    unit : float32 array of shape (n, d)
        Rows of length 1, or 0.
    floor : float
        -inf takes all.
    max_pairs : int
    sign : {1, -1}, default=1
        -1 ranks by the negative cosine, so that the least similar come first.
    progress : callable, default=None
        Called with the pairs compared so far and all pairs; what it raises ends the work.

    Returns
    -------
    i, j : int64 arrays of shape (n_pairs,)
        Positions, ``i < j``.
    values : float32 array of shape (n_pairs,)
        Falling; equal ones by position.

    Notes
    -----
    Of rows that are turned so that their first dimensions hold most of their length, head ``h`` and tail ``t``, the
    cosine is ``h·h' + t·t' <= h·h' + |t| |t'|`` (Cauchy and Schwarz). Where heads of an eighth or a quarter of the
    dimensions keep nearly all pairs below the floor, only the others are compared in full; tried again
    as the floor rises.
    """
    best, n = _BestPairs(max_pairs, floor), len(unit)
    if offer_pairs_on_card(unit, best, sign, progress):
        return best.result()
    best = _BestPairs(max_pairs, floor)
    short, tried = unit, np.float32(-np.inf)
    with Threads() as threads:
        for rows, columns in _tiles(n):
            if rows == columns and short is unit and sign > 0 and best.floor > tried + _RISE:
                short, tried = _shortened(unit, best.floor), best.floor
            block = threads.product(sign * short[rows], short[columns].T)
            if rows == columns:
                block[np.tri(len(block), dtype=bool)] = np.nan  # compares false
            found = _above(block, best.floor if short is unit else best.floor - _SLACK, threads)
            i, j = np.divmod(found, block.shape[1])
            i, j = i + rows.start, j + columns.start
            if short is unit:
                values = block.ravel()[found]
            elif len(found) < _FEW * block.size:
                values = np.einsum("ij,ij->i", unit[i], unit[j])
            else:
                values = threads.product(unit[rows], unit[columns].T).ravel()[found]
            best.add(i, j, values)
            if progress and columns.stop == n:
                left = n - rows.stop
                progress((n * (n - 1) - left * (left - 1)) // 2, n * (n - 1) // 2)
    return best.result()


def _tiles(n_rows: int) -> Iterator[tuple[slice, slice]]:
    """Cut the upper triangle of all with all into squares, band by band."""
    bounds = range(0, n_rows, _TILE)
    for first in bounds:
        for second in bounds[first // _TILE :]:
            yield slice(first, min(first + _TILE, n_rows)), slice(second, min(second + _TILE, n_rows))


def _above(block: Floats, floor: np.float32, threads: Threads) -> Integers:
    """Return the flat positions of what is at least the floor, rising."""
    bounds, width = pairwise(threads.cut(len(block))), block.shape[1]
    parts = threads.each(lambda part: np.flatnonzero(block[part[0] : part[1]] >= floor) + part[0] * width, bounds)
    return np.concatenate(list(parts))


def _shortened(unit: Floats, floor: float | np.float32) -> Floats:
    """Return shorter rows whose products are upper bounds of the cosines, or the rows themselves where none pay."""
    n, d = unit.shape
    if n < _SHORTENED_ROWS:
        return unit
    from scipy.linalg import eigh

    sample = unit[sample_positions(n, _SAMPLE_ROWS, 0)]
    axes = eigh(sample.T.astype(np.float64) @ sample)[1][:, ::-1].astype(np.float32)
    for width in (d // 8, d // 4):
        short = _heads_and_tails(sample, axes[:, :width])
        if np.triu(short @ short.T >= floor, 1).mean() < _FEW / 4:
            return _heads_and_tails(unit, axes[:, :width])
    return unit


def _heads_and_tails(unit: Floats, axes: Floats) -> Floats:
    """Return the coordinates along some axes and, as one more, the length of what is left."""
    heads = unit @ axes
    squares = np.einsum("ij,ij->i", unit, unit) - np.einsum("ij,ij->i", heads, heads)
    return np.column_stack([heads, np.sqrt(np.maximum(squares, 0.0) + _SLACK)])


class _BestPairs:
    """The best pairs among those seen so far; ``floor`` rises when there are too many."""

    def __init__(self, max_pairs: int, floor: float) -> None:
        self.floor = np.float32(floor)
        self._max_pairs, self._n_held = max_pairs, 0
        self._parts: list[tuple[Integers, Integers, Floats]] = []

    def add(self, i: Integers, j: Integers, values: Floats) -> None:
        above = values >= self.floor
        self._parts.append((i[above], j[above], values[above]))
        self._n_held += int(above.sum())
        if self._n_held > 2 * self._max_pairs:
            self.result()

    def result(self) -> tuple[Integers, Integers, Floats]:
        i, j, values = (np.concatenate(column) for column in zip(*self._parts, strict=True))
        if len(values) > self._max_pairs:
            # Equals of the last one stay until positions decide among them.
            self.floor = np.partition(values, len(values) - self._max_pairs)[len(values) - self._max_pairs]
            above = values >= self.floor
            i, j, values = i[above], j[above], values[above]
        order = np.lexsort((j, i, -values))[: self._max_pairs]
        self._parts, self._n_held = [(i[order], j[order], values[order])], len(order)
        return self._parts[0]
