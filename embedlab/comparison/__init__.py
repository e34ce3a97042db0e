"""Models, poolings and layers held against each other on one's own texts, with intervals and costs."""

from embedlab.comparison.candidates import Candidate
from embedlab.comparison.gold import Gold, Labelled, Pairs, Retrieval, Unlabelled
from embedlab.comparison.measures import MEASURES
from embedlab.comparison.results import Comparison, Result
from embedlab.comparison.running import compare

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
