"""How good a model is: on scored pairs, on queries with relevant texts, on known groups."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import TYPE_CHECKING, Protocol

import numpy as np

from embedlab.errors import InvalidInputError
from embedlab.evaluation.metrics import probe_hits
from embedlab.evaluation.ranking import CUTOFF, RANKING_FIGURES, check_relevant, retrieval_figures
from embedlab.evaluation.reports import ClusterReport, ProbeReport, RetrievalReport, StsReport
from embedlab.similarity import paired_cosine_similarity
from embedlab.validation import as_embeddings, check_integer, check_same_length

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

_QUERY_PROMPTS = ("query",)
_DOCUMENT_PROMPTS = ("document", "passage", "corpus")


class TextEncoder(Protocol):
    """What an evaluation needs of a model; :class:`embedlab.Encoder` and ``SentenceTransformer`` have it.

    Where it has ``prompts``, a mapping of names to prompts, ``encode`` must also take ``prompt_name``.
    """

    @property
    def encode(self) -> Callable[..., NDArray[np.float32]]:
        """A function of a list of n texts that returns one embedding each, shape (n, d)."""


def evaluate_sts(
    encoder: TextEncoder, texts_a: Sequence[str], texts_b: Sequence[str], gold: ArrayLike, **encode_options: object
) -> StsReport:
    """Correlate the cosines of sentence pairs with the scores people gave them.

    Parameters
    ----------
    encoder : TextEncoder
    texts_a, texts_b : sequence of str of length n
        First and second sentence of each pair.
    gold : array-like of shape (n,)
        Scores on any scale that grows with similarity.
    **encode_options
        Handed to ``encoder.encode``, such as ``pooling_mode="cls"``.

    Returns
    -------
    StsReport

    Raises
    ------
    InvalidInputError
        When the lengths differ, there are fewer than two pairs, or the scores are all equal or not finite.

    References
    ----------
    D. Cer et al., "SemEval-2017 Task 1: Semantic Textual Similarity", 2017.
    """
    check_same_length("first texts", len(texts_a), "second texts", len(texts_b))
    scores = as_embeddings(np.reshape(gold, (-1, 1)), "gold", min_rows=2)[:, 0].astype(np.float64)
    check_same_length("pairs", len(texts_a), "scores", len(scores))
    if np.ptp(scores) == 0:
        raise InvalidInputError(f"All scores are {scores[0]:g}, so nothing can go with them. Give scores that differ.")
    from scipy.stats import pearsonr, spearmanr

    encoded = encoder.encode([*texts_a, *texts_b], **encode_options)
    cosines = paired_cosine_similarity(encoded[: len(scores)], encoded[len(scores) :])
    if np.ptp(cosines) == 0:
        return StsReport(float("nan"), float("nan"), len(scores))
    spearman, pearson = spearmanr(cosines, scores), pearsonr(cosines, scores)
    return StsReport(float(spearman.statistic), float(pearson.statistic), len(scores))


def evaluate_retrieval(
    encoder: TextEncoder,
    queries: Sequence[str],
    texts: Sequence[str],
    relevant: Sequence[Collection[int] | Mapping[int, float]],
    *,
    top_k: int = CUTOFF,
    **encode_options: object,
) -> RetrievalReport:
    """Rank all texts for each query by cosine and hold the first ``top_k`` against the relevant ones.

    Parameters
    ----------
    encoder : TextEncoder
        Its prompts for queries and for documents are used where it has them.
    queries : sequence of str of length m
    texts : sequence of str of length n
        What is searched.
    relevant : sequence of length m of sets of int, or of dicts of int to float
        Positions in ``texts`` that answer each query, one at least; a dict also gives each a grade above 0, which
        counts for nDCG.
    top_k : int, default=10
        How many texts of each ranked list count.
    **encode_options
        Handed to ``encoder.encode``, such as ``pooling_mode="cls"``.

    Returns
    -------
    RetrievalReport

    Raises
    ------
    InvalidInputError
        When a query has no relevant text, a position does not exist, a grade is not above 0, or ``top_k`` is no whole
        number above 0.

    References
    ----------
    K. Järvelin and J. Kekäläinen, "Cumulated gain-based evaluation of IR techniques", 2002.

    Notes
    -----
    Texts with equal cosines count by the mean over their orders; one whose embedding is zero is never found.
    """
    top_k = check_integer(top_k, "top_k", 1)
    grades = check_relevant(relevant, len(queries), len(texts))
    asked = _encode_as(_QUERY_PROMPTS, encoder, queries, encode_options)
    stored = _encode_as(_DOCUMENT_PROMPTS, encoder, texts, encode_options)
    figures = retrieval_figures(as_embeddings(stored), as_embeddings(asked), grades, top_k).mean(axis=0)
    return RetrievalReport(
        **dict(zip(RANKING_FIGURES, figures.tolist(), strict=True)), top_k=top_k, n_queries=len(asked)
    )


def evaluate_clusters(labels: Sequence[object] | NDArray, reference: Sequence[object] | NDArray) -> ClusterReport:
    """Hold clusters against known groups.

    Parameters
    ----------
    labels, reference : sequence of length n
        Cluster and known group of each row, as numbers or names.

    Returns
    -------
    ClusterReport

    Raises
    ------
    InvalidInputError
        When the lengths differ, there are no rows, or a group is missing (None or NaN).
    """
    import pandas as pd
    from sklearn.metrics import adjusted_rand_score, normalized_mutual_info_score

    check_same_length("clusters", len(labels), "known groups", len(reference))
    known, found = pd.Series(list(reference), name="group"), pd.Series(list(labels), name="cluster")
    n_missing = int((known.isna() | found.isna()).sum())
    if n_missing or known.empty:
        raise InvalidInputError(
            f"{n_missing} of {len(known)} rows have no group or cluster. Give at least one row that has."
        )
    table = pd.crosstab(known, found)
    by_size = [table.sum(axis=axis).sort_values(ascending=False, kind="stable").index for axis in (1, 0)]
    codes = known.factorize()[0], found.factorize()[0]
    return ClusterReport(
        float(adjusted_rand_score(*codes)),
        float(normalized_mutual_info_score(*codes)),
        table.loc[by_size[0], by_size[1]],
    )


def evaluate_probe(
    encoder: TextEncoder,
    texts: Sequence[str],
    labels: Sequence[object] | NDArray,
    *,
    groups: Sequence[object] | NDArray | None = None,
    **encode_options: object,
) -> ProbeReport:
    """Predict labels from embeddings by logistic regression, each text by a probe that has not seen it nor a copy.

    Parameters
    ----------
    encoder : TextEncoder
    texts : sequence of str of length n
    labels : sequence of length n
        Known group of each text, as numbers or names.
    groups : sequence of length n, optional
        What texts that know of each other share, such as author, ticket or document: they are held out together.
    **encode_options
        Handed to ``encoder.encode``, such as ``pooling_mode="cls"``.

    Returns
    -------
    ProbeReport

    Raises
    ------
    InvalidInputError
        When the lengths differ, a label is missing (None or NaN), there are fewer than two labels, or one has fewer
        than five texts.

    Notes
    -----
    See :func:`embedlab.evaluation.metrics.probe_hits` for the folds and the penalty.
    """
    import pandas as pd

    check_same_length("texts", len(texts), "labels", len(labels))
    known = pd.Series(list(labels))
    if known.isna().any():
        raise InvalidInputError(f"{int(known.isna().sum())} of {len(known)} texts have no label. Leave them out.")
    codes, names = known.factorize()
    # The folds follow the order of the labels, which is that of their names whoever asks.
    codes = np.argsort(np.argsort([str(name) for name in names], kind="stable"))[codes]
    hits = probe_hits(encoder.encode(list(texts), **encode_options), codes, groups=groups)
    return ProbeReport(float(hits.mean()), float(np.bincount(codes).max() / len(codes)), len(codes), len(names))


def _encode_as(
    names: Sequence[str], encoder: TextEncoder, texts: Sequence[str], options: dict[str, object]
) -> NDArray[np.float32]:
    """Encode with the first of these prompts that the model has, or with none."""
    prompts = getattr(encoder, "prompts", {})
    own = [{"prompt_name": name} for name in names if name in prompts]
    return encoder.encode(list(texts), **(own[0] if own else {}), **options)
