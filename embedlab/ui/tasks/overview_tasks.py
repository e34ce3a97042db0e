"""What the similarity of all texts takes, each as a task; see ``tasks.py``."""

from __future__ import annotations

from collections.abc import Hashable
from typing import TYPE_CHECKING

import numpy as np

from embedlab.jobs import Task
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
from embedlab.ui.tasks.text_tasks import Embedded

if TYPE_CHECKING:
    from numpy.typing import NDArray

MAX_PIXELS = 640
"""Pixels along a side of the image: about as many as a screen has room for."""

# Of 0.01 each.
_BINS = 200


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
