"""Figures of rows that were drawn with replacement, from how often each row was drawn.

A figure is taken for many draws at once, and equals that of the rows written out as often as they were drawn.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]


def weighted_correlation(x: Floats, y: Floats, counts: Floats) -> Floats:
    """Return Pearson's correlation for each draw.

    Parameters
    ----------
    x, y : float array of shape (n,) or (r, n)
    counts : float array of shape (r, n)

    Returns
    -------
    float64 array of shape (r,)
        NaN where all drawn values of ``x`` or of ``y`` are equal.
    """
    total = counts.sum(axis=1, keepdims=True)
    centred_x, centred_y = (z - (counts * z).sum(axis=1, keepdims=True) / total for z in (x, y))
    cross, own_x, own_y = (
        (counts * a * b).sum(axis=1)
        for a, b in ((centred_x, centred_y), (centred_x, centred_x), (centred_y, centred_y))
    )
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where((own_x > 0) & (own_y > 0), cross / np.sqrt(own_x * own_y), np.nan)


def rank_correlation(x: Floats, y: Floats, counts: Floats) -> Floats:
    """Return Spearman's correlation for each draw, shape (r,); ``x`` and ``y`` of shape (n,), ``counts`` (r, n)."""
    return weighted_correlation(_ranks(x, counts), _ranks(y, counts), counts)


def _ranks(values: Floats, counts: Floats) -> Floats:
    """Return the rank of each row among the drawn ones, shape (r, n); equal values share their mean rank."""
    _, groups = np.unique(values, return_inverse=True)
    order = np.argsort(groups, kind="stable")
    starts = np.flatnonzero(np.diff(groups[order], prepend=-1))
    sizes = np.add.reduceat(counts[:, order], starts, axis=1)
    return (sizes.cumsum(axis=1) - (sizes - 1) / 2)[:, groups]


def rand_and_information(
    labels: NDArray[np.int64], reference: NDArray[np.int64]
) -> Callable[[Floats], tuple[Floats, Floats]]:
    """Return a function from counts of shape (r, n) to the adjusted Rand index and the normalised mutual information.

    Parameters
    ----------
    labels, reference : int array of shape (n,)
        Numbers from 0 up.

    Returns
    -------
    callable

    References
    ----------
    L. Hubert and P. Arabie, "Comparing partitions", 1985; ``sklearn.metrics.adjusted_rand_score`` and
    ``normalized_mutual_info_score`` with the arithmetic mean of the entropies.
    """
    from scipy.sparse import csr_array

    n, width = len(labels), int(reference.max()) + 1
    cells, cell_of = np.unique(labels * width + reference, return_inverse=True)
    in_cell = csr_array((np.ones(n), (np.arange(n), cell_of)))
    rows, columns = (np.unique(part, return_inverse=True)[1] for part in np.divmod(cells, width))
    in_row, in_column = (csr_array((np.ones(len(part)), (np.arange(len(part)), part))) for part in (rows, columns))

    def figures(counts: Floats) -> tuple[Floats, Floats]:
        table = counts @ in_cell
        by_row, by_column, total = table @ in_row, table @ in_column, table.sum(axis=1)
        return (
            _adjusted_rand(table, by_row, by_column, total),
            _normalized_information(table, by_row, by_column, total),
        )

    return figures


def _adjusted_rand(table: Floats, by_row: Floats, by_column: Floats, total: Floats) -> Floats:
    together, in_rows, in_columns = ((part * (part - 1) / 2).sum(axis=1) for part in (table, by_row, by_column))
    expected = in_rows * in_columns / (total * (total - 1) / 2)
    most = (in_rows + in_columns) / 2
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(most == expected, 1.0, (together - expected) / (most - expected))


def _normalized_information(table: Floats, by_row: Floats, by_column: Floats, total: Floats) -> Floats:
    of_table, of_rows, of_columns = (_entropy(part, total) for part in (table, by_row, by_column))
    mean = (of_rows + of_columns) / 2
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(mean > 0, (of_rows + of_columns - of_table) / mean, 1.0)


def _entropy(counts: Floats, total: Floats) -> Floats:
    shares = counts / total[:, None]
    return -(shares * np.log(shares, where=shares > 0, out=np.zeros_like(shares))).sum(axis=1)
