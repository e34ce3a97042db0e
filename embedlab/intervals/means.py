"""How far a mean may be off, for few rows, near a bound and with copies, too."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    Floats = NDArray[np.float64]

CONFIDENCE = 0.95
"""How often an interval holds what it says."""

# A mean less than so many rows' worth away from a bound leans on rows at both bounds, half of one each at most.
_LEANING = 5
_LENT = 0.5
_TINY = 1e-12


def mean_interval(
    values: ArrayLike,
    groups: NDArray[np.int64] | None = None,
    bounds: tuple[float, float] = (0.0, 1.0),
    confidence: float = CONFIDENCE,
) -> tuple[float, float]:
    """Return an interval of the mean of numbers between two bounds.

    Parameters
    ----------
    values : array-like of shape (n,)
        Hits (0 or 1), or any numbers within the bounds.
    groups : int array of shape (n,), optional
        Rows of one group count as one draw: copies of a text say nothing new.
    bounds : (float, float), default=(0, 1)
        Smallest and largest possible value.
    confidence : float, default=0.95

    Returns
    -------
    low, high : float
        Within the bounds; both bounds where there is one group alone.

    Notes
    -----
    The interval is that of so many hits and misses as the values are worth, ``p (1 - p) / V`` with p their mean and V
    its variance over the groups, by Clopper and Pearson's formula with half of the probability of what was seen
    ("mid-P"). n hits and misses are worth n. Of other values V is estimated, so that they are worth less by the square
    of the normal over Student's quantile. Few rows near a bound show nothing of the rare ones far from it: while the
    mean is less than five rows' worth away from a bound, up to half a row at each bound is added for V.

    References
    ----------
    A. Agresti and A. Gottard, "Nonconservative exact small-sample inference for discrete data", CSDA 51, 2007; E. Korn
    and B. Graubard, "Confidence intervals for proportions with small expected number of positive counts estimated from
    survey data", Survey Methodology 24, 1998. What the added rows do is measured by ``benchmarks/intervals.py``.

    Examples
    --------
    >>> [round(end, 3) for end in mean_interval([1] * 20)]
    [0.861, 1.0]
    """
    low, high = bounds
    scaled = (np.asarray(values, dtype=np.float64) - low) / (high - low)
    mean = float(np.clip(scaled.mean(), 0, 1))
    ends = share_interval(mean, _worth(*group_sums(scaled, groups), mean, confidence), confidence)
    return low + (high - low) * ends[0], low + (high - low) * ends[1]


def group_sums(values: Floats, groups: NDArray[np.int64] | None) -> tuple[Floats, Floats]:
    """Return the sum of the values of each group and its size, both in units of the mean size, shape (n_groups,)."""
    if groups is None:
        return values, np.ones(len(values))
    numbers = np.unique(groups, return_inverse=True)[1]
    sums, sizes = np.bincount(numbers, values), np.bincount(numbers).astype(np.float64)
    return sums / sizes.mean(), sizes / sizes.mean()


def _worth(sums: Floats, sizes: Floats, mean: float, confidence: float) -> float:
    """Return how many hits and misses would be as sure, from the groups."""
    from scipy.special import ndtri, stdtrit

    n, means = len(sums), sums / sizes
    apart = sums - mean * sizes
    if ((means < _TINY) | (means > 1 - _TINY)).all():
        return float(mean * (1 - mean) / (apart @ apart / n**2)) if apart @ apart > _TINY else float(n)
    if n < 2:
        return _TINY
    lent = _LENT * max(0.0, 1 - n * min(mean, 1 - mean) / _LEANING)
    middle = (n * mean + lent) / (n + 2 * lent)
    squares = apart @ apart + n * (middle - mean) ** 2 + lent * (middle**2 + (1 - middle) ** 2)
    variance = squares / (n - 1 + 2 * lent)
    if variance < _TINY:  # All are equal, halfway between the bounds: each says as much as a hit.
        return float(n)
    upper = (1 + confidence) / 2
    return float(n * middle * (1 - middle) / variance * (ndtri(upper) / stdtrit(n - 1, upper)) ** 2)


def share_interval(mean: float, n: float, confidence: float = CONFIDENCE) -> tuple[float, float]:
    """Return the shares p for which what was seen, or more, or less, is not too rare; n need not be whole.

    Clopper and Pearson's formula with half of the probability of what was seen, for a share ``mean`` of what is worth
    ``n`` hits and misses; see :func:`mean_interval`.
    """
    from scipy.optimize import brentq
    from scipy.special import betainc

    hits, misses, tail = mean * n, (1 - mean) * n, (1 - confidence) / 2

    def seen(p: float) -> float:
        """Probability of more hits than were seen and half of that of as many."""
        at_least = betainc(hits, misses + 1, p) if hits > _TINY else 1.0
        more = betainc(hits + 1, misses, p) if misses > _TINY else 0.0
        return float(at_least + more) / 2

    low = brentq(lambda p: seen(p) - tail, 0, 1) if hits > _TINY and seen(0) < tail else 0.0
    high = brentq(lambda p: seen(p) - 1 + tail, 0, 1) if misses > _TINY and seen(1) > 1 - tail else 1.0
    return float(low), float(high)
