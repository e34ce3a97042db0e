"""How good embeddings are: on scored pairs, on queries with relevant texts, on known groups."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import numpy as np

from embedlab.errors import InvalidInputError
from embedlab.neighbors import nearest_neighbors
from embedlab.similarity import paired_cosine_similarity

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import ArrayLike, NDArray

_CUTOFF = 10


class TextEncoder(Protocol):
    """What an evaluation needs of an encoder; :class:`embedlab.Encoder` and others have it."""

    def encode(self, texts: Sequence[str], /, *, prompt_name: str | None = None) -> NDArray[np.float32]:
        """Return one embedding a text, shape (n, d)."""


@dataclass(frozen=True)
class StsReport:
    """Correlation of cosines with scores people gave, from -1 to 1."""

    spearman: float
    pearson: float
    n_pairs: int


@dataclass(frozen=True)
class RetrievalReport:
    """Quality of ranked lists, each mean over the queries, from 0 to 1."""

    ndcg_at_10: float
    mrr_at_10: float
    recall_at_10: float
    n_queries: int


@dataclass(frozen=True)
class ClusterReport:
    """Agreement of clusters with known groups.

    Parameters
    ----------
    ari : float
        Adjusted Rand index: 1 the same groups, 0 no better than chance.
    nmi : float
        Normalised mutual information, from 0 to 1.
    contingency : DataFrame
        Number of rows for each known group (rows) and cluster (columns), larger ones first.
    """

    ari: float
    nmi: float
    contingency: pd.DataFrame


def evaluate_sts(encoder: TextEncoder, texts_a: Sequence[str], texts_b: Sequence[str], gold: ArrayLike) -> StsReport:
    """Correlate the cosines of sentence pairs with the scores people gave them.

    Parameters
    ----------
    encoder : Encoder
    texts_a, texts_b : sequence of str of length n
    gold : array-like of shape (n,)
        Scores on any scale that grows with similarity.

    Returns
    -------
    StsReport

    Raises
    ------
    InvalidInputError
        When the lengths differ, there are fewer than two pairs, or all scores are equal.
    """
    scores = np.asarray(gold, dtype=np.float64)
    if not len(texts_a) == len(texts_b) == len(scores) or len(scores) < 2:
        raise InvalidInputError(
            f"Pairs need as many first texts ({len(texts_a)}) as second ones ({len(texts_b)}) and scores ({len(scores)}), "
            "two at least."
        )
    if np.ptp(scores) == 0:
        raise InvalidInputError("All scores are equal, so nothing can be correlated with them.")
    from scipy.stats import pearsonr, spearmanr

    encoded = encoder.encode([*texts_a, *texts_b])
    cosines = paired_cosine_similarity(encoded[: len(scores)], encoded[len(scores) :])
    return StsReport(
        float(spearmanr(cosines, scores).statistic), float(pearsonr(cosines, scores).statistic), len(scores)
    )


def evaluate_retrieval(
    encoder: TextEncoder, queries: Sequence[str], texts: Sequence[str], relevant: Sequence[Collection[int]]
) -> RetrievalReport:
    """Rank the texts for each query and hold the first ten against the relevant ones.

    nDCG@10 counts a relevant text at rank r with ``1 / log2(r + 1)``, relative to the best possible list; MRR@10 is the
    mean of 1 over the rank of the first relevant text; recall@10 the share of relevant texts found.

    Parameters
    ----------
    encoder : Encoder
        Its ``"query"`` and ``"document"`` prompts are used where it has them.
    queries : sequence of str of length m
    texts : sequence of str of length n
    relevant : sequence of collections of int, length m
        Positions in ``texts`` that answer each query, one at least.

    Returns
    -------
    RetrievalReport

    Raises
    ------
    InvalidInputError
        When a query has no relevant text, or a position does not exist.
    """
    if len(queries) != len(relevant) or not queries or not all(relevant):
        raise InvalidInputError("Every query needs one relevant text at least; leave out queries that have none.")
    if any(not 0 <= row < len(texts) for rows in relevant for row in rows):
        raise InvalidInputError(f"Relevant texts are named by their positions, from 0 to {len(texts) - 1}.")
    asked = encoder.encode(queries, prompt_name=getattr(encoder, "query_prompt_name", None))
    stored = encoder.encode(texts, prompt_name=getattr(encoder, "document_prompt_name", None))
    ranked, _ = nearest_neighbors(stored, min(_CUTOFF, len(texts)), queries=asked)
    found = np.array([[row in rows for row in ranking] for ranking, rows in zip(ranked, relevant, strict=True)])
    gains = 1 / np.log2(np.arange(2, found.shape[1] + 2))
    n_relevant = np.array([len(set(rows)) for rows in relevant])
    best = np.array([gains[: min(n, len(gains))].sum() for n in n_relevant])
    first = np.where(found.any(axis=1), 1 / (found.argmax(axis=1) + 1), 0)
    return RetrievalReport(
        float((found @ gains / best).mean()),
        float(first.mean()),
        float((found.sum(axis=1) / n_relevant).mean()),
        len(queries),
    )


def evaluate_clusters(labels: Sequence[object] | NDArray, reference: Sequence[object] | NDArray) -> ClusterReport:
    """Hold clusters against known groups.

    Parameters
    ----------
    labels : sequence of length n
        Cluster of each row, as numbers or names.
    reference : sequence of length n
        Known group of each row.

    Returns
    -------
    ClusterReport

    Raises
    ------
    InvalidInputError
        When the lengths differ or there is nothing.
    """
    if len(labels) != len(reference) or not len(labels):
        raise InvalidInputError(f"There are {len(labels)} cluster labels and {len(reference)} known groups.")
    import pandas as pd
    from sklearn.metrics import adjusted_rand_score, normalized_mutual_info_score

    table = pd.crosstab(pd.Series(list(reference), name="label"), pd.Series(list(labels), name="cluster"))
    table = table.loc[
        table.sum(axis=1).sort_values(ascending=False, kind="stable").index,
        table.sum(axis=0).sort_values(ascending=False, kind="stable").index,
    ]
    groups = [pd.factorize(pd.Series(list(values)))[0] for values in (reference, labels)]
    return ClusterReport(float(adjusted_rand_score(*groups)), float(normalized_mutual_info_score(*groups)), table)
