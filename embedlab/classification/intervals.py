"""How far a mean of numbers between two bounds may be off, for few rows and near a bound, too."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

CONFIDENCE = 0.95


def wilson_interval(
    values: ArrayLike, groups: NDArray[np.int64] | None = None, bounds: tuple[float, float] = (0.0, 1.0)
) -> tuple[float, float]:
    """Return the 95 % interval of a mean by Wilson's formula, for as many rows as the values are worth.

    Parameters
    ----------
    values : array-like of shape (n,)
        Hits, or any numbers within the bounds.
    groups : int array of shape (n,), optional
        Rows of one group count as one draw: copies of a text say nothing new.
    bounds : (float, float), default=(0, 1)
        Smallest and largest possible value.

    Returns
    -------
    low, high : float
        Within the bounds.

    Notes
    -----
    With p the mean on the scale from 0 to 1 and V its variance over the groups, ``p (1 - p) / V`` draws of hits or
    misses would be as sure; for hits without groups that is n. Where all values are equal, each group counts as one.

    References
    ----------
    E. B. Wilson, "Probable inference, the law of succession, and statistical inference", JASA 22, 1927; for groups
    E. Korn and B. Graubard, "Confidence intervals for proportions with small expected number of positive counts
    estimated from survey data", Survey Methodology 24, 1998.

    Examples
    --------
    >>> [round(end, 3) for end in wilson_interval([1] * 20)]
    [0.839, 1.0]
    """
    from scipy.stats import norm

    low, high = bounds
    scaled = (np.asarray(values, dtype=np.float64) - low) / (high - low)
    n, mean = len(scaled), float(scaled.mean())
    sums = np.bincount(np.unique(groups, return_inverse=True)[1] if groups is not None else np.arange(n), scaled - mean)
    variance = float(sums @ sums) / n**2
    n_worth = mean * (1 - mean) / variance if variance > 1e-12 else float(len(sums))
    z = float(norm.ppf((1 + CONFIDENCE) / 2))
    middle = (mean + z**2 / (2 * n_worth)) / (1 + z**2 / n_worth)
    reach = z / (1 + z**2 / n_worth) * np.sqrt(mean * (1 - mean) / n_worth + z**2 / (4 * n_worth**2))
    ends = np.clip([middle - reach, middle + reach], 0, 1) * (high - low) + low
    return float(ends[0]), float(ends[1])
