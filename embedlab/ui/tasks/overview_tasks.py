"""What the similarity of all texts, the meaning of a cosine and the shape of the space take, each as a task."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from embedlab.comparison import Candidate, embed
from embedlab.geometry import Fertility, SpaceShape, fertility, space_shape
from embedlab.jobs import Report, Task
from embedlab.rows import sample_positions
from embedlab.similarity import (
    GroupOrder,
    GroupSimilarities,
    SimilarityHistogram,
    group_order,
    group_similarities,
    neighbor_rank,
    similarity_histogram,
    similarity_image,
)
from embedlab.texts import texts_digest
from embedlab.thresholds import KnownCosines, gold_cosines, known_cosines
from embedlab.ui.tasks.text_tasks import Embedded

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from embedlab.datasets import Corpus
    from embedlab.encoders import Encoder
    from embedlab.gold import Gold
    from embedlab.store import EmbeddingStore

MAX_PIXELS = 640
"""Pixels along a side of the image: about as many as a screen has room for."""

# Of 0.01 each.
_BINS = 200
# So many texts are embedded once more, as the model gives them, for their lengths.
_MEASURED_TEXTS = 1_000


@dataclass(frozen=True)
class Reading:
    """How a model reads some texts: the tokens of their words, and the lengths of its vectors as it gives them.

    ``mean_length`` and ``std_length`` are of ``n_measured`` texts.
    """

    fertility: Fertility
    mean_length: float
    std_length: float
    n_measured: int


def order_groups(embedded: Embedded, name: Hashable, codes: NDArray[np.int64]) -> Task[GroupOrder]:
    """Put each group into one run; ``name`` tells what the groups are."""
    return Task(
        ("group order", embedded.key, name),
        f"Ordering {len(codes):,} texts",
        lambda report: group_order(embedded.vectors, codes),
    )


def draw_image(
    embedded: Embedded,
    name: Hashable,
    order: NDArray[np.int64],
    rows: tuple[int, int],
    columns: tuple[int, int],
) -> Task[NDArray[np.float32]]:
    """Average the cosines of a part of the matrix; ``name`` tells what the order is."""
    return Task(
        ("similarity image", embedded.key, name, rows, columns),
        f"Drawing the similarity of {len(order):,} texts",
        lambda report: similarity_image(embedded.vectors, order, MAX_PIXELS, rows, columns, progress=report),
    )


def count_cosines(embedded: Embedded) -> Task[SimilarityHistogram]:
    """Count how many pairs are how similar."""
    return Task(
        ("similarity histogram", embedded.key),
        f"Counting the pairs of {len(embedded.vectors):,} texts",
        lambda report: similarity_histogram(embedded.vectors, _BINS, progress=report),
    )


def compare_groups(embedded: Embedded, name: Hashable, codes: NDArray[np.int64]) -> Task[GroupSimilarities]:
    """Average the cosines within and between groups."""
    return Task(
        ("group similarities", embedded.key, name),
        f"Comparing the groups of {len(codes):,} texts",
        lambda report: group_similarities(embedded.vectors, codes),
    )


def rank_pair(embedded: Embedded, row: int, other: int) -> Task[tuple[int, int]]:
    """Find which place each of two texts takes among all, seen from the other: first ``other``, then ``row``."""
    vectors = embedded.vectors
    return Task(
        ("ranks", embedded.key, row, other),
        f"Comparing two texts with {len(vectors):,}",
        lambda report: (neighbor_rank(vectors, row, other), neighbor_rank(vectors, other, row)),
    )


def know_labels(embedded: Embedded, corpus: Corpus, column: str) -> Task[KnownCosines]:
    """Count the cosines of texts of one label, and of different ones; passages of one document make no pair."""
    labels = corpus.known_labels(column)
    return Task(
        ("known cosines", embedded.key, texts_digest(list(map(repr, labels)))),
        f"Counting pairs of {len(labels):,} texts by {column}",
        lambda report: known_cosines(embedded.vectors, labels=labels, groups=corpus.document, progress=report),
    )


def know_gold(
    gold: Gold, candidate: Candidate, encoder: Encoder, store: EmbeddingStore, cut: float | None
) -> Task[KnownCosines]:
    """Embed what a table knows pairs of as a candidate does, and count their cosines."""

    def work(report: Report) -> KnownCosines:
        return gold_cosines(gold, *embed(gold, candidate, encoder, store, report), cut=cut, progress=report)

    spec = candidate.spec(encoder, encoder.document_prompt_name if gold.queries else None).digest
    return Task(("known cosines", gold.digest, spec, cut), f"Embedding {len(gold.texts):,} texts", work)


def measure_shape(embedded: Embedded, corpus: Corpus, column: str | None) -> Task[SpaceShape]:
    """Measure the shape of the space of some embeddings."""
    labels = None if column is None else corpus.labels(column)
    named = None if labels is None else texts_digest(list(map(str, labels)))
    return Task(
        ("space shape", embedded.key, named),
        f"Measuring the space of {len(embedded.vectors):,} texts",
        lambda report: space_shape(embedded.vectors, labels, progress=report),
    )


def read_words(corpus: Corpus, encoder: Encoder, pooling_mode: str) -> Task[Reading]:
    """Count the tokens of words, and measure the vectors of a sample as the model gives them."""
    rows = sample_positions(len(corpus.texts), _MEASURED_TEXTS, random_state=0)

    def work(report: Report) -> Reading:
        texts = [corpus.texts[row] for row in rows.tolist()]
        given = encoder.encode(texts, pooling_mode=pooling_mode, normalize_embeddings=False, progress=report)
        lengths = np.linalg.norm(given.astype(np.float64), axis=1)
        return Reading(fertility(encoder, corpus.texts), float(lengths.mean()), float(lengths.std()), len(rows))

    spec = encoder.spec(pooling_mode=pooling_mode, normalize_embeddings=False).digest
    return Task(("reading", corpus.digest, spec), f"Counting the tokens of {len(corpus.texts):,} texts", work)
