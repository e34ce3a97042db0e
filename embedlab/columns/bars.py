"""The cells of a column as a few bars: how its numbers, dates, labels or lengths of texts are spread."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

_MOST_BARS = 20
# A bar a day, a month or a year, the first of which there are so few.
_UNITS: tuple[tuple[Literal["D", "M", "Y"], str, int], ...] = (("D", "day", 31), ("M", "month", 36), ("Y", "year", 40))
_DAY_S, _HOUR_S = 86_400, 3_600
# Where so much of the range is taken by one in a hundred, a bar of its own for it would leave one for all the others.
_OUTER, _WIDE = 1, 3


@dataclass(frozen=True)
class Bars:
    """How a column is spread.

    Parameters
    ----------
    counts : tuple of int
        Height of each bar; empty where a picture would say nothing, as of ids.
    said : str
        What the bars are, such as ``"per month, 2024-01 to 2024-12"``.
    """

    counts: tuple[int, ...] = ()
    said: str = ""


def number_bars(numbers: NDArray[np.float64], unit: str = "") -> Bars:
    """Return how many numbers lie in each of twenty equal parts of their range.

    Parameters
    ----------
    numbers : float64 array of shape (n,)
        NaN and infinite ones are left out. Where a few lie far out, the first and the last bar take these in, and it
        is said.
    unit : str, default=""
        What is counted, where it is no plain number.

    Examples
    --------
    >>> number_bars(np.array([1.0, 1.0, 2.0, np.nan])).said
    '1 to 2'
    >>> number_bars(np.array([1.0, 1.0, 2.0, np.nan])).counts[0]
    2
    """
    known = numbers[np.isfinite(numbers)]
    if not len(known):
        return Bars()
    low, high = float(known.min()), float(known.max())
    inner = np.percentile(known, [_OUTER, 100 - _OUTER])
    is_wide = high - low > _WIDE * (inner[1] - inner[0]) > 0
    ends = (float(inner[0]), float(inner[1])) if is_wide else (low, high)
    counts, _ = np.histogram(np.clip(known, *ends), _MOST_BARS, ends) if low < high else ([len(known)], None)
    said = f"{_written(low)} to {_written(high)}"
    outer = f"; the outer ones hold all beyond {_written(ends[0])} and {_written(ends[1])}" if is_wide else ""
    return Bars(tuple(map(int, counts)), f"{unit}{said}{outer}")


def date_bars(seconds: NDArray[np.float64]) -> Bars:
    """Return how many dates lie in each day, month or year, whichever are few enough.

    Parameters
    ----------
    seconds : float64 array of shape (n,)
        Since 1970; NaN ones are left out.

    Examples
    --------
    >>> days = np.array(["2024-01-31", "2024-02-01", "2024-02-29", "2024-04-30"], dtype="datetime64[s]")
    >>> date_bars(days.astype(np.float64))
    Bars(counts=(1, 2, 0, 1), said='per month, 2024-01 to 2024-04')
    """
    known = seconds[np.isfinite(seconds)]
    if not len(known):
        return Bars()
    days = (known // _DAY_S).astype(np.int64).astype("datetime64[D]")
    for code, name, most in _UNITS:
        units = days.astype(f"datetime64[{code}]").astype(np.int64)
        first, last = int(units.min()), int(units.max())
        if last - first < most:
            ends = [str(np.datetime64(end, code)) for end in (first, last)]
            return Bars(tuple(np.bincount(units - first).tolist()), f"per {name}, {ends[0]} to {ends[1]}")
    counts, _ = np.histogram(known, _MOST_BARS)
    return Bars(tuple(counts.tolist()), f"{days.min()} to {days.max()}, in equal parts")


def time_bars(seconds: NDArray[np.float64]) -> Bars:
    """Return how many times of day lie in each hour.

    Parameters
    ----------
    seconds : float64 array of shape (n,)
        Since midnight; NaN ones are left out.

    Examples
    --------
    >>> time_bars(np.array([0.0, 3_600.0, 3_601.0])).counts[:3]
    (1, 2, 0)
    """
    hours = (seconds[np.isfinite(seconds)] // _HOUR_S).astype(np.int64)
    return Bars(tuple(np.bincount(np.clip(hours, 0, 23), minlength=24).tolist()), "per hour, 0 to 23")


def label_bars(labels: Iterable[str], counts: Iterable[int]) -> Bars:
    """Return how often the most frequent labels come, that one first.

    Parameters
    ----------
    labels : iterable of str
        May hold one several times.
    counts : iterable of int
        How often each comes.

    Examples
    --------
    >>> label_bars(["late", "broken", "late"], [1, 3, 4])
    Bars(counts=(5, 3), said='2 labels by frequency')
    """
    found: Counter[str] = Counter()
    for label, count in zip(labels, counts, strict=True):
        found[label] += int(count)
    most = tuple(count for _, count in found.most_common(_MOST_BARS))
    if len(found) > _MOST_BARS:
        return Bars(most, f"{_MOST_BARS} most frequent of {len(found):,} labels")
    return Bars(most, f"{len(found):,} {'label' if len(found) == 1 else 'labels'} by frequency")


def _written(number: float) -> str:
    """Return a number with at most two decimals, or three digits where it is smaller than that."""
    if number and abs(number) < 0.01:
        return f"{number:.3g}"
    return f"{number:,.2f}".rstrip("0").rstrip(".")
