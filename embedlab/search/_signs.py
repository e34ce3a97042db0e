"""Rows of one bit a dimension, compared with a query of four: a search reads a thirty-second of the bytes.

A row is written as ``center + scale * signs``, with +1 or -1 for each dimension. A query is rounded to sixteen steps,
the four binary digits of which are four vectors of signs of their own. The product of two vectors of signs is their
number of dimensions less twice the bits in which they differ, and processors count bits 64 at a time.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from embedlab.compute import Threads, compiled, count_ones
from embedlab.rows import normalize_rows, row_blocks
from embedlab.search._codes import moments, that_can_be_best

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats: TypeAlias = NDArray[np.float32]
    Words: TypeAlias = NDArray[np.uint64]

# Rows are counted in blocks of so many, always the same ones: an estimate has the same bits on any number of threads.
_BLOCK = 256
_DIGITS = 4
_MIDDLE = (2**_DIGITS - 1) / 2


class Signs:
    """Rows of length 1, of which the signs around their mean are kept, and one length each.

    Parameters
    ----------
    rows : float32 array of shape (n, d)
        Of any length; read block by block, and not kept.
    places : int64 array of shape (n,), optional
        The row that stands for each; each for itself when not given.

    Notes
    -----
    ``scale`` is ``|r|² / sum(|r|)`` for a row ``r`` from the centre, so that ``scale * signs · r`` is ``|r|²``: the
    estimated cosine of a row with itself is right, and with others not too small, as the nearest signs would make it.

    References
    ----------
    J. Gao and C. Long, "RaBitQ: Quantizing High-Dimensional Vectors with a Theoretical Error Bound for Approximate
    Nearest Neighbor Search", SIGMOD 2024, without its rotation.
    """

    def __init__(self, rows: Floats, places: NDArray[np.int64] | None = None) -> None:
        self._n, self._d = rows.shape
        n_blocks = -(-self._n // _BLOCK)
        self._scales = np.zeros((n_blocks, _BLOCK), np.float32)
        words = np.zeros((n_blocks * _BLOCK, -(-self._d // 64)), np.uint64)
        center, _ = moments(rows)
        for block in row_blocks(self._n, self._d):
            unit = normalize_rows(rows[block if places is None else places[block]]) - center
            words[block] = _packed(unit > 0)
            sums = np.abs(unit).sum(axis=1)
            self._scales.ravel()[block] = np.square(unit).sum(axis=1) / np.where(sums == 0, 1, sums)
        self._words = np.ascontiguousarray(words.reshape(n_blocks, _BLOCK, -1).transpose(0, 2, 1))

    @property
    def nbytes(self) -> int:
        """Memory of the signs and lengths, in bytes."""
        return self._words.nbytes + self._scales.nbytes

    def candidates(self, query: Floats, k: int, rows: NDArray[np.int64] | None = None) -> NDArray[np.int64]:
        """Return the positions, rising, of the ``k`` rows that seem nearest to a query, or of some more.

        Parameters
        ----------
        query : float32 array of shape (d,)
            Of length 1.
        k : int
        rows : int64 array, optional
            The rows to choose among, rising; all when not given.
        """
        seeming = self.estimates(query)
        return that_can_be_best(seeming, seeming, k, rows)

    def estimates(self, query: Floats) -> Floats:
        """Return for each row about its cosine with a query less that of the centre, shape (n,)."""
        step = max(float(np.abs(query).max()), 1e-30) / _MIDDLE
        steps = np.clip(np.rint(query / step + _MIDDLE), 0, 2**_DIGITS - 1).astype(np.uint8)
        digits = _packed((steps >> np.arange(_DIGITS, dtype=np.uint8)[:, None]) & 1)
        found = np.empty(self._scales.shape, np.float32)
        with Threads() as threads:
            threads.run(
                _estimates, threads.cut(len(self._words)), self._words, self._scales, digits,
                np.float32(step), np.float32(_MIDDLE * self._d), found,
            )  # fmt: skip
        return found.ravel()[: self._n]


def _packed(bits: NDArray[Any]) -> Words:
    """Return rows of bits in words of 64, the last one filled up with zeros."""
    n, d = bits.shape
    whole = np.zeros((n, -(-d // 64) * 8), np.uint8)
    whole[:, : -(-d // 8)] = np.packbits(bits.astype(bool), axis=1)
    return whole.view(np.uint64)


@compiled
def _estimates(
    first: int, last: int, words: Words, scales: Floats, digits: Words, step: np.float32, most: np.float32,
    found: Floats,
) -> None:  # fmt: skip
    """Write the estimates of the blocks of rows from ``first`` to ``last``."""
    differing = np.empty(words.shape[2], np.int64)
    for block in range(first, last):
        differing[:] = 0
        for w in range(words.shape[1]):
            # All four digits at once, so that a word is read once.
            ones, twos, fours, eights = digits[0, w], digits[1, w], digits[2, w], digits[3, w]
            for i in range(words.shape[2]):
                word = words[block, w, i]
                low = count_ones(word ^ ones) + (count_ones(word ^ twos) << 1)
                differing[i] += low + (count_ones(word ^ fours) << 2) + (count_ones(word ^ eights) << 3)
        for i in range(words.shape[2]):
            found[block, i] = scales[block, i] * step * (most - np.float32(differing[i]))
