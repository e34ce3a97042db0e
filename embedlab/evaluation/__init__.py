"""Figures: how good embeddings are on scored pairs, questions, labels.

Read ``scores.py`` first: a figure for a model. ``ranking.py`` takes them query by query, ``metrics.py`` text by text,
``multilabel.py`` where a text has several labels.
"""

from embedlab.evaluation.metrics import neighbor_purity, probe_hits
from embedlab.evaluation.multilabel import neighbor_jaccard, probe_jaccard
from embedlab.evaluation.ranking import (
    CUTOFF,
    CUTOFFS,
    RANKING_FIGURES,
    check_relevant,
    ranking_figures,
    retrieval_figures,
)
from embedlab.evaluation.resampled import rand_and_information, rank_correlation, weighted_correlation
from embedlab.evaluation.scores import evaluate_clusters, evaluate_probe, evaluate_retrieval, evaluate_sts

__all__ = [
    "CUTOFF",
    "CUTOFFS",
    "RANKING_FIGURES",
    "check_relevant",
    "evaluate_clusters",
    "evaluate_probe",
    "evaluate_retrieval",
    "evaluate_sts",
    "neighbor_jaccard",
    "neighbor_purity",
    "probe_hits",
    "probe_jaccard",
    "rand_and_information",
    "rank_correlation",
    "ranking_figures",
    "retrieval_figures",
    "weighted_correlation",
]
