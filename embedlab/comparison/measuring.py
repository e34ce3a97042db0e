"""Figures for a comparison, each with its sampling error."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from embedlab.classification import rarest_labels
from embedlab.clustering import cluster, cosine_silhouette
from embedlab.comparison.measures import in_order
from embedlab.compute import Threads
from embedlab.errors import InvalidInputError
from embedlab.evaluation import (
    CUTOFF,
    RANKING_FIGURES,
    neighbor_jaccard,
    neighbor_purity,
    probe_hits,
    probe_jaccard,
    rand_and_information,
    rank_correlation,
    retrieval_figures,
    weighted_correlation,
)
from embedlab.gold import Gold, Labelled, MultiLabelled, Pairs, Retrieval, Unlabelled
from embedlab.intervals import Estimate, MeanEstimate, ResampledEstimate
from embedlab.neighbors import nearest_others
from embedlab.rows import ROUNDING, as_cosines, normalize_rows, row_blocks, sample_positions
from embedlab.similarity import paired_cosine_similarity, shared_neighbors

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Embeddings = NDArray[np.float32]

# Rows that a probe and neighbour lists are taken from, at most; neighbours are looked for among all rows.
SAMPLED_ROWS = 5_000
# KMeans ends differently from different starts; the mean over some of them says more about the embeddings.
_STARTS = range(5)
# How far the squared length of a normalised row may be from 1.
_UNIT = 1e-4


def measure(
    gold: Gold,
    texts: Embeddings,
    queries: Embeddings | None = None,
    reference: Embeddings | None = None,
    copies: NDArray[np.int64] | None = None,
) -> dict[str, Estimate]:
    """Take all figures that what is known about the texts allows.

    Parameters
    ----------
    gold : Gold
    texts : float array of shape (n, d)
        Embeddings of ``gold.texts``; compared by dot product, which is the cosine for rows of length 1.
    queries : float array of shape (m, d), optional
        Embeddings of ``gold.queries``.
    reference : float array of shape (n, d'), optional
        Embeddings of ``gold.corpus`` by the candidate that the others are held against, where nothing is known.
    copies : int array of shape (n,), optional
        A number for each text, the same for copies; those of equal embeddings when not given.

    Returns
    -------
    dict of str to Estimate
        Keys of ``MEASURES``; what cannot be taken is left out.
    """
    return in_order(_BY_KIND[gold.kind](gold, texts, queries, reference, copies))


def _of_pairs(gold: Pairs, texts: Embeddings, *_: object) -> dict[str, Estimate]:
    n = len(gold.scores)
    products = _products(texts[:n], texts[n:])
    in_place = _in_place(products, gold.scores)
    return {
        name: ResampledEstimate(partial(correlation, products, gold.scores), gold.groups, in_place)
        for name, correlation in (("spearman", rank_correlation), ("pearson", weighted_correlation))
    }


def _in_place(products: NDArray[np.float64], scores: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return how near each pair is to its place in the order of the scores: 1 there, 0 at the other end, (n,)."""
    from scipy.stats import rankdata

    return 1 - np.abs(rankdata(products) - rankdata(scores)) / (len(scores) - 1)


def _products(a: Embeddings, b: Embeddings) -> NDArray[np.float64]:
    """Return the dot product of each row with its pair: its cosine where all rows have length 1, 1 for equal texts."""
    squares = np.concatenate([np.einsum("ij,ij->i", rows, rows) for rows in (a, b)])
    if np.abs(squares - 1).max() < _UNIT:
        return paired_cosine_similarity(a, b).astype(np.float64)
    return np.einsum("ij,ij->i", a, b).astype(np.float64)


def _of_retrieval(gold: Retrieval, texts: Embeddings, queries: Embeddings, *_: object) -> dict[str, Estimate]:
    stored, asked = as_cosines(texts, queries)
    stored[~texts.any(axis=1)] = 0  # What has no vector is never found.
    return named_figures(gold, retrieval_figures(stored, asked, gold.grades, gold.top_k))


def named_figures(gold: Retrieval, figures: NDArray[np.float64]) -> dict[str, Estimate]:
    """Return the columns of :func:`embedlab.evaluation.ranking_figures` by name."""
    names = [f"{name}_at_{gold.top_k}" for name in RANKING_FIGURES]
    return {name: MeanEstimate(column, gold.groups) for name, column in zip(names, figures.T, strict=True)}


def _of_labels(
    gold: Labelled, texts: Embeddings, _queries: object, _reference: object, copies: NDArray[np.int64] | None
) -> dict[str, Estimate]:
    codes, groups, near = gold.codes, gold.groups, partial(neighbor_purity, n_neighbors=gold.n_neighbors)
    # A copy lies at distance 0, which would say that the labels stand apart.
    kept, inverse = np.unique(np.stack([gold.copies, codes]), axis=1, return_index=True, return_inverse=True)[1:]
    silhouettes = cosine_silhouette(texts[kept], codes[kept])[inverse]
    figures: dict[str, Estimate] = {"silhouette": MeanEstimate(silhouettes, groups, (-1, 1))}
    # A run of KMeans takes about as long as probe and neighbours together: each is a thread's work.
    work: list[Callable[[], Any]] = [
        partial(_unseen_and_near, probe_hits, near, codes, _probed_rows(codes), texts, groups, copies),
        *(partial(_clustered, texts, int(codes.max()) + 1, start) for start in _STARTS),
    ]
    with Threads() as threads:
        found, *clusterings = threads.each(lambda part: part(), work)
    figures |= zip(("probe_accuracy", "neighbor_purity"), found, strict=False)
    if all(labels is not None for labels in clusterings):
        figures |= _of_clusters(gold, clusterings)
    return figures


def _of_several(
    gold: MultiLabelled, texts: Embeddings, _queries: object, _reference: object, copies: NDArray[np.int64] | None
) -> dict[str, Estimate]:
    rows = _probed_rows(rarest_labels(gold.members))
    found = _unseen_and_near(probe_jaccard, neighbor_jaccard, gold.members, rows, texts, gold.groups, copies)
    return dict(zip(("probe_jaccard", "neighbor_jaccard"), found, strict=False))


def _unseen_and_near(
    probe: Callable[..., NDArray[Any]],
    near: Callable[..., NDArray[Any]],
    known: NDArray[Any],
    rows: NDArray[np.int64],
    texts: Embeddings,
    groups: NDArray[np.int64],
    copies: NDArray[np.int64] | None,
) -> list[MeanEstimate]:
    """Return what a probe of some rows, and the neighbours of these, say of what is known; nothing of copies alone."""
    try:
        some = None if copies is None else copies[rows]
        of_probe = probe(texts[rows], known[rows], groups=groups[rows], copies=some)
    except InvalidInputError:  # All texts are copies of each other to this model.
        return []
    of_neighbors = near(texts, known, groups=groups, copies=copies, rows=rows)
    return [mean_of(values, rows, groups) for values in (of_probe, of_neighbors)]


def _clustered(texts: Embeddings, n_clusters: int, start: int) -> NDArray[np.int64] | None:
    """Return the cluster of each text; None where there are fewer different rows than labels."""
    try:
        return cluster(texts, n_clusters, random_state=start).labels
    except InvalidInputError:
        return None


def _of_clusters(gold: Labelled, found: list[NDArray[np.int64]]) -> dict[str, Estimate]:
    both = [rand_and_information(labels, gold.codes) for labels in found]

    def mean_of(which: int, counts: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.mean([figures(counts)[which] for figures in both], axis=0)

    # The mutual information of few rows is too large by what depends on their number and that of the labels.
    return {
        "ari": ResampledEstimate(partial(mean_of, 0), gold.groups),
        "nmi": ResampledEstimate(partial(mean_of, 1), gold.groups, has_interval=False),
    }


def _of_texts(
    gold: Unlabelled, texts: Embeddings, _queries: object, reference: Embeddings | None, *_: object
) -> dict[str, Estimate]:
    n = len(gold.originals)
    unit = normalize_rows(texts)
    originals = unit[:n]
    figures: dict[str, Estimate] = {}
    if reference is not None:
        rows = sample_positions(n, SAMPLED_ROWS, random_state=0)
        near = (nearest_others(each, rows, min(CUTOFF, n - 1)) for each in (originals, reference))
        figures["agreement"] = mean_of(shared_neighbors(*near), rows, gold.groups)
    for name in ("typo", "case"):
        if gold.changed[name]:
            rows, places = (np.array(list(each)) for each in (gold.changed[name], gold.changed[name].values()))
            hits = _found_first(originals, unit[places], rows, gold.copies)
            figures[name] = mean_of(hits, rows, gold.groups)
    rows = np.array([row for row in gold.changed["negation"] if row in gold.changed["typo"]], dtype=np.int64)
    if len(rows):
        slipped, negated = (
            np.einsum("ij,ij->i", originals[rows], unit[[gold.changed[name][row] for row in rows.tolist()]])
            for name in ("typo", "negation")
        )
        apart = slipped - negated
        hits = np.where(np.abs(apart) <= ROUNDING, 0.5, apart > 0) * unit[rows].any(axis=1)
        figures["negation"] = mean_of(hits, rows, gold.groups)
    return figures


def mean_of(values: NDArray[Any], rows: NDArray[np.int64], groups: NDArray[np.int64]) -> MeanEstimate:
    """Return the mean of the values that some rows have, among rows that have none."""
    full = np.full(len(groups), np.nan)
    full[rows] = values
    return MeanEstimate(full, groups)


def _found_first(
    originals: Embeddings, changed: Embeddings, rows: NDArray[np.int64], copies: NDArray[np.int64]
) -> NDArray[np.float64]:
    """Return how likely the nearest original of each changed text is its own, or a copy, where equals are drawn among.

    Without a vector a text is never found.
    """
    found = np.empty(len(rows))
    with Threads() as threads:
        for block in row_blocks(len(rows), len(originals)):
            cosines = threads.product(changed[block], originals.T)
            is_first = cosines >= cosines.max(axis=1, keepdims=True) - ROUNDING
            is_own = copies == copies[rows[block]][:, None]
            found[block] = (is_first & is_own).sum(axis=1) / is_first.sum(axis=1)
    return found * changed.any(axis=1) * originals[rows].any(axis=1)


_BY_KIND: dict[str, Callable[..., dict[str, Estimate]]] = {
    "pairs": _of_pairs,
    "retrieval": _of_retrieval,
    "labels": _of_labels,
    "several labels": _of_several,
    "texts": _of_texts,
}


def _probed_rows(codes: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return at most ``SAMPLED_ROWS`` rows, five of each label among them."""
    if len(codes) <= SAMPLED_ROWS:
        return np.arange(len(codes))
    order = np.random.default_rng(0).permutation(len(codes))
    first = np.concatenate([order[codes[order] == label][:5] for label in np.unique(codes)])
    rest = order[~np.isin(order, first)]
    return np.sort(np.concatenate([first, rest[: max(0, SAMPLED_ROWS - len(first))]]))
