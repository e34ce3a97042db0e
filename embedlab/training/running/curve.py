"""The figure that is watched while a model learns: one number, quickly had, on texts that are not learned from."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from embedlab.evaluation import RANKING_FIGURES, neighbor_jaccard, neighbor_purity, rank_correlation, retrieval_figures
from embedlab.gold import Gold, Labelled, MultiLabelled, Pairs, Retrieval, Unlabelled
from embedlab.neighbors import nearest_others
from embedlab.rows import normalize_rows
from embedlab.similarity import paired_cosine_similarity, shared_neighbors
from embedlab.training.running.loop import features_of

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from sentence_transformers import SentenceTransformer

    Embeddings = NDArray[np.float32]

# Texts in a batch that is only read.
_BATCH = 64


def measure_of(gold: Gold, *, has_teacher: bool) -> str:
    """Return which figure is watched, a key of ``embedlab.comparison.MEASURES``."""
    if isinstance(gold, Unlabelled):
        return "agreement" if has_teacher else "typo"
    if isinstance(gold, Retrieval):
        return f"ndcg_at_{gold.top_k}"
    return {Pairs: "spearman", Labelled: "neighbor_purity", MultiLabelled: "neighbor_jaccard"}[type(gold)]


class Curve:
    """Takes the figure of a model, time and again; its texts are made into tokens once.

    Parameters
    ----------
    model : SentenceTransformer
    gold : Gold
    prompts : tuple of str
        What is put before queries, and before other texts.
    reference : float array of shape (n, d), optional
        What a teacher has for the texts, where nothing else is known of them.
    """

    def __init__(
        self, model: SentenceTransformer, gold: Gold, prompts: tuple[str, str], reference: Embeddings | None = None
    ) -> None:
        self._model, self._gold, self._reference = model, gold, reference
        if isinstance(gold, Labelled):
            self._gold = gold.fitted()
        texts = gold.corpus if reference is not None else gold.texts
        self._queries, self._texts = (
            self._read(list(each), prompt) for each, prompt in ((gold.queries, prompts[0]), (texts, prompts[1]))
        )

    def figure(self) -> float:
        """Return the figure of the model as it is now."""
        return _FIGURES[type(self._gold)](self._gold, self._encode(self._texts), self._asked())

    def _asked(self) -> Embeddings | None:
        return self._encode(self._queries) if self._queries[1] else self._reference

    def _read(self, texts: list[str], prompt: str) -> tuple[NDArray[np.int64], list[dict[str, Any]]]:
        """Return the order in which texts are read, by length, and the tokens of each batch of them."""
        order = np.argsort([len(text) for text in texts], kind="stable")
        batches = [order[start : start + _BATCH].tolist() for start in range(0, len(texts), _BATCH)]
        return order, [features_of(self._model, [texts[row] for row in rows], prompt) for rows in batches]

    def _encode(self, read: tuple[NDArray[np.int64], list[dict[str, Any]]]) -> Embeddings:
        import torch

        order, batches = read
        self._model.eval()
        with torch.inference_mode():
            rows = [self._model(dict(features))["sentence_embedding"].float().cpu().numpy() for features in batches]
        found = np.concatenate(rows)
        embeddings = np.empty_like(found)
        embeddings[order] = found
        return normalize_rows(embeddings)


def _of_pairs(gold: Pairs, texts: Embeddings, _: object) -> float:
    n = len(gold.scores)
    cosines = paired_cosine_similarity(texts[:n], texts[n:]).astype(np.float64)
    return float(rank_correlation(cosines, gold.scores, np.ones((1, n)))[0])


def _of_labels(gold: Labelled, texts: Embeddings, _: object) -> float:
    known = {"groups": gold.groups, "copies": gold.copies, "n_neighbors": gold.n_neighbors}
    return float(np.nanmean(neighbor_purity(texts, gold.codes, **known)))


def _of_several(gold: MultiLabelled, texts: Embeddings, _: object) -> float:
    return float(np.nanmean(neighbor_jaccard(texts, gold.members, groups=gold.groups, copies=gold.copies)))


def _of_retrieval(gold: Retrieval, texts: Embeddings, queries: Embeddings) -> float:
    figures = retrieval_figures(texts, queries, gold.grades, gold.top_k)
    return float(figures[:, RANKING_FIGURES.index("ndcg")].mean())


def _of_texts(gold: Unlabelled, texts: Embeddings, reference: Embeddings | None) -> float:
    """Return the share of the teacher's neighbours; without one, how many texts with a slip are found again."""
    if reference is not None:
        rows = np.arange(len(texts))
        near = (nearest_others(each, rows, min(10, len(rows) - 1)) for each in (texts, normalize_rows(reference)))
        return float(shared_neighbors(*near).mean())
    rows, places = (np.array(list(each)) for each in (gold.changed["typo"], gold.changed["typo"].values()))
    cosines = texts[places] @ texts[: len(gold.originals)].T
    return float((gold.copies[cosines.argmax(axis=1)] == gold.copies[rows]).mean())


_FIGURES: dict[type[Gold], Callable[..., float]] = {
    Pairs: _of_pairs,
    Labelled: _of_labels,
    MultiLabelled: _of_several,
    Retrieval: _of_retrieval,
    Unlabelled: _of_texts,
}
