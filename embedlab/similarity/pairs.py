"""The pairs of rows that stand out, and how two rows stand to each other among all."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from embedlab._rows import ROUNDING, normalize_rows, row_blocks, top_positions
from embedlab._validation import as_embeddings, check_integer
from embedlab.errors import InvalidInputError

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray


@dataclass(frozen=True, slots=True)
class Pair:
    """Two rows and how similar they are.

    Parameters
    ----------
    i, j : int
        Positions, ``i < j``.
    similarity : float
        Their cosine.
    """

    i: int
    j: int
    similarity: float


def similar_pairs(embeddings: ArrayLike, threshold: float = 0.9, *, max_pairs: int = 100_000) -> list[Pair]:
    """Return the pairs of rows that are at least so similar, best first.

    Parameters
    ----------
    embeddings : array-like of shape (n, d)
    threshold : float, default=0.9
        Smallest cosine of a pair, in [-1, 1]; rounding of 1e-6 is allowed for, so that 1.0 finds repeated rows.
    max_pairs : int, default=100_000
        Only the best so many are kept: a thousand copies of one text alone make half a million pairs.

    Returns
    -------
    list of Pair
        Each pair once, equally similar ones by position.

    Raises
    ------
    InvalidInputError
        For a threshold outside of [-1, 1] or ``max_pairs`` below 1.

    Notes
    -----
    All n (n - 1) / 2 cosines are computed, in blocks; memory stays below a few hundred MiB for any n.
    """
    if not -1.0 <= threshold <= 1.0:
        raise InvalidInputError(f"threshold={threshold} is no cosine; choose a number from -1 to 1.")
    unit = normalize_rows(as_embeddings(embeddings))
    best = _BestPairs(check_integer(max_pairs, "max_pairs", 1), threshold - ROUNDING)
    for start, block in _upper_blocks(unit):
        best.add(start, block)
    return best.pairs(sign=1)


def extreme_pairs(embeddings: ArrayLike, n_pairs: int = 10) -> tuple[list[Pair], list[Pair]]:
    """Return the most and the least similar pairs of rows.

    Parameters
    ----------
    embeddings : array-like of shape (n, d)
    n_pairs : int, default=10
        How many of each; fewer come back where there are not so many pairs.

    Returns
    -------
    most, least : list of Pair, list of Pair
        Best first, and worst first.

    Raises
    ------
    InvalidInputError
        For ``n_pairs`` below 1.
    """
    unit = normalize_rows(as_embeddings(embeddings))
    check_integer(n_pairs, "n_pairs", 1)
    most, least = _BestPairs(n_pairs, -np.inf), _BestPairs(n_pairs, -np.inf)
    for start, block in _upper_blocks(unit):
        most.add(start, block)
        least.add(start, -block)
    return most.pairs(sign=1), least.pairs(sign=-1)


def neighbor_rank(embeddings: ArrayLike, row: int, other: int) -> int:
    """Return which place one row takes among all others, ordered by their cosine to a given row.

    Parameters
    ----------
    embeddings : array-like of shape (n, d)
    row : int
        Position of the row from which is looked.
    other : int
        Position of the row whose place is asked for.

    Returns
    -------
    int
        1 for the most similar, n - 1 for the least; of equally similar rows, all take the first place of them.

    Raises
    ------
    InvalidInputError
        When a position does not exist, or both are the same.

    Examples
    --------
    >>> neighbor_rank([[1, 0], [0, 1], [1, 1]], 0, 1)
    2
    """
    x = as_embeddings(embeddings)
    for name, position in (("row", row), ("other", other)):
        check_integer(position, name, 0, len(x) - 1, f"there are {len(x):,} rows")
    if row == other:
        raise InvalidInputError(f"row and other are both {row}; give two different rows.")
    target = normalize_rows(x[[row]])[0]
    similarities = np.concatenate([normalize_rows(x[rows]) @ target for rows in row_blocks(*x.shape)])
    similarities[row] = -np.inf
    return 1 + int(np.count_nonzero(similarities > similarities[other] + ROUNDING))


def _upper_blocks(unit: NDArray[np.float32]) -> Iterator[tuple[int, NDArray[np.float32]]]:
    """Yield ``start, block``: cosines of some rows with all from row ``start`` on, NaN unless i < j."""
    for rows in row_blocks(len(unit), len(unit)):
        block = unit[rows] @ unit[rows.start :].T
        block[np.tril_indices(len(block))] = np.nan
        yield rows.start, block


class _BestPairs:
    """The best pairs among those seen so far."""

    def __init__(self, n_pairs: int, floor: float) -> None:
        self._n_pairs, self._floor = n_pairs, np.float32(floor)
        self._values = np.empty(0, dtype=np.float32)
        self._ij = np.empty((2, 0), dtype=np.int64)

    def add(self, start: int, block: NDArray[np.float32]) -> None:
        found = np.flatnonzero(block >= self._floor)  # NaN compares false
        ij = np.stack(np.divmod(found, block.shape[1])) + start
        values = np.concatenate([self._values, block.ravel()[found]])
        kept = top_positions(values, self._n_pairs)
        self._values, self._ij = values[kept], np.concatenate([self._ij, ij], axis=1)[:, kept]
        if len(kept) == self._n_pairs:
            # Later pairs must be better: among equals the earlier positions stay.
            self._floor = np.nextafter(self._values[-1], np.float32(np.inf))

    def pairs(self, sign: int) -> list[Pair]:
        similarities = np.clip(sign * self._values, -1.0, 1.0).tolist()
        return [Pair(i, j, s) for (i, j), s in zip(self._ij.T.tolist(), similarities, strict=True)]
