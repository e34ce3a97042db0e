"""Figures for a comparison, each with its sampling error."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from embedlab.clustering import cluster, cosine_silhouette
from embedlab.comparison.gold import Gold, Labelled, Pairs, Retrieval, Unlabelled
from embedlab.errors import InvalidInputError
from embedlab.evaluation import (
    CUTOFF,
    Estimate,
    estimate,
    mean_estimate,
    neighbor_purity,
    probe_hits,
    rand_and_information,
    rank_correlation,
    retrieval_figures,
    weighted_correlation,
)
from embedlab.rows import ROUNDING, normalize_rows, row_blocks, sample_positions
from embedlab.similarity import nearest_others, paired_cosine_similarity, shared_neighbors

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Embeddings = NDArray[np.float32]

# Rows that a probe and neighbour lists are taken from, at most; neighbours are looked for among all rows.
_SAMPLED_ROWS = 5_000
# KMeans ends differently from different starts; the mean over some of them says more about the embeddings.
_STARTS = range(5)
# How far the squared length of a normalised row may be from 1.
_UNIT = 1e-4


@dataclass(frozen=True)
class Measure:
    """A figure with the words the app uses for it. All of them are better when larger."""

    title: str
    description: str


MEASURES: dict[str, Measure] = {
    "spearman": Measure("Spearman", "How well similarities are in the order of the scores, from -1 to 1."),
    "pearson": Measure("Pearson", "How nearly similarities and scores lie on a line, from -1 to 1."),
    "ndcg_at_10": Measure("nDCG@10", "Whether relevant texts come first among ten hits, from 0 to 1."),
    "mrr_at_10": Measure("MRR@10", "1 over the rank of the first relevant hit; 0 when it is not among ten."),
    "recall_at_10": Measure("Recall@10", "Share of the relevant texts that are among the first ten hits."),
    "probe_accuracy": Measure(
        "Probe accuracy", "Share of labels that logistic regression predicts right, on texts it has not seen."
    ),
    "neighbor_purity": Measure("kNN purity", "Share of the ten nearest texts that have the same label."),
    "silhouette": Measure("Silhouette", "How clearly the labels stand apart, from -1 to 1; near 0 they overlap."),
    "ari": Measure(
        "KMeans ARI",
        "Agreement of KMeans clusters with the labels: 1 the same, 0 chance. Mean of five starts.",
    ),
    "nmi": Measure("KMeans NMI", "How much KMeans clusters tell about the labels, from 0 to 1. Mean of five starts."),
    "agreement": Measure("Agreement", "Share of the ten nearest texts in common with the reference."),
    "typo": Measure("Typos", "Share of texts that are still found first after two letters were swapped."),
    "case": Measure("Capitals", "Share of texts that are still found first when written in capitals."),
    "negation": Measure(
        "Negation", "Share of statements whose opposite lies farther away than the same statement with a typo."
    ),
}
"""The figures a comparison may hold, those of one kind of data beside each other, the main one first."""


def measure(
    gold: Gold, texts: Embeddings, queries: Embeddings | None = None, reference: Embeddings | None = None
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

    Returns
    -------
    dict of str to Estimate
        Keys of ``MEASURES``; what cannot be taken is left out.
    """
    figures = _BY_KIND[gold.kind](gold, texts, queries, reference)
    return {name: figures[name] for name in MEASURES if name in figures and np.isfinite(figures[name].value)}


def as_cosines(texts: Embeddings, queries: Embeddings) -> tuple[Embeddings, Embeddings]:
    """Return rows whose cosines are in the order of the dot products: one more number makes all texts equally long."""
    squares = np.einsum("ij,ij->i", texts, texts, dtype=np.float64)
    lacking = np.sqrt(np.maximum(0, squares.max() - squares))
    added = np.zeros(len(queries), dtype=np.float32)
    return np.column_stack([texts, lacking]).astype(np.float32), np.column_stack([queries, added])


def _of_pairs(gold: Pairs, texts: Embeddings, *_: object) -> dict[str, Estimate]:
    n = len(gold.scores)
    products = _products(texts[:n], texts[n:])
    return {
        name: estimate(n, partial(correlation, products, gold.scores), gold.groups, bounds=(-1, 1))
        for name, correlation in (("spearman", rank_correlation), ("pearson", weighted_correlation))
    }


def _products(a: Embeddings, b: Embeddings) -> NDArray[np.float64]:
    """Return the dot product of each row with its pair: its cosine where all rows have length 1, 1 for equal texts."""
    squares = np.concatenate([np.einsum("ij,ij->i", rows, rows) for rows in (a, b)])
    if np.abs(squares - 1).max() < _UNIT:
        return paired_cosine_similarity(a, b).astype(np.float64)
    return np.einsum("ij,ij->i", a, b).astype(np.float64)


