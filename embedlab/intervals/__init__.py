"""How sure a figure is: its interval, whether two can be told apart, and how many rows that would take.

Read ``estimates.py`` first: a figure and its rows. docs/figures.md has what the intervals hold, simulated.
"""

from embedlab.intervals.differences import Difference, difference, difference_of_parts
from embedlab.intervals.estimates import Estimate, MeanEstimate, ResampledEstimate
from embedlab.intervals.means import CONFIDENCE, mean_interval, share_interval

__all__ = [
    "CONFIDENCE",
    "Difference",
    "Estimate",
    "MeanEstimate",
    "ResampledEstimate",
    "difference",
    "difference_of_parts",
    "mean_interval",
    "share_interval",
]
