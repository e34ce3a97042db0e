"""Figures: how good embeddings are on scored pairs, questions, labels.

Read ``scores.py`` first: a figure for a model. ``metrics.py`` takes them row by row.
"""

from embedlab.evaluation.metrics import CUTOFF, check_relevant, neighbor_purity, probe_hits, retrieval_figures
from embedlab.evaluation.resampled import rand_and_information, rank_correlation, weighted_correlation
from embedlab.evaluation.scores import evaluate_clusters, evaluate_probe, evaluate_retrieval, evaluate_sts

__all__ = [
    "CUTOFF",
    "check_relevant",
    "evaluate_clusters",
    "evaluate_probe",
    "evaluate_retrieval",
    "evaluate_sts",
    "neighbor_purity",
    "probe_hits",
    "rand_and_information",
    "rank_correlation",
    "retrieval_figures",
    "weighted_correlation",
]
