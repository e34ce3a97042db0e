"""How far a figure might be off because these texts are at hand and not others.

Rows are drawn with replacement as often as there are rows, a thousand times, and every figure is taken again; copies of
a text are drawn together, since they say nothing new. All candidates see the same draws, so that the difference of two
is known better than either of them.

References
----------
B. Efron and R. Tibshirani, "An Introduction to the Bootstrap", 1993, chapters 13 and 16; T. Sakai, "Evaluating
evaluation metrics based on the bootstrap", SIGIR 2006.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from embedlab.classification import CONFIDENCE, wilson_interval

if TYPE_CHECKING:
    from numpy.typing import NDArray

N_RESAMPLES = 1000
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
        Different pairs, queries or texts it was taken from.
    bounds : (float, float)
        Smallest and largest value the figure can have.
    by_formula : (float, float) or None
        The interval, for figures that have one by a formula.
    """

    value: float
    draws: NDArray[np.float64]
    n_rows: int
    bounds: tuple[float, float] = (-np.inf, np.inf)
    by_formula: tuple[float, float] | None = None

    @property
    def interval(self) -> tuple[float, float]:
        """The 95 % interval: by its formula, or the spread of the draws around their mean, moved to the figure.

        Drawing a row twice makes texts seem alike and moves some figures as a whole; that shift says nothing about
        other texts, so it is taken out.
        """
        if self.by_formula is not None:
            return self.by_formula
        ends = np.quantile(self.draws, [(1 - CONFIDENCE) / 2, (1 + CONFIDENCE) / 2])
        low, high = np.clip(ends + self.value - self.draws.mean(), *self.bounds)
        return float(low), float(high)


@dataclass(frozen=True)
class Difference:
    """How much one figure lies below another on the same rows.

    Parameters
    ----------
    value : float
        The other figure minus this one's: negative where this one is worse.
    low, high : float
        The interval; for several candidates held against one, 95 % hold for all of them together. Without ends where
        there are too few rows to say.
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


def estimate(
    n_rows: int,
    statistic: Callable[[NDArray[np.float64]], NDArray[np.float64]],
    groups: NDArray[np.int64] | None = None,
    bounds: tuple[float, float] = (-np.inf, np.inf),
) -> Estimate:
    """Take a figure from all rows and from each draw.

    Parameters
    ----------
    n_rows : int
    statistic : callable
        From counts of shape (r, n_rows), how often each row was drawn, to r figures; all counts 1 for the rows as they
        are. NaN where it is not defined.
    groups : int64 array of shape (n_rows,), optional
        Rows that are drawn together, such as copies of a text.
    bounds : (float, float), default=no bounds
        Smallest and largest value the figure can have.

    Returns
    -------
    Estimate
    """
    numbers = np.arange(n_rows) if groups is None else np.unique(groups, return_inverse=True)[1]
    n_groups = int(numbers.max()) + 1
    value = float(statistic(np.ones((1, n_rows)))[0])
    # Where every row stands alone, the draws are those of the rows, and no copy of them is made.
    spread = slice(None) if n_groups == n_rows else numbers
    draws = np.concatenate([statistic(counts[:, spread]) for counts in _draws(n_groups, n_rows)])
    return Estimate(value, np.where(np.isnan(draws), value, draws), n_groups, bounds)


def mean_estimate(
    values: NDArray[np.float64],
    groups: NDArray[np.int64] | None = None,
    bounds: tuple[float, float] | None = None,
) -> Estimate:
    """Take the mean of one value a row; where the values have bounds, its interval is :func:`wilson_interval`."""
    found = estimate(len(values), lambda counts: counts @ values / counts.sum(axis=1), groups)
    if bounds is None:
        return found
    return replace(found, bounds=bounds, by_formula=wilson_interval(values, groups, bounds))


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
    The interval is Student's, with the standard deviation of the draws: the tails that many comparisons need are beyond
    what a thousand draws show. With n rows of which each speaks for the same one, chance would have them all agree once
    in 2^(n - 1) times; as long as that is more than the error allowed, nothing is said. ``n_needed`` scales the
    variance by 1 / n.
    """
    from scipy.stats import t

    n, value = figure.n_rows, figure.value - reference.value
    apart = figure.draws - reference.draws
    if max(abs(value), float(np.abs(apart).max())) < _ROUNDING:
        return Difference(0.0, 0.0, 0.0, None)
    allowed = (1 - CONFIDENCE) / max(n_compared, 1)
    fewest = int(np.ceil(1 + np.log2(1 / allowed)))
    if n < fewest:
        return Difference(value, -np.inf, np.inf, fewest if value else None)
    error = float(apart.std() * np.sqrt(n / (n - 1)))
    reach = float(t.ppf(1 - allowed / 2, n - 1))
    n_needed = None
    if error and abs(value) > _ROUNDING:
        n_needed = max(fewest, int(np.ceil(n * ((reach + t.ppf(_POWER, n - 1)) * error / value) ** 2)))
    return Difference(value, value - reach * error, value + reach * error, n_needed)


def _draws(n_rows: int, width: int) -> Iterator[NDArray[np.float64]]:
    """Give how often each row is drawn, shape (r, n_rows), always the same; r is what fits ``width`` numbers each."""
    rng = np.random.default_rng(0)
    size = max(1, min(N_RESAMPLES, _BLOCK_ELEMENTS // width))
    for start in range(0, N_RESAMPLES, size):
        n = min(size, N_RESAMPLES - start)
        drawn = rng.integers(n_rows, size=(n, n_rows)) + np.arange(n)[:, None] * n_rows
        yield np.bincount(drawn.ravel(), minlength=n * n_rows).reshape(n, n_rows).astype(np.float64)
