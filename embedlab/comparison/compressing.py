"""Figures of compressed vectors: fitted to texts set apart, compared as a store does, and how much they keep."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from embedlab.comparison.measures import in_order
from embedlab.comparison.measuring import SAMPLED_ROWS, mean_of, measure, named_figures
from embedlab.compression import FULL, fit_compression, nearest_by_codes, nearest_others_by_codes
from embedlab.evaluation import CUTOFF, RANKING_FIGURES, ranking_figures
from embedlab.gold import Retrieval, set_apart
from embedlab.neighbors import nearest_others
from embedlab.rows import normalize_rows, row_blocks, sample_positions
from embedlab.similarity import different_rows, shared_neighbors

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from embedlab.comparison.candidates import Candidate
    from embedlab.compression import FittedCompression
    from embedlab.gold import Gold
    from embedlab.intervals import Estimate, MeanEstimate

    Embeddings = NDArray[np.float32]

# Texts whose neighbours are looked for by codes, at most.
_ASKED_ROWS = 2_000


def part_to_judge(gold: Gold, candidates: Iterable[Candidate]) -> Gold:
    """Return what is known about the texts that none of the candidates is fitted to; all where none is fitted.

    All candidates are judged by the same part, so that they can be held against each other.

    Raises
    ------
    InvalidInputError
        When there are too few texts to fit one of them to, and to judge by.
    """
    n_needed = max((each.compression.n_texts_needed for each in candidates), default=0)
    return set_apart(gold, n_needed) if n_needed else gold


def as_compared(
    fitted: FittedCompression, texts: Embeddings, queries: Embeddings | None
) -> tuple[Embeddings, Embeddings | None]:
    """Return what codes of texts stand for, and queries as they are held against them; of no vector there is none."""
    stored = fitted.decode(fitted.encode(texts))
    stored[~texts.any(axis=1)] = 0  # Its bits would point somewhere.
    if queries is None:
        return stored, None
    asked = fitted.as_queries(queries).copy()
    asked[~queries.any(axis=1)] = 0
    return stored, asked


def measure_compressed(
    gold: Gold,
    texts: Embeddings,
    queries: Embeddings | None,
    reference: Embeddings | None,
    fitted: FittedCompression,
) -> dict[str, Estimate]:
    """Take all figures of compressed vectors that what is known about the texts allows.

    Parameters
    ----------
    gold, texts, queries, reference
        As for :func:`embedlab.comparison.measuring.measure`: full embeddings.
    fitted : FittedCompression

    Returns
    -------
    dict of str to Estimate
        Hits of a search are what is rescored. Of other figures there are none of rescored vectors, but for the
        agreement with the reference.
    """
    figures: dict[str, Estimate] = {}
    if not fitted.compression.rescore:
        # Many texts may have the same few bits; copies are those with the same full embedding.
        copies = different_rows(normalize_rows(texts))[1]
        figures |= measure(gold, *as_compared(fitted, texts, queries), copies=copies)
    elif isinstance(gold, Retrieval) and queries is not None:
        figures |= _of_rescored(gold, texts, queries, fitted)
    if reference is not None:
        n = len(gold.corpus)
        rows, k = sample_positions(n, SAMPLED_ROWS, random_state=0), min(CUTOFF, n - 1)
        near = nearest_others_by_codes(fitted, texts[:n], rows, k)
        figures["agreement"] = mean_of(shared_neighbors(near, nearest_others(reference, rows, k)), rows, gold.groups)
    return in_order(figures)


def neighbors_kept(gold: Gold, texts: Embeddings, fitted: FittedCompression) -> MeanEstimate:
    """Return the share of the ten nearest other texts by full embeddings that a search of codes finds, too."""
    n = len(gold.corpus)
    rows, k = sample_positions(n, _ASKED_ROWS, random_state=0), min(CUTOFF, n - 1)
    full = fit_compression(FULL, texts[:1], normalize_embeddings=fitted.normalize_embeddings)
    near, found = (nearest_others_by_codes(each, texts[:n], rows, k) for each in (full, fitted))
    copies = np.unique(np.array(gold.corpus, dtype=object).astype(str), return_inverse=True)[1]
    return mean_of(shared_neighbors(near, found), rows, copies)


def _of_rescored(
    gold: Retrieval, texts: Embeddings, queries: Embeddings, fitted: FittedCompression
) -> dict[str, Estimate]:
    """Take the figures of a search that finds some texts by codes and orders them by the full embeddings."""
    found, products = nearest_by_codes(fitted, texts, queries, min(gold.top_k, len(texts)))
    figures = np.empty((len(queries), len(RANKING_FIGURES)))
    for block in row_blocks(len(queries), len(texts)):
        scores = np.full((len(found[block]), len(texts)), -np.inf, dtype=np.float32)
        np.put_along_axis(scores, found[block], products[block], axis=1)
        scores[:, ~texts.any(axis=1)] = -np.inf
        scores[~queries[block].any(axis=1)] = -np.inf
        figures[block] = ranking_figures(scores, gold.grades[block], gold.top_k)
    return named_figures(gold, figures)
