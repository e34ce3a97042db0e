"""How the cosines of all pairs are spread, without the matrix."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import sqrt
from typing import TYPE_CHECKING

import numpy as np

from embedlab.compute import Threads
from embedlab.rows import normalize_rows, row_blocks, sample_positions
from embedlab.validation import as_embeddings, check_integer, check_random_state

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

MAX_EXACT_ROWS = 20_000
"""Up to so many rows every pair is counted: 200 million pairs, some seconds on two cores."""

_SAMPLED_ROWS = 6_000
# Threads that have a block each take as much memory together as one block does elsewhere, on so many cores.
_SHARES = 8


@dataclass(frozen=True, eq=False)
class SimilarityHistogram:
    """How the cosines of the pairs of different rows are spread.

    Parameters
    ----------
    counts : int64 array of shape (bins,)
        Pairs counted in each bin.
    edges : float64 array of shape (bins + 1,)
        From -1 to 1, even, so that two histograms can be compared.
    mean, std : float
        Of all pairs, exact at any size; NaN for a single row.
    exact : bool
        Whether all pairs were counted, or those of a sample of the rows.
    n_pairs : int
        Pairs that were counted, the sum of ``counts``.
    standard_error : float
        How far the mean of the counted pairs typically lies from that of all: 0 where all were counted.
    """

    counts: NDArray[np.int64]
    edges: NDArray[np.float64]
    mean: float
    std: float
    exact: bool
    n_pairs: int
    standard_error: float


def similarity_histogram(
    embeddings: ArrayLike,
    bins: int = 100,
    *,
    random_state: int = 0,
    progress: Callable[[int, int], None] | None = None,
) -> SimilarityHistogram:
    """Count how many pairs of rows are how similar.

    Parameters
    ----------
    embeddings : array-like of shape (n, d)
    bins : int, default=100
        Bins between -1 and 1. Each holds its lower edge, up to rounding; the last one 1 as well.
    random_state : int, default=0
        Seed of the sample that is taken from more than ``MAX_EXACT_ROWS`` rows.
    progress : callable, default=None
        Called with the rows done and all that are counted; what it raises ends the work.

    Returns
    -------
    SimilarityHistogram

    Raises
    ------
    InvalidInputError
        For ``bins`` below 1.

    Notes
    -----
    Mean and spread need no pairs. With u of length 1 and U the matrix of the rows, the cosines of all ordered pairs,
    each row with itself among them, add up to ``|sum(u)|²``, and their squares to ``|UᵀU|²`` (Frobenius): O(n d²).

    The pairs among sampled rows are not independent, since each row stands in many. The variance of their mean is,
    for m of n rows, ``4 / m (1 - m / n) Var(h)``, where h is the mean cosine of a row to the others (Hoeffding 1948,
    the first term, with the correction for sampling without replacement); h is known for all rows.

    References
    ----------
    W. Hoeffding, "A class of statistics with asymptotically normal distribution", 1948.
    """
    unit = normalize_rows(as_embeddings(embeddings))
    check_integer(bins, "bins", 1)
    n_rows, counted = len(unit), unit
    mean, std, row_means = cosine_moments(unit)
    if n_rows > MAX_EXACT_ROWS:
        counted = unit[sample_positions(n_rows, _SAMPLED_ROWS, check_random_state(random_state))]
    counts = _count(counted, bins, progress)
    left_out = 1 - len(counted) / n_rows
    error = sqrt(4 / len(counted) * left_out * float(np.var(row_means))) if left_out else 0.0
    return SimilarityHistogram(
        counts, np.linspace(-1.0, 1.0, bins + 1), mean, std, not left_out, int(counts.sum()), error
    )


def cosine_moments(unit: NDArray[np.float32]) -> tuple[float, float, NDArray[np.float64]]:
    """Return mean and spread of the cosines of all pairs of rows of length 1, and the mean of each row to the others.

    Exact and without the pairs, as the notes of :func:`similarity_histogram` say; NaN for a single row.
    """
    n_rows, width = unit.shape
    if n_rows < 2:
        return np.nan, np.nan, np.full(n_rows, np.nan)
    total, gram = np.zeros(width), np.zeros((width, width))

    def sums(rows: slice) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        return np.ones(rows.stop - rows.start, dtype=np.float32) @ unit[rows], unit[rows].T @ unit[rows]

    with Threads() as threads:
        for of_rows, of_squares in threads.each(sums, row_blocks(n_rows, width)):
            total += of_rows
            gram += of_squares
    itself = unit.any(axis=1).astype(np.float64)  # the cosine of a row with itself
    n_ordered = n_rows * (n_rows - 1)
    mean = float((total @ total - itself.sum()) / n_ordered)
    square = float((np.square(gram).sum() - itself.sum()) / n_ordered)
    return mean, sqrt(max(0.0, square - mean**2)), (unit @ total - itself) / (n_rows - 1)


def _count(unit: NDArray[np.float32], bins: int, progress: Callable[[int, int], None] | None) -> NDArray[np.int64]:
    """Count the pairs of different rows in each bin."""
    counts = np.zeros(bins + 1, dtype=np.int64)

    def count(rows: slice) -> tuple[int, NDArray[np.int64]]:
        block = unit[rows] @ unit[rows.start :].T
        block += 1.0
        block *= bins / 2
        numbers = np.maximum(block, 0.0, out=block).astype(np.int32)
        below = numbers[np.tril_indices(len(numbers))]  # a row with itself, and pairs seen from the other side
        return rows.stop, np.bincount(numbers.ravel(), minlength=bins + 1) - np.bincount(below, minlength=bins + 1)

    with Threads() as threads:
        for done, found in threads.each(count, row_blocks(len(unit), _SHARES * len(unit))):
            counts += found
            if progress is not None:
                progress(done, len(unit))
    counts[bins - 1] += counts[bins]  # a cosine of 1 is the end of the last bin
    return counts[:bins]
