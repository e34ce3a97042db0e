"""What a cosine of 0.8 means here: how pairs that belong together and others lie, and where to draw the line.

Read ``known.py`` first: which pairs are known; ``listed.py`` has those that are named. ``cosines.py`` counts them and
says what a threshold finds, ``choosing.py`` chooses one.
"""

from embedlab.thresholds.choosing import CRITERIA, Threshold, choose_threshold
from embedlab.thresholds.cosines import FoundAt, KnownCosines, Rate
from embedlab.thresholds.gold import gold_cosines, usual_cut
from embedlab.thresholds.known import known_cosines

__all__ = [
    "CRITERIA",
    "FoundAt",
    "KnownCosines",
    "Rate",
    "Threshold",
    "choose_threshold",
    "gold_cosines",
    "known_cosines",
    "usual_cut",
]
