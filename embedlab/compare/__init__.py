"""Models, poolings and layers held against each other on one's own texts, with intervals and costs."""

from embedlab.compare.candidates import Candidate
from embedlab.compare.comparison import Comparison, Result
from embedlab.compare.gold import Gold, Labelled, Pairs, Retrieval, Unlabelled
from embedlab.compare.measures import MEASURES
from embedlab.compare.running import compare

__all__ = [
    "MEASURES",
    "Candidate",
    "Comparison",
    "Gold",
    "Labelled",
    "Pairs",
    "Result",
    "Retrieval",
    "Unlabelled",
    "compare",
]
