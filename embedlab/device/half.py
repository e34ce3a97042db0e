"""Rows of length 1 in half precision, with a proven bound on what that does to their cosines."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from torch import Tensor

    from embedlab.device.card import Card

# Rounded rows are longer than 1 by less, and norms in float32 are off by less.
_LARGER = 1.01


class Halves:
    """Rows of length 1, or 0, rounded on the card.

    For rows x, y and their rounded ones x', y' the cosine is ``x'·y' + (x - x')·y + x'·(y - y')``. So by Cauchy and
    Schwarz x'·y' is off by at most ``|x - x'| + |x'| |y - y'|``; and by what adding up and writing down rounds.

    Parameters
    ----------
    card : Card
    n, d : int
        Shape of the rows.
    n_padded : int, optional
        Rows to make room for, those behind the n being zeros.

    Attributes
    ----------
    values : Tensor of shape (n_padded, d)
        In the card's half precision.
    lost : float32 Tensor of shape (n,)
        ``|x - x'|`` of each row.
    """

    def __init__(self, card: Card, n: int, d: int, n_padded: int | None = None) -> None:
        import torch

        self.values = torch.zeros(n_padded or n, d, dtype=card.half, device=card.device)
        self.lost = torch.zeros(n, device=card.device)
        # Sums in float32 lose a digit in each of d steps, cut off and not rounded in tensor cores, so twice that; then
        # the cosine is rounded to the type of the rows.
        self.slack = _LARGER * (2 * d * torch.finfo(torch.float32).eps + torch.finfo(card.half).eps / 2)

    @classmethod
    def of(cls, card: Card, exact: Tensor, n_padded: int | None = None) -> Halves:
        """Round rows that lie on the card in float32."""
        made = cls(card, len(exact), exact.shape[1], n_padded)
        card.in_blocks(len(exact), 16 * exact.shape[1], lambda rows: made.write(rows, exact[rows]))
        return made

    @property
    def nbytes(self) -> int:
        """Memory on the card, in bytes."""
        return self.values.nbytes + self.lost.nbytes

    def write(self, rows: slice, exact: Tensor) -> None:
        """Round some rows, given in float32."""
        import torch

        values = exact.to(self.values.dtype)
        self.values[rows] = values
        self.lost[rows] = torch.linalg.vector_norm(exact - values.float(), dim=1) * _LARGER

    def off(self, lost: Tensor) -> Tensor:
        """Return how far the cosines of rounded rows that lost so much with any of these can be off, shape (m,)."""
        return lost + _LARGER * self.lost.max() + self.slack
