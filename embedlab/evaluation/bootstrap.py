"""How far a figure might be off because these texts are at hand and not others.

Rows are drawn with replacement as often as there are rows, a thousand times, and every figure is taken again. All
candidates see the same draws, so that the difference of two is known better than either of them.

References
----------
B. Efron and R. Tibshirani, "An Introduction to the Bootstrap", 1993, chapters 13 and 16; T. Sakai, "Evaluating
evaluation metrics based on the bootstrap", SIGIR 2006.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

N_RESAMPLES = 1000
_CONFIDENCE = 0.95
_POWER = 0.8
# Two ways to the same vectors differ in the last digits.
_ROUNDING = 1e-6
# Counts in one block of draws: 32 MiB of float64.
_BLOCK_ELEMENTS = 2**22


@dataclass(frozen=True, eq=False)
class Estimate:
    """A figure with what it came to in each draw.

    Parameters
    ----------
    value : float
    draws : float64 array of shape (N_RESAMPLES,)
    n_rows : int
        Pairs, queries or texts it was taken from.
    """

    value: float
    draws: NDArray[np.float64]
    n_rows: int

    @property
    def interval(self) -> tuple[float, float]:
        """The 95 % interval: the spread of the draws around their mean, moved to the figure.

        Drawing a row twice makes texts seem alike and moves some figures as a whole; that shift says nothing about
        other texts, so it is taken out.
        """
        low, high = np.quantile(self.draws, [(1 - _CONFIDENCE) / 2, (1 + _CONFIDENCE) / 2])
        shift = self.value - self.draws.mean()
        return float(low + shift), float(high + shift)


@dataclass(frozen=True)
class Difference:
    """How much one figure lies below another on the same rows.

    Parameters
    ----------
    value : float
        The other figure minus this one's: negative where this one is worse.
    low, high : float
        The interval; for several candidates held against one, 95 % hold for all of them together.
    n_needed : int or None
        Rows with which a difference of this size would be seen four times out of five; None where there is none.
    """

    value: float
    low: float
    high: float
    n_needed: int | None

    @property
    def is_clear(self) -> bool:
        """Whether the two can be told apart with these rows."""
        return self.low > 0 or self.high < 0


def estimate(n_rows: int, statistic: Callable[[NDArray[np.float64]], NDArray[np.float64]]) -> Estimate:
    """Take a figure from all rows and from each draw.

    Parameters
    ----------
    n_rows : int
    statistic : callable
        From counts of shape (r, n_rows), how often each row was drawn, to r figures; all counts 1 for the rows as they
        are. NaN where it is not defined.

    Returns
    -------
    Estimate
    """
    value = float(statistic(np.ones((1, n_rows)))[0])
    draws = np.concatenate([statistic(counts) for counts in _draws(n_rows)])
    return Estimate(value, np.where(np.isnan(draws), value, draws), n_rows)


def mean_estimate(values: NDArray[np.float64]) -> Estimate:
    """Take the mean of one value a row."""
    return estimate(len(values), lambda counts: counts @ values / len(values))


def difference(figure: Estimate, reference: Estimate, n_compared: int = 1) -> Difference:
    """Hold a figure against another one from the same rows.

    Parameters
    ----------
    figure, reference : Estimate
    n_compared : int, default=1
        How many figures are held against this reference; the interval is widened so that 95 % hold for all of them.

    Returns
    -------
    Difference

    Notes
    -----
    The interval is normal, with the standard deviation of the draws: the tails that many comparisons need are beyond
    what a thousand draws show. ``n_needed`` scales the variance by 1 / n.
    """
    from scipy.stats import norm

    value = figure.value - reference.value
    if abs(value) < _ROUNDING:
        return Difference(0.0, 0.0, 0.0, None)
    error = float((figure.draws - reference.draws).std())
    reach = float(norm.ppf(1 - (1 - _CONFIDENCE) / (2 * max(n_compared, 1))))
    n_needed = None
    if error:
        n_needed = int(np.ceil(figure.n_rows * ((reach + norm.ppf(_POWER)) * error / value) ** 2))
    return Difference(value, value - reach * error, value + reach * error, n_needed)


def _draws(n_rows: int) -> Iterator[NDArray[np.float64]]:
    """Give how often each row is drawn, shape (r, n_rows), always in the same draws."""
    rng = np.random.default_rng(0)
    size = max(1, min(N_RESAMPLES, _BLOCK_ELEMENTS // n_rows))
    for start in range(0, N_RESAMPLES, size):
        n = min(size, N_RESAMPLES - start)
        drawn = rng.integers(n_rows, size=(n, n_rows)) + np.arange(n)[:, None] * n_rows
        yield np.bincount(drawn.ravel(), minlength=n * n_rows).reshape(n, n_rows).astype(np.float64)
