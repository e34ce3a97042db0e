"""Figures: how good embeddings are on scored pairs, questions, labels, and how sure that is.

Read ``scores.py`` first: a figure for a model. ``ranking.py`` takes them query by query, ``metrics.py``
text by text, ``bootstrap.py`` their intervals.
"""

from embedlab.evaluation.bootstrap import Difference, Estimate, difference, estimate, mean_estimate
from embedlab.evaluation.metrics import neighbor_purity, probe_hits
from embedlab.evaluation.ranking import CUTOFF, CUTOFFS, RANKING_FIGURES, check_relevant, retrieval_figures
from embedlab.evaluation.resampled import rand_and_information, rank_correlation, weighted_correlation
from embedlab.evaluation.scores import evaluate_clusters, evaluate_probe, evaluate_retrieval, evaluate_sts

__all__ = [
    "CUTOFF",
    "CUTOFFS",
    "Difference",
    "Estimate",
    "RANKING_FIGURES",
    "check_relevant",
    "difference",
    "estimate",
    "evaluate_clusters",
    "evaluate_probe",
    "evaluate_retrieval",
    "evaluate_sts",
    "mean_estimate",
    "neighbor_purity",
    "probe_hits",
    "rand_and_information",
    "rank_correlation",
    "retrieval_figures",
    "weighted_correlation",
]
