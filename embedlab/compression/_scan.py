"""One query against codes as they lie in memory: the loops of a search, read once and never written out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from embedlab.compute import compiled

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]


@compiled
def add_weighted(first: int, last: int, codes: NDArray, weights: Floats, offset: np.float32, found: Floats) -> None:
    """Write the offset and the products of codes and weights, added up, for the rows from ``first`` to ``last``."""
    for row in range(first, last):
        total = np.float32(0)
        for j in range(codes.shape[1]):
            total += np.float32(codes[row, j]) * weights[j]
        found[row] = offset + total


@compiled
def add_looked_up(first: int, last: int, codes: NDArray[np.uint8], table: Floats, found: Floats) -> None:
    """Write what a table of shape (n_parts, 256) says of each code, added up."""
    for row in range(first, last):
        total = np.float32(0)
        for part in range(codes.shape[1]):
            total += table[part, codes[row, part]]
        found[row] = total
