"""The cosines of pairs that belong together and of others, counted, and what a threshold finds among them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from embedlab.errors import InvalidInputError
from embedlab.intervals import share_interval

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.floating]

STEP = 0.001
"""Thresholds lie so far apart."""

THRESHOLDS = np.round(np.linspace(-1.0, 1.0, 2001), 3)

N_DRAWS = 1000

FEWEST_UNITS = 10
"""Different texts or groups below which no interval is given."""

FEWEST_PAIRS = 10
"""Pairs on a side of a threshold below which the draws show too little of that side."""


@dataclass(frozen=True)
class Rate:
    """A share with its 95 % interval, both from 0 to 1.

    Parameters
    ----------
    value : float
        NaN where there is nothing to take a share of.
    interval : (float, float) or None
        None where there are too few different texts to say.
    """

    value: float
    interval: tuple[float, float] | None

    def __str__(self) -> str:
        """Say both in per cent."""
        ends = f" ({self.interval[0]:.2%} to {self.interval[1]:.2%})" if self.interval else ""
        return f"{self.value:.2%}{ends}"


@dataclass(frozen=True)
class FoundAt:
    """What a threshold finds. Made by :meth:`KnownCosines.at`.

    Parameters
    ----------
    threshold : float
    recall : Rate
        Share of the pairs that belong together that reach it.
    false_match_rate : Rate
        Share of the other pairs that reach it.
    precision : Rate
        Share that belongs together of the pairs that reach it, where ``share`` of all pairs do.
    share : float
        Share of pairs that belong together, for which ``precision`` holds.
    """

    threshold: float
    recall: Rate
    false_match_rate: Rate
    precision: Rate
    share: float

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall; 0 where nothing that belongs together is found."""
        recall, rate = np.array(self.recall.value), np.array(self.false_match_rate.value)
        return float(f1_of(recall, rate, self.share))


@dataclass(frozen=True, eq=False)
class Side:
    """The pairs of one kind: those that belong together, or the others.

    Parameters
    ----------
    counts : int64 array of shape (n_thresholds,)
        Pairs whose cosine reaches each threshold and not the next.
    n_units : int
        Units, texts or groups of texts, that these pairs join.
    draws : float32 array of shape (n_draws, n_thresholds)
        Share of the pairs that reach each threshold, in each draw of the units.
    """

    counts: NDArray[np.int64]
    n_units: int
    draws: NDArray[np.float32] = field(repr=False)

    @property
    def n_pairs(self) -> int:
        """Number of pairs."""
        return int(self.counts.sum())

    @property
    def reached(self) -> NDArray[np.int64]:
        """Number of pairs that reach each threshold."""
        return self.counts[::-1].cumsum()[::-1]

    @property
    def shares(self) -> Floats:
        """Share of the pairs that reach each threshold, falling from 1."""
        return self.reached / self.n_pairs

    def rate(self, place: int) -> Rate:
        """Return the share of pairs that reach one of the thresholds.

        The interval is that of as many hits and misses as the pairs are worth: ``p (1 - p) / V`` with V the variance of
        the share over the draws. Where fewer than ten pairs lie on one side of the threshold, the draws show too little
        of that side, and a pair is worth as much as at the nearest threshold where ten do.
        """
        value = float(self.shares[place])
        if self.n_units < FEWEST_UNITS:
            return Rate(value, None)
        return Rate(value, share_interval(value, self._worth(place)))

    def _worth(self, place: int) -> float:
        """Return as how many hits and misses the pairs count."""
        from scipy.special import ndtri, stdtrit

        reached = self.reached
        is_clear = np.flatnonzero(np.minimum(reached, self.n_pairs - reached) >= FEWEST_PAIRS)
        if not len(is_clear):
            return self.n_units / 2  # so many pairs at most have no unit in common
        near = int(is_clear[np.abs(is_clear - place).argmin()])
        share, variance = self.shares[near], float(np.nanvar(self.draws[:, near], dtype=np.float64))
        student = float(ndtri(0.975) / stdtrit(self.n_units - 1, 0.975)) ** 2
        return min(float(self.n_pairs), share * (1 - share) / max(variance, 1e-15) * student)


@dataclass(frozen=True, eq=False)
class KnownCosines:
    """How the cosines of pairs that belong together and of others are spread. Made by :func:`known_cosines`.

    Parameters
    ----------
    matches, others : Side
        Pairs that belong together, and pairs that do not.
    n_texts : int
        Texts of which something is known.
    n_sampled : int
        Texts of which the pairs were taken; ``n_texts`` where all were.
    n_copies : int
        Pairs of copies, which were left out: that a text is like itself says nothing of a threshold.
    """

    matches: Side
    others: Side
    n_texts: int
    n_sampled: int
    n_copies: int = 0

    @property
    def share(self) -> float:
        """Share of these pairs that belong together."""
        return self.matches.n_pairs / (self.matches.n_pairs + self.others.n_pairs)

    def at(self, threshold: float, share: float | None = None) -> FoundAt:
        """Return what a threshold finds.

        Parameters
        ----------
        threshold : float
            From -1 to 1; taken to the nearest thousandth.
        share : float, optional
            Share of all pairs that belong together where the threshold will be used, between 0 and 1; that of these
            pairs when not given. Precision depends on it, the other figures do not.

        Returns
        -------
        FoundAt
            The interval of the precision has the least precision of both intervals that it is made of, and the most.

        Raises
        ------
        InvalidInputError
            For a number outside of its limits.
        """
        if not -1.0 <= threshold <= 1.0:
            raise InvalidInputError(f"threshold={threshold} is no cosine; choose a number from -1 to 1.")
        share = check_share(share, self.share)
        place = int(round((threshold + 1.0) / STEP))
        recall, rate = self.matches.rate(place), self.others.rate(place)
        precision = _precision(recall.value, rate.value, share)
        ends = None
        if recall.interval and rate.interval:
            (least, most), (fewest, many) = recall.interval, rate.interval
            ends = _precision(least, many, share), _precision(most, fewest, share)
        return FoundAt(float(THRESHOLDS[place]), recall, rate, Rate(precision, ends), share)


def check_share(share: float | None, default: float) -> float:
    """Return the share of pairs that belong together, or the default where none is given."""
    if share is None:
        return default
    if not 0 < share < 1:
        raise InvalidInputError(f"share={share} is no share of pairs; choose a number between 0 and 1, such as 0.001.")
    return share


def f1_of(recall: Floats, false_match_rate: Floats, share: float) -> Floats:
    """Return the harmonic mean of precision and recall, where a share of all pairs belongs together."""
    found = recall * share
    return np.asarray(2 * found / (found + false_match_rate * (1 - share) + share))


def _precision(recall: float, false_match_rate: float, share: float) -> float:
    """Return the share that belongs together of what is found; NaN where nothing is."""
    found = recall * share
    every = found + false_match_rate * (1 - share)
    return found / every if every else float("nan")
