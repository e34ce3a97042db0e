"""Pairs counted again where what they come from is drawn with replacement."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

from embedlab.compute import Threads, compiled
from embedlab.rows import ROUNDING
from embedlab.thresholds.cosines import N_DRAWS, STEP, THRESHOLDS, Side

if TYPE_CHECKING:
    from numpy.typing import NDArray

# Draws that are counted at once.
_PART = 20


def side_of(
    cosines: NDArray[np.float32],
    first: NDArray[np.int64],
    second: NDArray[np.int64],
    n_units: int,
    report: Callable[[int], None],
) -> Side:
    """Count the cosines of some pairs, as they are and in draws of the units of their texts."""
    places = np.floor((cosines.astype(np.float64) + 1.0 + ROUNDING) / STEP)
    bins = np.clip(places, 0, len(THRESHOLDS) - 1).astype(np.int32)
    counts = np.bincount(bins, minlength=len(THRESHOLDS)).astype(np.int64)
    draws = drawn_shares(first.astype(np.int32), second.astype(np.int32), bins, n_units, len(THRESHOLDS), report)
    return Side(counts, len(np.union1d(first, second)), draws)


def drawn_shares(
    first: NDArray[np.int32],
    second: NDArray[np.int32],
    bins: NDArray[np.int32],
    n_units: int,
    n_bins: int,
    report: Callable[[int], None],
) -> NDArray[np.float32]:
    """Return for each draw the share of the pairs that reach each bin.

    A pair of two units comes as often as the one was drawn times the other; a pair within one unit as often as that.

    Parameters
    ----------
    first, second : int32 arrays of shape (m,)
        Units of the two texts of each pair.
    bins : int32 array of shape (m,)
        Bin of the cosine of each pair.
    n_units, n_bins : int
    report : callable
        Called with the draws done.

    Returns
    -------
    float32 array of shape (N_DRAWS, n_bins)
        NaN where a draw has no pair at all.
    """

    def count(part: int) -> NDArray[np.float32]:
        rng = np.random.default_rng([0, part])
        counts = np.zeros((_PART, n_bins), dtype=np.int64)
        for row in counts:
            drawn = np.bincount(rng.integers(n_units, size=n_units), minlength=n_units)
            _add_pairs(first, second, bins, drawn, row)
        reached = counts[:, ::-1].cumsum(axis=1)[:, ::-1]
        with np.errstate(invalid="ignore"):
            return (reached / reached[:, :1]).astype(np.float32)

    parts = []
    with Threads() as threads:
        for part in threads.each(count, range(N_DRAWS // _PART)):
            parts.append(part)
            report(_PART * len(parts))
    return np.concatenate(parts)


@compiled
def _add_pairs(
    first: NDArray[np.int32],
    second: NDArray[np.int32],
    bins: NDArray[np.int32],
    drawn: NDArray[np.int64],
    counts: NDArray[np.int64],
) -> None:
    """Add to the count of each bin how often its pairs were drawn."""
    for pair in range(len(first)):
        a, b = first[pair], second[pair]
        counts[bins[pair]] += drawn[a] if a == b else drawn[a] * drawn[b]
