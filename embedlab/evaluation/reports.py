"""What evaluations find."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class StsReport:
    """How cosines go with scores that people gave.

    Parameters
    ----------
    spearman, pearson : float
        Rank and linear correlation, from -1 to 1; NaN where all cosines are equal.
    n_pairs : int
        Number of pairs.
    """

    spearman: float
    pearson: float
    n_pairs: int


@dataclass(frozen=True)
class RetrievalReport:
    """Quality of ranked lists, each figure the mean over the queries, from 0 to 1.

    Parameters
    ----------
    ndcg : float
        Discounted gain of the first ``top_k``, ``sum of grade / log2(rank + 1)``, over that of the best possible list.
    mrr : float
        1 over the rank of the first relevant text, 0 where none is among the first ``top_k``.
    map : float
        The precision at the rank of each relevant text among the first ``top_k``, added up, over the number of relevant
        texts.
    recall : float
        Share of the relevant texts that are among the first ``top_k``.
    precision : float
        How many relevant texts are among the first ``top_k``, over ``top_k``.
    hit_rate : float
        Share of the queries with a relevant text among the first ``top_k``.
    top_k : int
        How many texts of each ranked list count.
    n_queries : int
        Number of queries.
    """

    ndcg: float
    mrr: float
    map: float
    recall: float
    precision: float
    hit_rate: float
    top_k: int
    n_queries: int


@dataclass(frozen=True, eq=False)
class ClusterReport:
    """Agreement of clusters with known groups.

    Parameters
    ----------
    ari : float
        Adjusted Rand index: 1 for the same groups, 0 for no better than chance.
    nmi : float
        Normalised mutual information, from 0 to 1: how much the cluster tells about the group.
    contingency : DataFrame
        Number of rows for each known group (rows) and cluster (columns), the larger ones first.
    """

    ari: float
    nmi: float
    contingency: pd.DataFrame


@dataclass(frozen=True)
class ProbeReport:
    """How well labels can be read off embeddings.

    Parameters
    ----------
    accuracy : float
        Share of the texts whose label a linear probe predicts that has not seen them, from 0 to 1.
    majority : float
        Share of the most frequent label: what predicting it always would give.
    n_texts, n_labels : int
        Number of texts and of different labels.
    """

    accuracy: float
    majority: float
    n_texts: int
    n_labels: int
