"""The layout of UMAP on a card: the walk of :mod:`embedlab.projection.umap`, an epoch at a time for all points at once.

The strangers a point is pushed from come from the same hash, and all sums are taken in a fixed order, so the map is the
same each time. It differs from the processor's by the last digits of every step, which add up.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from embedlab.device.card import Card, on_card

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from torch import Tensor

    Floats = NDArray[np.float32]
    Integers = NDArray[np.integer]

# Two cores need a second for so many edges and epochs; to start the kernels of all epochs takes a third of one.
_WORTH = 10**8
# Of one edge under way: vectors of its forces, and whole numbers of its strangers.
_EDGE_BYTES = 200
_MASK = 2**64 - 1


@dataclass(frozen=True)
class Walk:
    """How points move.

    Parameters
    ----------
    pull, push : float32 arrays of shape (n_bins,)
        By distance, the factors by which a point is pulled to a neighbour and pushed from a stranger.
    bins_per_unit : int
        Bins a unit of distance; what is farther than all of them is in the last.
    n_strangers : int
        For each neighbour.
    longest : float
        No point moves farther in an epoch.
    seed : int
    steps : sequence of (int, float)
        Number of each epoch, and the share of its force that a point goes.
    """

    pull: Floats
    push: Floats
    bins_per_unit: int
    n_strangers: int
    longest: float
    seed: int
    steps: Sequence[tuple[int, float]]


def lay_out_on_card(
    points: Floats,
    edges: tuple[Integers, Integers, Floats],
    walk: Walk,
    progress: Callable[[int], None],
) -> Floats | None:
    """Move points until those that belong together are near and others are not.

    Parameters
    ----------
    points : float32 array of shape (n, n_components)
        Where they start.
    edges : tuple of arrays
        ``indptr`` and ``indices`` of a sparse matrix with the neighbours of each point, and in which share of the
        epochs each edge takes part.
    walk : Walk
    progress : callable
        Called with the number of the epoch after each; what it raises ends the work.

    Returns
    -------
    float32 array of shape (n, n_components) or None
        None where the processor has to do it.
    """
    if len(edges[1]) * len(walk.steps) < _WORTH:
        return None
    # Apple's have no sums by segments, and none in a fixed order without.
    return on_card("The layout", lambda card: _Layout(card, points, edges, walk).run(progress), without={"mps"})


class _Layout:
    """Points and edges on the card."""

    def __init__(self, card: Card, points: Floats, edges: tuple[Integers, Integers, Floats], walk: Walk) -> None:
        import torch

        indptr, indices, shares = edges
        self._card, self._walk, self._n = card, walk, len(points)
        self._bounds = indptr.astype(np.int64)
        self._points, self._indptr = card.send(points), card.send(self._bounds)
        self._indices, self._shares = card.send(indices), card.send(shares)
        self._pull, self._push = card.send(walk.pull), card.send(walk.push)
        self._moved = torch.empty_like(self._points)

    def run(self, progress: Callable[[int], None]) -> Floats:
        row_bytes = _EDGE_BYTES * -(-len(self._indices) // self._n)
        for epoch, step in self._walk.steps:
            self._card.in_blocks(self._n, row_bytes, partial(self._move, epoch, step))
            self._points, self._moved = self._moved, self._points
            progress(epoch)
        moved: Floats = self._points.cpu().numpy()
        return moved

    def _move(self, epoch: int, step: float, rows: slice) -> None:
        """Write down where some points go in an epoch."""
        import torch

        first, last = self._bounds[rows.start], self._bounds[rows.stop]
        shares = self._shares[first:last]
        takes_part = (shares * float(epoch + 1)).int() != (shares * float(epoch)).int()
        edge = takes_part.nonzero()[:, 0] + int(first)
        ends = torch.searchsorted(edge, self._indptr[rows.start : rows.stop + 1])
        here = self._points[rows].repeat_interleave(ends.diff(), dim=0, output_size=len(edge))
        forces = self._force(here, self._indices[edge], self._pull)
        number = _scatter(edge + (epoch << 40)) ^ self._walk.seed
        for _ in range(self._walk.n_strangers):
            number = number * 6364136223846793005 + 1442695040888963407
            forces += self._force(here, (_shift(number, 32) * self._n) >> 32, self._push)
        force = torch.segment_reduce(forces, "sum", offsets=ends, axis=0, initial=0.0, unsafe=True)
        length = torch.linalg.vector_norm(force, dim=1, keepdim=True)
        by = (self._walk.longest / length.clamp(min=1e-12)).clamp(max=step)
        self._moved[rows] = self._points[rows] + by * force

    def _force(self, here: Tensor, others: Tensor, factors: Tensor) -> Tensor:
        apart = here - self._points[others]
        distance = apart.square().sum(dim=1).sqrt()
        places = (distance * self._walk.bins_per_unit).clamp(max=len(factors) - 1).int()
        return factors[places][:, None] * apart


def _shift(number: Tensor, by: int) -> Tensor:
    """Shift the bits to the right, zeros from the left."""
    return (number >> by) & (_MASK >> by)


def _scatter(number: Tensor) -> Tensor:
    """Return bits that look unrelated for numbers side by side: the finalizer of SplitMix64 (Steele et al. 2014)."""
    number = number + _signed(0x9E3779B97F4A7C15)
    number = (number ^ _shift(number, 30)) * _signed(0xBF58476D1CE4E5B9)
    number = (number ^ _shift(number, 27)) * _signed(0x94D049BB133111EB)
    return number ^ _shift(number, 31)


def _signed(number: int) -> int:
    """Return the number with a sign that has these 64 bits; torch has no others, and its products wrap around, too."""
    return number - 2**64 if number >> 63 else number
