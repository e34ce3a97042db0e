"""The most similar pairs of rows on a card: found by products in half precision, told apart by cosines in full."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple, Protocol

import numpy as np

from embedlab.device.card import Card, on_card
from embedlab.device.half import Halves

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from torch import Tensor

    Integers = NDArray[np.int64]
    Floats = NDArray[np.float32]

# As for neighbours: two cores need less than a tenth of a second for so many multiplications.
_WORTH = 10**10
# Rows and columns of a tile. All of its 16 million pairs may have to be fetched where nothing is known of the floor.
_TILE = 4096
# Pairs whose rows are gathered at once.
_AT_ONCE = 2**16


class Pairs(Protocol):
    """Where pairs are put; only those of at least ``floor`` are kept, and it rises."""

    floor: np.float32

    def add(self, i: Integers, j: Integers, values: Floats) -> None:
        """Take on pairs of any order."""


def offer_pairs_on_card(unit: Floats, best: Pairs, sign: int, progress: Callable[[int, int], None] | None) -> bool:
    """Offer all pairs i < j of rows whose cosine, times the sign, is at least the floor.

    Parameters
    ----------
    unit : float32 array of shape (n, d)
        Rows of length 1, or 0.
    best : Pairs
    sign : {1, -1}
    progress : callable, optional
        Called with the pairs compared so far and all pairs; what it raises ends the work.

    Returns
    -------
    bool
        False where the processor has to do it, for which ``best`` is of no use any more.
    """
    if len(unit) * unit.size // 2 < _WORTH:
        return False
    return on_card("The search for pairs", lambda card: _offer(card, unit, best, sign, progress)) is not None


def _offer(card: Card, unit: Floats, best: Pairs, sign: int, progress: Callable[[int, int], None] | None) -> bool:
    n = len(unit)
    rows = card.send(unit)
    halves = Halves.of(card, rows)
    for start in range(0, n, _TILE):
        band = slice(start, min(start + _TILE, n))
        for first in range(start, n, _TILE):
            tile = _Tile(card, rows, halves, best, sign, band.start, slice(first, min(first + _TILE, n)))
            # Cosines in half and in full, and both places of each pair that is close.
            card.in_blocks(band.stop - band.start, 32 * _TILE, tile.compare)
        if progress:
            left = n - band.stop
            progress((n * (n - 1) - left * (left - 1)) // 2, n * (n - 1) // 2)
    return True


class _Tile(NamedTuple):
    """Rows from ``start`` on, and the columns they are compared with."""

    card: Card
    rows: Tensor
    halves: Halves
    best: Pairs
    sign: int
    start: int
    columns: slice

    def compare(self, part: slice) -> None:
        """Offer the pairs of a part of the rows that are close enough."""
        import torch

        band = slice(self.start + part.start, self.start + part.stop)
        scores = (self.halves.values[band] @ self.halves.values[self.columns].T).float()
        close = self.sign * scores >= float(self.best.floor) - self.halves.off(self.halves.lost[band])[:, None]
        i, j = close.nonzero().unbind(dim=1)
        i, j = i + band.start, j + self.columns.start
        i, j = i[i < j], j[i < j]
        parts = zip(i.split(_AT_ONCE), j.split(_AT_ONCE), strict=True)
        values = [self.card.dots(self.rows[first], self.rows[second]) for first, second in parts]
        self.best.add(i.cpu().numpy(), j.cpu().numpy(), self.sign * torch.cat(values).cpu().numpy())
