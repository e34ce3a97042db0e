"""Arithmetic on rows that several rooms of the core share: unit length, blocks of bounded memory, the best few."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

BLOCK_ELEMENTS = 2**23
"""Numbers in one block of a similarity matrix: 32 MiB of float32, whatever the number of texts."""

# Numbers of float64 that stay in the cache of a core from one step to the next.
_CACHED_ELEMENTS = 2**16

ROUNDING = 1e-6
"""How far the float32 cosine of two equal embeddings may fall short of 1."""


def normalize_rows(x: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return a copy whose rows have length 1; rows of zeros stay zeros."""
    found = np.empty_like(x)
    step = max(1, _CACHED_ELEMENTS // max(1, x.shape[1]))
    for start in range(0, len(x), step):
        # Squares are summed in float64: in float32 those of very large or small numbers would overflow or vanish.
        rows = x[start : start + step].astype(np.float64)
        norms = np.sqrt(np.einsum("ij,ij->i", rows, rows))
        norms[norms == 0] = 1.0
        rows /= norms[:, None]
        found[start : start + step] = rows
    return found


def as_cosines(
    texts: NDArray[np.float32], queries: NDArray[np.float32]
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Return rows whose cosines are in the order of the dot products: one more number makes all texts equally long."""
    squares = np.einsum("ij,ij->i", texts, texts, dtype=np.float64)
    lacking = np.sqrt(np.maximum(0, squares.max() - squares))
    added = np.zeros(len(queries), dtype=np.float32)
    return np.column_stack([texts, lacking]).astype(np.float32), np.column_stack([queries, added])


def row_blocks(n_rows: int, n_columns: int) -> Iterator[slice]:
    """Cut ``n_rows`` rows of ``n_columns`` numbers into blocks of at most ``BLOCK_ELEMENTS``."""
    step = max(1, BLOCK_ELEMENTS // max(1, n_columns))
    for start in range(0, n_rows, step):
        yield slice(start, min(start + step, n_rows))


def top_positions(values: NDArray[np.float32], k: int) -> NDArray[np.int64]:
    """Return the positions of the ``k`` largest values, best first, equal ones by position."""
    chosen = np.arange(len(values))
    if k < len(values):
        last = np.partition(values, len(values) - k)[len(values) - k]
        better = np.flatnonzero(values > last)
        chosen = np.concatenate([better, np.flatnonzero(values == last)[: k - len(better)]])
    return chosen[np.argsort(-values[chosen], kind="stable")]


def sample_positions(n_rows: int, size: int, random_state: int) -> NDArray[np.int64]:
    """Return at most ``size`` different positions out of ``n_rows``, rising; all of them where they fit."""
    if n_rows <= size:
        return np.arange(n_rows)
    return np.sort(np.random.default_rng(random_state).choice(n_rows, size, replace=False))


def segment_means(x: NDArray[np.float32], order: NDArray[np.int64], edges: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return the mean of the rows, scaled to length 1, of each run of the order between two edges, shape (runs, d)."""
    means = np.zeros((len(edges) - 1, x.shape[1]))
    for mean, start, stop in zip(means, edges[:-1].tolist(), edges[1:].tolist(), strict=True):
        for part in row_blocks(stop - start, x.shape[1]):
            unit = normalize_rows(x[order[start:stop][part]])
            # A product adds up in float32 as precisely as a sum in pairs; numpy's own sum over rows does not.
            mean += np.ones(len(unit), dtype=np.float32) @ unit
        mean /= stop - start
    return means
