"""Exact neighbours on a card: the best by products in half precision, proven by cosines in full."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

from embedlab.device.card import Card, on_card
from embedlab.device.half import Halves

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from torch import Tensor

    Found = tuple[NDArray[np.int64], NDArray[np.float32]]

# Two cores need less than a tenth of a second for so many multiplications; a card that nobody has used yet needs more
# to wake up, and one in use a good part of it to be sent the rows.
_WORTH = 10**10
# Beside those that are wanted: among so many more, half precision hides none of the best of nearly all rows.
_SPARE = 17
# Columns of which only the best is looked at first: `topk` goes through its numbers several times.
_GROUP = 32


def nearest_on_card(
    unit: NDArray[np.float32],
    k: int,
    queries: NDArray[np.float32] | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Found | None:
    """Return the ``k`` nearest rows of each query, exactly, best first and equally near ones by position.

    Parameters
    ----------
    unit : float32 array of shape (n, d)
        Rows of length 1, or 0.
    k : int
        At most the rows that can be neighbours.
    queries : float32 array of shape (m, d), optional
        As the rows; these themselves when not given, and then no row is its own neighbour.
    progress : callable, optional
        Called with the cosines compared so far and all of them; what it raises ends the work.

    Returns
    -------
    indices : int64 array of shape (m, k)
    similarities : float32 array of shape (m, k)
        Or None where the processor has to do it.

    Notes
    -----
    The cosines of some more than k rows, the best in half precision, are computed again from the given rows. Where the
    worst of these, at most so much better as :class:`embedlab.device.half.Halves` proves, is below the k-th, none that
    was left out can be among the best. The other queries are compared in float32 with all rows.
    """
    n_queries = len(unit) if queries is None else len(queries)
    if n_queries * unit.size < _WORTH:
        return None
    return on_card("The search for neighbours", lambda card: _Nearest(card, unit, queries, k).find(progress))


class _Nearest:
    """Rows and queries on the card, and what was found for them."""

    def __init__(self, card: Card, unit: NDArray[np.float32], queries: NDArray[np.float32] | None, k: int) -> None:
        self._card, self._n, self._is_own = card, len(unit), queries is None
        self._n_others = len(unit) - self._is_own
        self._wide = min(k + _SPARE, self._n_others)
        self._rows = card.send(unit)
        self._halves = Halves.of(card, self._rows, -(-len(unit) // _GROUP) * _GROUP)
        self._queries, self._asked = self._rows, self._halves
        if queries is not None:
            self._queries = card.send(queries)
            self._asked = Halves.of(card, self._queries)
        shape = len(self._queries), k
        self._indices, self._similarities = np.empty(shape, np.int64), np.empty(shape, np.float32)
        self._in_doubt: list[NDArray[np.int64]] = []

    def find(self, progress: Callable[[int, int], None] | None) -> Found:
        n_queries, n_columns = len(self._queries), len(self._halves.values)
        total = self._n * (self._n - 1) // 2 if self._is_own else n_queries * self._n
        compared_again = self._wide * 28 * self._rows.shape[1]
        # Cosines and the best of groups; then the groups and rows that are looked at again.
        row_bytes = 4 * n_columns + 16 * _GROUP * self._wide + compared_again

        def report(done: int) -> None:
            if progress is not None:
                progress(total * done // n_queries, total)

        self._card.in_blocks(n_queries, row_bytes, self._screen, n_columns=n_columns, progress=report)
        again = np.concatenate(self._in_doubt)
        if len(again):
            row_bytes = 16 * self._n + compared_again
            self._card.in_blocks(len(again), row_bytes, lambda part: self._compare_all(again[part]), n_columns=self._n)
        return self._indices, self._similarities

    def _screen(self, block: slice) -> None:
        """Write down the best of a block of queries, and which of them half precision leaves in doubt."""
        numbers = np.arange(block.start, block.stop)
        scores = self._asked.values[block] @ self._halves.values.T
        scores[:, self._n :] = -np.inf
        self._leave_out(scores, numbers)
        rough, columns = _largest(scores, self._wide)
        last = self._write(numbers, columns)
        in_doubt = rough[:, -1].float() + self._halves.off(self._asked.lost[block]) >= last
        if self._wide == self._n_others:
            in_doubt[:] = False
        self._in_doubt.append(numbers[in_doubt.cpu().numpy()])

    def _compare_all(self, numbers: NDArray[np.int64]) -> None:
        """Write down the best of some queries by cosines in float32 with all rows."""
        scores = self._queries[self._card.send(numbers)] @ self._rows.T
        self._leave_out(scores, numbers)
        self._write(numbers, _first_largest(scores, self._wide))

    def _leave_out(self, scores: Tensor, numbers: NDArray[np.int64]) -> None:
        if self._is_own:
            scores[self._card.send(np.arange(len(numbers))), self._card.send(numbers)] = -np.inf

    def _write(self, numbers: NDArray[np.int64], columns: Tensor) -> Tensor:
        """Write down the best of the columns by their cosines, and return the last of these."""
        columns = columns.sort(dim=1).values
        queries = self._queries[self._card.send(numbers)]
        cosines = self._card.dots(self._rows[columns], queries[:, None, :])
        cosines, order = cosines.sort(dim=1, descending=True, stable=True)
        k = self._indices.shape[1]
        self._indices[numbers] = columns.gather(1, order[:, :k]).cpu().numpy()
        self._similarities[numbers] = cosines[:, :k].clamp(-1.0, 1.0).cpu().numpy()
        return cosines[:, k - 1]


def _largest(scores: Tensor, wide: int) -> tuple[Tensor, Tensor]:
    """Return the largest numbers of each row, falling, and their columns; a multiple of the group's size of columns.

    They lie in the groups of the largest best, so that the slow choice is made among few: a group holds one column in
    so many, which are read side by side.
    """
    import torch

    n_rows, n_groups = len(scores), scores.shape[1] // _GROUP
    if n_groups < 8 * wide:
        best, columns = scores.topk(wide)
        return best, columns
    groups = scores.view(n_rows, _GROUP, n_groups).amax(dim=1).topk(wide, sorted=False).indices
    places = n_groups * torch.arange(_GROUP, device=scores.device)
    columns = (groups[:, :, None] + places).flatten(1)
    best, among = scores.gather(1, columns).topk(wide)
    return best, columns.gather(1, among)


def _first_largest(scores: Tensor, wide: int) -> Tensor:
    """Return the columns of the largest numbers of each row, rising; of equal ones the first."""
    import torch

    last = scores.topk(wide).values[:, -1:]
    above, equal = scores > last, scores == last
    left = wide - above.sum(dim=1, keepdim=True)
    chosen = above | (equal & (equal.cumsum(dim=1, dtype=torch.int32) <= left))
    return chosen.nonzero()[:, 1].view(len(scores), wide)
