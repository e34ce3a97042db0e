"""How rows spread: over how many dimensions, and how evenly over the sphere."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

from embedlab.compute import Threads
from embedlab.rows import normalize_rows, row_blocks
from embedlab.validation import as_embeddings

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

# Threads that have a block each take as much memory together as one block does elsewhere, on so many cores.
_SHARES = 8
# Spread below which only last digits differ.
_TINY = 1e-12


def effective_dimension(embeddings: ArrayLike) -> float:
    """Return over how many dimensions the rows spread, were they to spread evenly over these and not at all elsewhere.

    Parameters
    ----------
    embeddings : array-like of shape (n, d)

    Returns
    -------
    float
        The participation ratio ``(Σ λ)² / Σ λ²`` of the eigenvalues λ of the covariance of the rows, scaled to length
        1: from 1 to the lesser of d and n - 1. NaN for one row, and for rows that are all equal.

    Notes
    -----
    No eigenvalue is computed: their sum is the trace of the covariance, and that of their squares the sum of the
    squares of its elements. Where there are fewer rows than dimensions, the products of the centred rows with each
    other have the same eigenvalues. Few rows look flatter than more of the same kind: n should be several times the
    result.

    References
    ----------
    P. Gao et al., "A theory of multineuronal dimensionality, dynamics and measurement", bioRxiv 214262, 2017.

    Examples
    --------
    >>> round(effective_dimension([[1.0, 0.0], [-1.0, 0.0], [0.0, 1.0], [0.0, -1.0]]), 6)
    2.0
    """
    unit = normalize_rows(as_embeddings(embeddings))
    # Centred first: of rows that lie close together, products that are not would hold little but rounding.
    mean = unit.mean(axis=0, dtype=np.float64)
    products = _products((unit - mean).astype(np.float32))
    trace = float(np.trace(products))
    if trace <= _TINY * len(unit):
        return float("nan")
    return trace**2 / float(np.square(products).sum())


def _products(rows: NDArray[np.float32]) -> NDArray[np.float64]:
    """Return the products of the columns with each other, or those of the rows where there are fewer of these."""
    if len(rows) < rows.shape[1]:
        rows = np.ascontiguousarray(rows.T)
    products = np.zeros((rows.shape[1], rows.shape[1]))
    with Threads() as threads:
        for part in threads.each(lambda at: rows[at].T @ rows[at], row_blocks(len(rows), _SHARES * rows.shape[1])):
            products += part
    return products


def uniformity(embeddings: ArrayLike, *, progress: Callable[[int, int], None] | None = None) -> float:
    """Return how evenly the rows lie on the sphere, over all pairs of them.

    Parameters
    ----------
    embeddings : array-like of shape (n, d)
    progress : callable, default=None
        Called with the rows done and all rows; what it raises ends the work.

    Returns
    -------
    float
        ``log mean exp(-2 |u - v|²)`` over the pairs of rows u and v of length 1: 0 where all are one point, at least
        -8; rows spread evenly in many dimensions come near -4, where all cosines are 0. NaN for a single row.

    References
    ----------
    T. Wang and P. Isola, "Understanding Contrastive Representation Learning through Alignment and Uniformity on the
    Hypersphere", ICML 2020; equal to the authors' ``lunif`` with t = 2.

    Examples
    --------
    >>> [round(uniformity(pair), 3) for pair in ([[1.0, 0.0], [-1.0, 0.0]], [[2.0, 0.0], [0.0, 1.0]])]
    [-8.0, -4.0]
    """
    unit = normalize_rows(as_embeddings(embeddings))
    if len(unit) < 2:
        return float("nan")
    total = 0.0

    def add_up(rows: slice) -> tuple[int, float]:
        block = unit[rows] @ unit[rows.start :].T
        block -= 1.0
        block *= 4.0  # |u - v|² is 2 - 2 times the cosine
        np.exp(block, out=block)
        below = block[np.tril_indices(len(block))]  # a row with itself, and pairs seen from the other side
        return rows.stop, float(block.sum(dtype=np.float64) - below.sum(dtype=np.float64))

    with Threads() as threads:
        for done, part in threads.each(add_up, row_blocks(len(unit), _SHARES * len(unit))):
            total += part
            if progress is not None:
                progress(done, len(unit))
    return float(np.log(total / (len(unit) * (len(unit) - 1) / 2)))
