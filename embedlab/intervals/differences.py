"""Whether two figures can be told apart, and how many rows that would take."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from embedlab.compute import one_blas_thread
from embedlab.intervals.estimates import FEWEST_RESAMPLED, Estimate, MeanEstimate, ResampledEstimate
from embedlab.intervals.means import CONFIDENCE, group_sums

if TYPE_CHECKING:
    from numpy.typing import NDArray

_POWER = 0.8
_MOST_ROWS = 10**9
# Two ways to the same vectors differ in the last digits.
_ROUNDING = 1e-6
# Differences that stand in fewer rows than this lean on rows in which each of the two is better by all there is.
_LEANING = 4


@dataclass(frozen=True)
class Difference:
    """How much one figure lies below another.

    Parameters
    ----------
    value : float
        The other figure minus this one's: negative where this one is worse.
    low, high : float
        The interval; for several comparisons, 95 % hold for all of them together. Without ends where there are too few
        rows to say.
    n_needed : int or None
        Rows with which a difference of this size would be seen four times out of five; None where there is none.
    """

    value: float
    low: float
    high: float
    n_needed: int | None = None

    @property
    def is_clear(self) -> bool:
        """Whether the two can be told apart with these rows."""
        return self.low > 0 or self.high < 0

    @property
    def told_apart(self) -> str:
        """The same in a word, as tables have it: ``"yes"``, ``"no"`` or ``"too few to say"``."""
        if not np.isfinite(self.low):
            return "too few to say"
        return "yes" if self.is_clear else "no"


@dataclass(frozen=True)
class _Spread:
    """The differences of n rows, from which those of other numbers of rows are foretold.

    ``error`` is their standard deviation, ``n_speaking`` in how many rows they stand, and ``span`` the largest there
    can be; with a span of 0 no rows are lent.
    """

    n: int
    value: float
    error: float
    n_speaking: float
    span: float

    def reach(self, n: int, allowed: float) -> tuple[float, float]:
        """Return the middle of the interval and how far it reaches, with n rows."""
        from scipy.special import stdtrit

        lent = max(0.0, 1 - self.n_speaking * n / self.n / _LEANING) if self.span else 0.0
        middle = n * self.value / (n + 2 * lent)
        squares = (n - 1) * self.error**2 + n * (self.value - middle) ** 2 + 2 * lent * (self.span**2 + middle**2)
        error = np.sqrt(squares / (n - 1 + 2 * lent) / (n + 2 * lent))
        return middle, float(error * stdtrit(n - 1, 1 - allowed / 2))

    def n_needed(self, allowed: float) -> int | None:
        """Return the rows with which the difference would be seen four times out of five."""
        if abs(self.value) <= _ROUNDING:
            return None

        def is_enough(n: int) -> bool:
            middle, reach = self.reach(n, allowed)
            return abs(middle) >= reach + self.reach(n, 2 * (1 - _POWER))[1]

        fewest = most = _fewest(allowed)
        while not is_enough(most) and most < _MOST_ROWS:
            fewest, most = most, 2 * most
        while most - fewest > 1:
            middle = (fewest + most) // 2
            fewest, most = (fewest, middle) if is_enough(middle) else (middle, most)
        return most


@one_blas_thread
def difference(figure: Estimate, reference: Estimate, n_comparisons: int = 1) -> Difference:
    """Hold a figure against another one from the same rows.

    Parameters
    ----------
    figure, reference : Estimate
    n_comparisons : int, default=1
        How many pairs of figures are held against each other; the interval is widened so that 95 % hold for all of them
        (Bonferroni). Where the best of k is found by looking, that is all k (k - 1) / 2 pairs.

    Returns
    -------
    Difference

    Notes
    -----
    The interval is Student's. Of means it is taken from the differences d of the rows; while these stand in fewer than
    four rows, ``sum(d²)² / sum(d⁴)``, up to one row each is added in which the one and the other is better by all there
    can be, as is advised for hits. Of other figures it is taken from the draws, which are the same for both. With n
    rows of which each speaks for the same one, chance would have them all agree once in 2^(n - 1) times; as long as
    that is more than the error allowed, nothing is said.

    References
    ----------
    A. Agresti and Y. Min, "Simple improved confidence intervals for comparing matched proportions", Statistics in
    Medicine 24, 2005.
    """
    value = figure.value - reference.value
    allowed = (1 - CONFIDENCE) / max(n_comparisons, 1)
    fewest = _fewest(allowed)
    if isinstance(figure, ResampledEstimate):
        fewest = max(fewest, FEWEST_RESAMPLED)
        if not figure.has_interval:
            return Difference(value, -np.inf, np.inf)
    spread = _spread(figure, reference)
    if spread.n < fewest:
        return Difference(value, -np.inf, np.inf, fewest if abs(value) > _ROUNDING else None)
    middle, reach = spread.reach(spread.n, allowed)
    n_needed = spread.n_needed(allowed)
    return Difference(value, middle - reach, middle + reach, n_needed and max(n_needed, fewest))


def difference_of_parts(part: Estimate, rest: Estimate, n_comparisons: int = 1) -> Difference:
    """Hold the figure of some rows against that of the others.

    Parameters
    ----------
    part, rest : Estimate
        From different rows.
    n_comparisons : int, default=1
        As for :func:`difference`.

    Returns
    -------
    Difference
        Of the part minus the rest.

    Notes
    -----
    The two intervals are put together by the squares of their reaches.

    References
    ----------
    G. Y. Zou and A. Donner, "Construction of confidence limits about effect measures: a general approach", Statistics
    in Medicine 27, 2008.
    """
    value = part.value - rest.value
    confidence = 1 - (1 - CONFIDENCE) / max(n_comparisons, 1)
    one, other = part.interval_at(confidence), rest.interval_at(confidence)
    if one is None or other is None or np.isnan(value):
        return Difference(value, -np.inf, np.inf)
    low = value - np.hypot(part.value - one[0], other[1] - rest.value)
    high = value + np.hypot(one[1] - part.value, rest.value - other[0])
    return Difference(value, float(low), float(high))


def _spread(figure: Estimate, reference: Estimate) -> _Spread:
    if isinstance(figure, MeanEstimate) and isinstance(reference, MeanEstimate):
        apart = figure.values - reference.values
        taken = ~np.isnan(apart)
        low, high = figure.bounds
        return _spread_of_rows(*group_sums(apart[taken], figure.groups[taken]), span=high - low)
    assert isinstance(figure, ResampledEstimate)
    assert isinstance(reference, ResampledEstimate)
    n = figure.n_rows
    error = float((figure.draws - reference.draws).std() * n / np.sqrt(max(n - 1, 1)))
    return _Spread(n, figure.value - reference.value, error, n, 0.0)


def _spread_of_rows(sums: NDArray[np.float64], sizes: NDArray[np.float64], span: float) -> _Spread:
    """Take it from the differences of the groups of rows, as :func:`group_sums` gives them."""
    n, value = len(sums), float(sums.mean()) if len(sums) else 0.0
    squares = sums**2
    apart = sums - value * sizes
    error = float(np.sqrt(apart @ apart / max(n - 1, 1)))
    fourth = float(squares @ squares)
    return _Spread(n, value, error, float(squares.sum()) ** 2 / fourth if fourth > _ROUNDING**4 else 0.0, span)


def _fewest(allowed: float) -> int:
    """Return the rows of which all would agree by chance no more often than the error allowed."""
    return int(np.ceil(1 + np.log2(1 / allowed)))
