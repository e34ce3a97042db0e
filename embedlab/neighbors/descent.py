"""Nearly all of the nearest rows, in a time that grows with the number of rows and not with its square.

First the rows are cut into small cells several times, each time around other rows drawn at random, and all rows of a
cell are compared by a matrix product. That alone finds nine of ten. Then each row looks at the neighbours of its
neighbours, and at those who name it one, until hardly a list changes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import numpy as np

from embedlab.compute import Threads
from embedlab.neighbors._descent import measure, name_back, offer_all, visit_round
from embedlab.rows import row_blocks

if TYPE_CHECKING:
    from numpy.typing import NDArray

# Rows of a cell; times that all rows are cut into cells; parts that one cut makes at most. A cut is cheap beside a
# round: with these 100,000 pairs of short texts took 15 s of a processor for a recall of 0.988, with half as many rows
# and cuts 15 s for 0.964.
_CELL_ROWS, _CUTS, _PARTS = 512, 12, 64
# Lists are longer than what is asked for, since a row in the middle is found by way of one a little farther off.
_SPARE, _MOST_BACK = 6, 12
# Rounds end when fewer than this share of a list is new, and after so many.
_STILL, _MOST_ROUNDS = 0.002, 8


def descend(
    unit: NDArray[np.float32], n_neighbors: int, progress: Callable[[int, int], None] | None = None
) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """Return nearly all of the nearest other rows of each row, best first.

    Parameters
    ----------
    unit : float32 array of shape (n, d)
        Rows of length 1, or zeros.
    n_neighbors : int
        Less than n.
    progress : callable, default=None
        Called with the steps done and the most there can be; what it raises ends the work.

    Returns
    -------
    indices : int64 array of shape (n, n_neighbors)
        Equally near rows by position. The same bits on any number of threads.
    similarities : float32 array of shape (n, n_neighbors)

    References
    ----------
    W. Dong, C. Moses and K. Li, "Efficient k-nearest neighbor graph construction for generic similarity measures",
    WWW 2011. There rows enter others' lists at once; here a round reads what the one before has written.
    """
    report, n_steps = progress or (lambda done, total: None), _CUTS + _MOST_ROUNDS
    with Threads() as threads:
        # Rows that are near one another are put near one another in memory, where most of the time goes.
        order = np.concatenate([cell for part in _parts(unit, 0, threads) for cell in part])
        unit = unit[order]
        lists = _first_lists(unit, min(n_neighbors + _SPARE, len(unit) - 1), threads)
        for cut in range(_CUTS):
            _compare_in_cells(unit, lists, cut + 1, threads)
            report(cut + 1, n_steps)
        for done in range(_MOST_ROUNDS):
            _look_further(unit, *lists, threads)
            report(_CUTS + done + 1, n_steps)
            if lists[2].mean() < _STILL:
                break
        indices, values, _ = lists
        threads.run(measure, threads.cut(len(unit)), unit, indices, values)
    found, similarities = np.empty((len(unit), n_neighbors), np.int64), np.empty((len(unit), n_neighbors), np.float32)
    numbers = order[indices]
    best = np.lexsort((numbers, -values), axis=1)[:, :n_neighbors]
    found[order], similarities[order] = np.take_along_axis(numbers, best, 1), np.take_along_axis(values, best, 1)
    report(n_steps, n_steps)
    return found, np.clip(similarities, -1.0, 1.0)


def _first_lists(
    unit: NDArray[np.float32], k: int, threads: Threads
) -> tuple[NDArray[np.int32], NDArray[np.float32], NDArray[np.bool_]]:
    """Return lists of the rows that come next, so that no list ever has a gap."""
    n = len(unit)
    indices = ((np.arange(n)[:, None] + np.arange(1, k + 1)) % n).astype(np.int32)
    values = np.empty((n, k), np.float32)
    threads.run(measure, threads.cut(n), unit, indices, values)
    order = np.argsort(-values, axis=1, kind="stable")
    return np.take_along_axis(indices, order, axis=1), np.take_along_axis(values, order, axis=1), np.ones((n, k), bool)


def _compare_in_cells(unit: NDArray[np.float32], lists: tuple[NDArray[Any], ...], seed: int, threads: Threads) -> None:
    """Cut all rows into cells, and compare the rows of each with one another."""

    def compare(part: list[NDArray[np.int32]]) -> None:
        for rows in part:
            near = unit[rows]
            offer_all(rows, near @ near.T, *lists)

    # No two cells share a row, so no two threads write to one list.
    for _ in threads.each(compare, _parts(unit, seed, threads)):
        pass


def _parts(unit: NDArray[np.float32], seed: int, threads: Threads) -> list[list[NDArray[np.int32]]]:
    """Cut all rows into cells around rows drawn at random, and return those of each large part."""
    parts = _cut(unit, np.arange(len(unit), dtype=np.int32), np.random.default_rng(seed), threads)
    numbered = enumerate(parts)
    return list(
        threads.each(lambda part: list(_cells(unit, part[1], np.random.default_rng((seed, part[0])))), numbered)
    )


def _cells(unit: NDArray[np.float32], rows: NDArray[np.int32], rng: np.random.Generator) -> Iterator[NDArray[np.int32]]:
    """Cut rows until each cell is small."""
    if len(rows) <= 2 * _CELL_ROWS:
        yield rows
        return
    parts = _cut(unit, rows, rng)
    if max(map(len, parts)) == len(rows):  # all are copies of one
        parts = np.array_split(rows, -(-len(rows) // _CELL_ROWS))
    for part in parts:
        yield from _cells(unit, part, rng)


def _cut(
    unit: NDArray[np.float32], rows: NDArray[np.int32], rng: np.random.Generator, threads: Threads | None = None
) -> list[NDArray[np.int32]]:
    """Give each row to the nearest of some rows drawn at random, and return the rows of each that has any."""
    n_parts = min(_PARTS, -(-len(rows) // _CELL_ROWS))
    centers = unit[rng.choice(rows, n_parts, replace=False)].T
    share = threads.each if threads else map
    nearest = share(lambda block: np.argmax(unit[rows[block]] @ centers, axis=1), row_blocks(len(rows), unit.shape[1]))
    part = np.concatenate(list(nearest))
    order = np.argsort(part, kind="stable")
    edges = np.searchsorted(part[order], np.arange(1, n_parts))
    return [found for found in np.split(rows[order], edges) if len(found)]


def _look_further(
    unit: NDArray[np.float32],
    indices: NDArray[np.int32],
    values: NDArray[np.float32],
    fresh: NDArray[np.bool_],
    threads: Threads,
) -> None:
    """Go through one round and change the lists."""
    k, bounds = indices.shape[1], threads.cut(len(unit))
    near = np.pad(indices, ((0, 0), (0, _MOST_BACK)), constant_values=-1)
    is_fresh = np.pad(fresh, ((0, 0), (0, _MOST_BACK)))
    threads.run(name_back, bounds, k, near, is_fresh)
    threads.run(visit_round, bounds, unit, near, is_fresh, indices, values, fresh)
