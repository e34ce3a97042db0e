"""KMeans on a card: which centre is nearest to each row, the only step that takes long."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

import numpy as np

from embedlab.device.card import Card, on_card

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]

Found = TypeVar("Found")

# Two cores need some ten milliseconds for so many multiplications, and some thirty steps have to be done; to send the
# rows takes as long as one of these.
_WORTH = 10**9
# Rows whose sum is taken in float32; sums of these are added up in float64, which not every card has.
_AT_ONCE = 2**12


class RowsOnCard:
    """Rows on the card that are held against points again and again.

    Made by :func:`with_rows_on_card`.

    Attributes
    ----------
    variance : float
        Mean variance of a dimension.
    """

    def __init__(self, card: Card, unit: Floats) -> None:
        import torch

        self._card, self._unit, (n, d) = card, card.send(unit), unit.shape
        # As on the processor: products with what points differ from the middle are small, and so are their errors.
        sums, self._squares = [], torch.empty(n, device=card.device)
        card.in_blocks(n, 8 * d, lambda rows: sums.append(self._unit[rows].sum(dim=0).cpu().numpy()), most=_AT_ONCE)
        self._middle = np.sum(sums, axis=0, dtype=np.float64) / n
        middle = card.send(self._middle.astype(np.float32))

        def measure(rows: slice) -> None:
            self._squares[rows] = (self._unit[rows] - middle).square().sum(dim=1)

        card.in_blocks(n, 16 * d, measure)
        self.variance = float(self._squares.cpu().numpy().mean(dtype=np.float64)) / d

    def nearest(self, points: Floats) -> tuple[NDArray[np.int64], Floats]:
        """Return which point is nearest to each row, the first of equally near ones, and its squared distance."""
        apart = points - self._middle
        offsets = (apart @ self._middle + np.square(apart).sum(axis=1) / 2).astype(np.float32)
        sent, less = self._card.send(apart.astype(np.float32).T), self._card.send(offsets)
        labels, found = np.empty(len(self._unit), np.int64), np.empty(len(self._unit), np.float32)

        def label(rows: slice) -> None:
            best = (self._unit[rows] @ sent - less).max(dim=1)
            labels[rows] = best.indices.cpu().numpy()
            found[rows] = (self._squares[rows] - 2 * best.values).clamp(min=0).cpu().numpy()

        self._card.in_blocks(len(self._unit), 12 * len(points) + 32, label, n_columns=len(points))
        return labels, found


def with_rows_on_card(unit: Floats, n_points: int, work: Callable[[RowsOnCard], Found]) -> Found | None:
    """Do some work with rows that are held against points, again and again.

    Parameters
    ----------
    unit : float32 array of shape (n, d)
    n_points : int
    work : callable
        Given the rows on the card, returns what was found; anything but None.

    Returns
    -------
    object or None
        None where the processor has to do it.
    """
    if unit.size * n_points < _WORTH:
        return None
    return on_card("KMeans", lambda card: work(RowsOnCard(card, unit)))
