"""Rows rounded to 8 bits, with a proven bound on what that does to their cosines: a search reads few bytes.

A row is written as ``center + scale * spread * code`` with whole numbers from -127 to 127 as code; centre and spread
are those of each dimension, so that one large or shifted dimension does not cost the others their digits.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from embedlab.compute import Threads, compiled
from embedlab.rows import normalize_rows, row_blocks

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats: TypeAlias = NDArray[np.float32]

_LARGEST_CODE = 127
# On top of every bound, for what float32 rounds on the way.
_ROUNDING = 4e-6


class Codes:
    """Rows of length 1, rounded to 8 bits.

    Parameters
    ----------
    rows : float32 array of shape (n, d)
        Of any length; read block by block, and not kept.
    places : int64 array of shape (n,), optional
        The row that stands for each; each for itself when not given.
    """

    def __init__(self, rows: Floats, places: NDArray[np.int64] | None = None) -> None:
        n, d = rows.shape
        self._codes, self._scales, self._errors = np.empty((n, d), np.int8), np.empty(n, np.float32), np.empty(n)
        self._center, self._spread = moments(rows)
        for block in row_blocks(n, d):
            unit = normalize_rows(rows[block if places is None else places[block]])
            standard = (unit - self._center) / self._spread
            scales = np.abs(standard).max(axis=1) / np.float32(_LARGEST_CODE)
            scales[scales == 0] = 1
            codes = np.rint(standard / scales[:, None])
            again = self._center + self._spread * codes * scales[:, None]
            self._codes[block], self._scales[block] = codes, scales
            self._errors[block] = np.linalg.norm(unit - again, axis=1) * (1 + 1e-4) + _ROUNDING
        self._errors = self._errors.astype(np.float32)

    @property
    def nbytes(self) -> int:
        """Memory of the rounded rows, in bytes."""
        return self._codes.nbytes + self._scales.nbytes + self._errors.nbytes

    def candidates(self, query: Floats, k: int, rows: NDArray[np.int64] | None = None) -> NDArray[np.int64]:
        """Return the positions, rising, of all rows that can be among the ``k`` nearest to a query.

        Parameters
        ----------
        query : float32 array of shape (d,)
            Of length 1.
        k : int
        rows : int64 array, optional
            The rows to choose among, rising; all when not given.

        Notes
        -----
        The cosine of row x is that of its rounded row x' but for ``(x - x') · q``, at most ``|x - x'|``, which is kept
        for each row; and but for rounding the query to 16 bits, half a unit for each code. A row whose upper bound is
        below k lower bounds cannot be among the best k.
        """
        return that_can_be_best(*self.bounds(query), k, rows)

    def bounds(self, query: Floats) -> tuple[Floats, Floats]:
        """Return below and above which numbers the cosine of each row with a query lies, two arrays of shape (n,)."""
        n, d = self._codes.shape
        weights = self._spread * query
        # So large that the sum of all products just fits into 32 bits.
        unit = max(float(np.abs(weights).max()), 1e-30) / min(2**15 - 1, (2**31 - 1) // (_LARGEST_CODE * d))
        whole = np.rint(weights / unit).astype(np.int16)
        slack = np.float32(0.5 * unit * _LARGEST_CODE * d)
        lower, upper = np.empty(n, np.float32), np.empty(n, np.float32)
        with Threads() as threads:
            threads.run(
                _bounds, threads.cut(n), self._codes, self._scales, self._errors, whole, np.float32(unit), slack,
                np.float32(self._center @ query), lower, upper,
            )  # fmt: skip
        return lower, upper


def moments(rows: Floats) -> tuple[Floats, Floats]:
    """Return mean and root of the mean square around it of each dimension of the rows scaled to length 1."""
    sums, squares = np.zeros(rows.shape[1]), np.zeros(rows.shape[1])
    for block in row_blocks(*rows.shape):
        unit = normalize_rows(rows[block])
        sums += unit.sum(axis=0, dtype=np.float64)
        squares += np.square(unit).sum(axis=0, dtype=np.float64)
    mean = sums / len(rows)
    spread = np.sqrt(np.maximum(squares / len(rows) - mean**2, 0))
    # A dimension that hardly varies would make codes of others vanish; its rounding costs next to nothing.
    return mean.astype(np.float32), np.maximum(spread, 1e-3 * max(spread.max(), 1e-6)).astype(np.float32)


def that_can_be_best(lower: Floats, upper: Floats, k: int, rows: NDArray[np.int64] | None) -> NDArray[np.int64]:
    """Return the positions, rising, of those of all or of some rows that ``k`` others do not surpass for sure."""
    if rows is None:
        return np.flatnonzero(upper >= _at_most_kth_largest(lower, k))
    return rows[upper[rows] >= _at_most_kth_largest(lower[rows], k)]


def _at_most_kth_largest(values: Floats, k: int, block: int = 256) -> np.float32:
    """Return the k-th largest of the maxima of blocks, which is at most the k-th largest value, and quickly found."""
    whole = len(values) - len(values) % block
    if whole // block < k:
        return np.partition(values, len(values) - k)[len(values) - k]
    maxima = values[:whole].reshape(-1, block).max(axis=1)
    return np.partition(maxima, len(maxima) - k)[len(maxima) - k]


@compiled
def _bounds(
    first: int, last: int, codes: NDArray[np.int8], scales: Floats, errors: Floats, weights: NDArray[np.int16],
    unit: np.float32, slack: np.float32, offset: np.float32, lower: Floats, upper: Floats,
) -> None:  # fmt: skip
    """Write below and above which numbers the cosines of the rows from ``first`` to ``last`` lie."""
    for row in range(first, last):
        total = np.int32(0)
        for j in range(codes.shape[1]):
            total += np.int32(codes[row, j]) * np.int32(weights[j])
        cosine = offset + scales[row] * unit * np.float32(total)
        error = errors[row] + scales[row] * slack
        lower[row] = cosine - error
        upper[row] = cosine + error
