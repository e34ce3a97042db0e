"""Figures with the rows they were taken from, so that they can be held against each other and taken of a part."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Protocol

import numpy as np

from embedlab.compute import Threads
from embedlab.intervals.means import CONFIDENCE, mean_interval

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

N_RESAMPLES = 1000
FEWEST_RESAMPLED = 10
"""Different rows below which a resampled figure gets no interval: rows that all agree by chance are too common."""

# Threads share the draws by so many, and look at so many counts at once: 4 MiB of float64.
DRAWS_OF_PART = 10
_BLOCK_ELEMENTS = 2**19
_TINY = 1e-9
# How many of normal numbers lie more than a standard deviation below their mean.
_ONE_ERROR_BELOW = 0.15866


class Estimate(Protocol):
    """A figure of some rows, such as pairs, questions or texts.

    ``value`` is the figure, NaN where it is not defined; ``values`` has what each row adds, shape (n,), NaN for rows it
    was not taken of, or is None where rows add nothing of their own; ``groups`` numbers the rows that are drawn
    together, shape (n,).
    """

    @property
    def value(self) -> float: ...  # noqa: D102
    @property
    def values(self) -> NDArray[np.float64] | None: ...  # noqa: D102
    @property
    def groups(self) -> NDArray[np.int64]: ...  # noqa: D102
    @property
    def n_rows(self) -> int:
        """Different rows: those of one group count as one."""

    def interval_at(self, confidence: float) -> tuple[float, float] | None:
        """Return the interval; None where there are too few rows to say."""

    @property
    def interval(self) -> tuple[float, float] | None:
        """The 95 % interval; None where there are too few rows to say."""

    def within(self, is_chosen: NDArray[np.bool_]) -> Estimate:
        """Return the figure of some of the rows, chosen by a mask of shape (n,)."""


@dataclass(frozen=True, eq=False)
class MeanEstimate:
    """The mean of one value a row.

    Parameters
    ----------
    values : float64 array of shape (n,)
        NaN for rows that have none.
    groups : int64 array of shape (n,)
        Rows that are drawn together, such as copies of a text.
    bounds : (float, float), default=(0, 1)
        Smallest and largest value a row can have.
    """

    values: Floats = field(repr=False)
    groups: NDArray[np.int64] = field(repr=False)
    bounds: tuple[float, float] = (0.0, 1.0)

    @cached_property
    def value(self) -> float:
        """The mean."""
        taken = self.values[self.is_taken]
        return float(taken.mean()) if len(taken) else float("nan")

    @property
    def is_taken(self) -> NDArray[np.bool_]:
        """Which rows have a value, shape (n,)."""
        return ~np.isnan(self.values)

    @cached_property
    def n_rows(self) -> int:
        """Different rows that have a value."""
        return len(np.unique(self.groups[self.is_taken]))

    def interval_at(self, confidence: float) -> tuple[float, float] | None:
        """Return :func:`mean_interval`; None for fewer than two different rows."""
        if self.n_rows < 2:
            return None
        return mean_interval(self.values[self.is_taken], self.groups[self.is_taken], self.bounds, confidence)

    @cached_property
    def interval(self) -> tuple[float, float] | None:
        """The 95 % interval."""
        return self.interval_at(CONFIDENCE)

    def within(self, is_chosen: NDArray[np.bool_]) -> MeanEstimate:
        """Return the mean over some of the rows."""
        return MeanEstimate(np.where(is_chosen, self.values, np.nan), self.groups, self.bounds)


@dataclass(frozen=True, eq=False)
class ResampledEstimate:
    """A figure of all rows together, such as a correlation, with what it comes to when rows are drawn again.

    Rows are drawn with replacement as often as there are rows, a thousand times, the same draws for every candidate.

    Parameters
    ----------
    statistic : callable
        From counts of shape (r, n), how often each row was drawn, to r figures from -1 to 1; NaN where not defined.
    groups : int64 array of shape (n,)
        Rows that are drawn together.
    values : float64 array of shape (n,), optional
        What each row adds, where that can be said.
    has_interval : bool, default=True
        False for figures that few rows move as a whole, so that no interval around them would hold.
    is_chosen : bool array of shape (n,), optional
        The rows the figure is taken of; all when not given.

    Notes
    -----
    The interval is Student's on the scale of ``arctanh``, where the draws spread evenly. The standard error is half of
    what the middle 68 % of the draws take up: few rows now and then draw a perfect figure, which lies far off there.

    References
    ----------
    B. Efron and R. Tibshirani, "An Introduction to the Bootstrap", 1993, chapter 12; D. Bonett and T. Wright, "Sample
    size requirements for estimating Pearson, Kendall and Spearman correlations", Psychometrika 65, 2000.
    """

    statistic: Callable[[Floats], Floats] = field(repr=False)
    groups: NDArray[np.int64] = field(repr=False)
    values: Floats | None = field(default=None, repr=False)
    has_interval: bool = True
    is_chosen: NDArray[np.bool_] | None = field(default=None, repr=False)

    @cached_property
    def value(self) -> float:
        """The figure of the rows as they are."""
        return float(self.statistic(self._spread(np.ones((1, int(self._rows.sum())))))[0])

    @cached_property
    def n_rows(self) -> int:
        """Different rows."""
        return len(np.unique(self.groups[self._rows]))

    @cached_property
    def draws(self) -> Floats:
        """The figure in each draw, shape (N_RESAMPLES,); that of all rows where a draw has none."""
        numbers = np.unique(self.groups[self._rows], return_inverse=True)[1]
        # Where every row stands alone, the draws are those of the rows, and no copy of them is made.
        of_rows = slice(None) if self.n_rows == len(numbers) else numbers

        def figures(part: int) -> Floats:
            blocks = drawn_counts(self.n_rows, part, len(self.groups))
            return np.concatenate([self.statistic(self._spread(counts[:, of_rows])) for counts in blocks])

        with Threads() as threads:
            draws = np.concatenate(list(threads.each(figures, range(N_RESAMPLES // DRAWS_OF_PART))))
        return np.where(np.isnan(draws), self.value, draws)

    def interval_at(self, confidence: float) -> tuple[float, float] | None:
        """Return the interval; None for fewer than ten different rows, and where every draw gives the same."""
        from scipy.special import stdtrit

        if not self.has_interval or self.n_rows < FEWEST_RESAMPLED or not abs(self.value) < 1 - _TINY:
            return None
        low, high = np.quantile(_stretched(self.draws), [_ONE_ERROR_BELOW, 1 - _ONE_ERROR_BELOW])
        error = float((high - low) / 2 * np.sqrt(self.n_rows / (self.n_rows - 1)))
        if error < _TINY:
            return None
        reach = error * float(stdtrit(self.n_rows - 2, (1 + confidence) / 2))
        middle = float(_stretched(self.value))
        return float(np.tanh(middle - reach)), float(np.tanh(middle + reach))

    @cached_property
    def interval(self) -> tuple[float, float] | None:
        """The 95 % interval."""
        return self.interval_at(CONFIDENCE)

    def within(self, is_chosen: NDArray[np.bool_]) -> ResampledEstimate:
        """Return the figure of some of the rows."""
        return ResampledEstimate(self.statistic, self.groups, self.values, self.has_interval, is_chosen & self._rows)

    @property
    def _rows(self) -> NDArray[np.bool_]:
        return np.ones(len(self.groups), dtype=bool) if self.is_chosen is None else self.is_chosen

    def _spread(self, counts: Floats) -> Floats:
        """Return the counts of the chosen rows among zeros for the others."""
        if self.is_chosen is None:
            return counts
        full = np.zeros((len(counts), len(self.groups)))
        full[:, self.is_chosen] = counts
        return full


def drawn_counts(n_rows: int, part: int, width: int) -> Iterator[Floats]:
    """Give how often each row is drawn in one part of the draws, shape (r, n_rows), always the same.

    As many at once as fit ``width`` numbers each.
    """
    rng = np.random.default_rng([0, part])
    size = max(1, min(DRAWS_OF_PART, _BLOCK_ELEMENTS // width))
    for start in range(0, DRAWS_OF_PART, size):
        n = min(size, DRAWS_OF_PART - start)
        drawn = rng.integers(n_rows, size=(n, n_rows)) + np.arange(n)[:, None] * n_rows
        yield np.bincount(drawn.ravel(), minlength=n * n_rows).reshape(n, n_rows).astype(np.float64)


def _stretched(figures: Floats | float) -> Floats:
    return np.arctanh(np.clip(figures, -1 + _TINY, 1 - _TINY))
