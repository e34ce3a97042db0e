"""Why one embeds: the time to compare all texts by a cross-encoder, and to embed them once, measured here.

A cross-encoder has to read every pair, n (n - 1) / 2 of them; embeddings are made once a text, and pairs are products.
sentence-transformers' paper tells it of 10,000 sentences: 65 hours against 5 seconds.

References
----------
N. Reimers and I. Gurevych, "Sentence-BERT: Sentence Embeddings using Siamese BERT-Networks", EMNLP 2019, section 1.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from embedlab.errors import InvalidInputError
from embedlab.rows import normalize_rows, sample_positions

if TYPE_CHECKING:
    from embedlab.encoders import Encoder
    from embedlab.reranking import Reranker

_SAMPLED_TEXTS, _SAMPLED_PAIRS = 256, 128
# Rows of the products that are timed.
_PRODUCTS = 2_000


@dataclass(frozen=True)
class PairCost:
    """What it takes to compare every text with every other, by speeds measured on this machine. All times in seconds.

    Parameters
    ----------
    encoder, reranker : str
        Who was measured.
    device : str
        Where.
    pairs_per_second : float
        Of texts by the cross-encoder.
    texts_per_second : float
        Of the encoder.
    products_per_second : float
        Cosines of two embeddings.

    Examples
    --------
    >>> cost = PairCost("e", "r", "cpu", pairs_per_second=100.0, texts_per_second=1000.0, products_per_second=1e9)
    >>> cost.n_pairs(10_000)
    49995000
    >>> cost.by_cross_encoder(10_000) / 3600, cost.by_embeddings(10_000)  # hours against seconds
    (138.875, 10.049995)
    """

    encoder: str
    reranker: str
    device: str
    pairs_per_second: float
    texts_per_second: float
    products_per_second: float

    @staticmethod
    def n_pairs(n_texts: int) -> int:
        """Return the number of pairs of some texts."""
        return n_texts * (n_texts - 1) // 2

    def by_cross_encoder(self, n_texts: int) -> float:
        """Return how long all pairs would take it."""
        return self.n_pairs(n_texts) / self.pairs_per_second

    def by_embeddings(self, n_texts: int) -> float:
        """Return how long it takes to embed the texts and to multiply all pairs."""
        return n_texts / self.texts_per_second + self.n_pairs(n_texts) / self.products_per_second

    def of_a_question(self, n_texts: int, depth: int) -> tuple[float, float, float]:
        """Return how long a question takes: a cross-encoder alone, embeddings alone, and ``depth`` of them reranked."""
        search = 1 / self.texts_per_second + n_texts / self.products_per_second
        return n_texts / self.pairs_per_second, search, search + min(depth, n_texts) / self.pairs_per_second


def measure_pair_cost(
    encoder: Encoder,
    reranker: Reranker,
    texts: Sequence[str],
    *,
    random_state: int = 0,
    progress: Callable[[int, int], None] | None = None,
) -> PairCost:
    """Measure the speeds of an encoder and of a cross-encoder on a sample of texts, by the clock.

    Parameters
    ----------
    encoder : Encoder
    reranker : Reranker
    texts : sequence of str
        At least two.
    random_state : int, default=0
    progress : callable, optional
        Called as ``progress(done, total)`` in steps.

    Raises
    ------
    InvalidInputError
        For fewer than two texts.
    """
    if len(texts) < 2:
        raise InvalidInputError("To compare texts takes two of them at least. Load more.")
    rows = sample_positions(len(texts), _SAMPLED_TEXTS, random_state=random_state)
    sample = [texts[row] for row in rows.tolist()]
    rng = np.random.default_rng(random_state)
    first = sample[int(rng.integers(len(sample)))]
    others = [sample[row] for row in rng.integers(len(sample), size=_SAMPLED_PAIRS).tolist()]
    encoder.encode(sample[:8])  # What is made ready once, on the first call, is not the speed.
    reranker.score(first, others[:8])
    steps: list[tuple[int, Callable[[], object]]] = [
        (len(sample), lambda: encoder.encode(sample)),
        (len(others), lambda: reranker.score(first, others)),
    ]
    rates = []
    for done, (number, work) in enumerate(steps, 1):
        rates.append(number / max(_seconds(work), 1e-9))
        if progress is not None:
            progress(done, len(steps))
    vectors = normalize_rows(rng.standard_normal((_PRODUCTS, encoder.embedding_dimension)).astype(np.float32))
    products = _PRODUCTS**2 / max(_seconds(lambda: vectors @ vectors.T), 1e-9)
    return PairCost(encoder.name, reranker.name, reranker.device, rates[1], rates[0], products)


def _seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start