def _of_retrieval(gold: Retrieval, texts: Embeddings, queries: Embeddings, *_: object) -> dict[str, Estimate]:
    stored, asked = as_cosines(texts, queries)
    stored[~texts.any(axis=1)] = 0  # What has no vector is never found.
    figures = retrieval_figures(stored, asked, gold.grades)
    names = ("ndcg_at_10", "mrr_at_10", "recall_at_10")
    return {name: mean_estimate(column, gold.groups, (0, 1)) for name, column in zip(names, figures.T, strict=True)}


def _of_labels(gold: Labelled, texts: Embeddings, *_: object) -> dict[str, Estimate]:
    codes, groups = gold.codes, gold.groups
    rows = _probed_rows(codes)
    # A copy lies at distance 0, which would say that the labels stand apart.
    kept, inverse = np.unique(np.stack([gold.copies, codes]), axis=1, return_index=True, return_inverse=True)[1:]
    silhouettes = cosine_silhouette(texts[kept], codes[kept])[inverse]
    figures = {"silhouette": mean_estimate(silhouettes, groups, (-1, 1))}
    with suppress(InvalidInputError):  # All texts are copies of each other to this model.
        hits = probe_hits(texts[rows], codes[rows], groups=groups[rows]).astype(np.float64)
        figures["probe_accuracy"] = mean_estimate(hits, groups[rows], (0, 1))
        purity = neighbor_purity(texts, codes, groups=groups, rows=rows)
        figures["neighbor_purity"] = mean_estimate(purity, groups[rows], (0, 1))
    with suppress(InvalidInputError):  # There are fewer different rows than labels.
        figures |= _of_clusters(gold, texts)
    return figures


def _of_clusters(gold: Labelled, texts: Embeddings) -> dict[str, Estimate]:
    n_labels = int(gold.codes.max()) + 1
    found = [cluster(texts, n_labels, random_state=start).labels for start in _STARTS]
    both = [rand_and_information(labels, gold.codes) for labels in found]
    bounds = {"ari": (-0.5, 1.0), "nmi": (0.0, 1.0)}

    def mean_of(which: int, counts: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.mean([figures(counts)[which] for figures in both], axis=0)

    return {
        name: estimate(len(gold.codes), partial(mean_of, which), gold.groups, ends)
        for which, (name, ends) in enumerate(bounds.items())
    }


def _of_texts(
    gold: Unlabelled, texts: Embeddings, _queries: object, reference: Embeddings | None
) -> dict[str, Estimate]:
    n = len(gold.originals)
    unit = normalize_rows(texts)
    originals = unit[:n]
    figures: dict[str, Estimate] = {}
    if reference is not None:
        rows = sample_positions(n, _SAMPLED_ROWS, random_state=0)
        near = (nearest_others(each, rows, min(CUTOFF, n - 1)) for each in (originals, reference))
        figures["agreement"] = mean_estimate(shared_neighbors(*near), gold.groups[rows], (0, 1))
    for name in ("typo", "case"):
        if gold.changed[name]:
            rows, places = (np.array(list(each)) for each in (gold.changed[name], gold.changed[name].values()))
            hits = _found_first(originals, unit[places], rows, gold.copies)
            figures[name] = mean_estimate(hits, gold.groups[rows], (0, 1))
    rows = np.array([row for row in gold.changed["negation"] if row in gold.changed["typo"]], dtype=np.int64)
    if len(rows):
        slipped, negated = (
            np.einsum("ij,ij->i", originals[rows], unit[[gold.changed[name][row] for row in rows.tolist()]])
            for name in ("typo", "negation")
        )
        apart = slipped - negated
        hits = np.where(np.abs(apart) <= ROUNDING, 0.5, apart > 0) * unit[rows].any(axis=1)
        figures["negation"] = mean_estimate(hits, gold.groups[rows], (0, 1))
    return figures


def _found_first(
    originals: Embeddings, changed: Embeddings, rows: NDArray[np.int64], copies: NDArray[np.int64]
) -> NDArray[np.float64]:
    """Return how likely the nearest original of each changed text is its own, or a copy, where equals are drawn among.

    Without a vector a text is never found.
    """
    found = np.empty(len(rows))
    for block in row_blocks(len(rows), len(originals)):
        cosines = changed[block] @ originals.T
        is_first = cosines >= cosines.max(axis=1, keepdims=True) - ROUNDING
        is_own = copies == copies[rows[block]][:, None]
        found[block] = (is_first & is_own).sum(axis=1) / is_first.sum(axis=1)
    return found * changed.any(axis=1) * originals[rows].any(axis=1)


_BY_KIND: dict[str, Callable[..., dict[str, Estimate]]] = {
    "pairs": _of_pairs,
    "retrieval": _of_retrieval,
    "labels": _of_labels,
    "texts": _of_texts,
}


def _probed_rows(codes: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return at most ``_SAMPLED_ROWS`` rows, five of each label among them."""
    if len(codes) <= _SAMPLED_ROWS:
        return np.arange(len(codes))
    order = np.random.default_rng(0).permutation(len(codes))
    first = np.concatenate([order[codes[order] == label][:5] for label in np.unique(codes)])
    rest = order[~np.isin(order, first)]
    return np.sort(np.concatenate([first, rest[: max(0, _SAMPLED_ROWS - len(first))]]))
