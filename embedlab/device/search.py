"""Exact search on a card: one product in half precision, and which rows may be among the best, proven."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from embedlab.device.card import Card, exact_products, on_card
from embedlab.device.half import Halves
from embedlab.rows import normalize_rows, row_blocks

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]

# Two cores go through so many numbers in some two milliseconds; a card takes nearly one to be asked and to answer.
_WORTH = 5 * 10**7


class IndexOnCard:
    """Rows of length 1 that stay on the card in half precision, for query after query.

    Made by :func:`keep_on_card`.
    """

    def __init__(self, card: Card, rows: Floats, places: NDArray[np.int64] | None) -> None:
        self._halves = Halves(card, *rows.shape)
        for block in row_blocks(*rows.shape):
            self._halves.write(block, card.send(normalize_rows(rows[block if places is None else places[block]])))

    @property
    def nbytes(self) -> int:
        """Memory on the card, in bytes."""
        return self._halves.nbytes

    def candidates(self, query: Floats, k: int, rows: NDArray[np.int64] | None = None) -> NDArray[np.int64] | None:
        """Return the positions, rising, of all rows that can be among the ``k`` nearest to a query.

        Parameters
        ----------
        query : float32 array of shape (d,)
            Of length 1.
        k : int
        rows : int64 array, optional
            The rows to choose among, rising; all when not given.

        Returns
        -------
        int64 array or None
            None where the card failed.
        """
        return on_card("A search", lambda card: self._candidates(card, query, k, rows), is_short=True)

    def _candidates(self, card: Card, query: Floats, k: int, rows: NDArray[np.int64] | None) -> NDArray[np.int64]:
        asked = Halves.of(card, card.send(query[None]))
        with exact_products():
            cosines = (self._halves.values @ asked.values[0]).float()
        # Of one query the bound is that of each row.
        off = asked.off(self._halves.lost)
        if rows is not None:
            chosen = card.send(rows)
            cosines, off = cosines[chosen], off[chosen]
        near = cosines + off >= (cosines - off).topk(k).values[-1]
        places = near.nonzero()[:, 0].cpu().numpy()
        return places if rows is None else rows[places]


def keep_on_card(rows: Floats, places: NDArray[np.int64] | None = None) -> IndexOnCard | None:
    """Round rows and keep them on the card.

    Parameters
    ----------
    rows : float32 array of shape (n, d)
        Of any length.
    places : int64 array of shape (n,), optional
        The row that stands for each; each for itself when not given.

    Returns
    -------
    IndexOnCard or None
        None where there is no card, too little to search, or no room.
    """
    if rows.size < _WORTH:
        return None
    return on_card("The preparation of search", lambda card: IndexOnCard(card, rows, places))
