"""How many clusters there should be."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING

import numpy as np

from embedlab.clustering._kmeans import kmeans_of_each
from embedlab.clustering.result import Suggestion
from embedlab.clustering.silhouette import silhouettes
from embedlab.compute import Threads
from embedlab.rows import normalize_rows, sample_positions
from embedlab.similarity import different_rows
from embedlab.validation import as_embeddings, check_integer, check_random_state

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

MAX_SUGGESTED_CLUSTERS = 50
"""Largest number of clusters that is suggested unasked."""

# Numbers of clusters are compared on so many rows, since many are tried.
COMPARED_ROWS = 4_000


def suggest_n_clusters(
    embeddings: ArrayLike,
    *,
    k_range: Iterable[int] | None = None,
    random_state: int = 0,
    progress: Callable[[int, int], None] | None = None,
) -> Suggestion:
    """Try several numbers of clusters, on 4,000 rows at most, and suggest the one that separates them best.

    Parameters
    ----------
    embeddings : array-like of shape (n, d)
    k_range : iterable of int, default=None
        The numbers to try. None tries some from 2 to the square root of n, or to ``MAX_SUGGESTED_CLUSTERS``, and then
        those around the best.
    random_state : int, default=0
    progress : callable, default=None
        Called with the numbers tried and those to try so far, after each; what it raises ends the work.

    Returns
    -------
    Suggestion
        Without candidates, and 1 suggested, when there are fewer than three different rows.

    Raises
    ------
    InvalidInputError
        When ``k_range`` holds a number below 2 or not below the number of different rows.
    """
    unit = normalize_rows(as_embeddings(embeddings))
    check_random_state(random_state)
    sample = unit[sample_positions(len(unit), COMPARED_ROWS, random_state)]
    most = len(different_rows(sample)[0]) - 1
    if k_range is not None:
        k_range = {check_integer(k, "k_range", 2, most, f"there are {most + 1:,} different texts") for k in k_range}

    def labels_of_each(numbers: Sequence[int], threads: Threads) -> Iterable[NDArray[np.int64]]:
        return (found.labels for found in kmeans_of_each(sample, numbers, random_state, threads))

    return compare_numbers(sample, labels_of_each, most, k_range, progress)


def compare_numbers(
    sample: NDArray[np.float32],
    labels_of_each: Callable[[Sequence[int], Threads], Iterable[NDArray[np.int64]]],
    most: int,
    numbers: Iterable[int] | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Suggestion:
    """Cluster some rows into each number of clusters, and suggest the best separated.

    ``labels_of_each`` gives the labels for each of several numbers, in their order. ``most`` is the largest number that
    is possible; without ``numbers`` some up to it are tried, then those around the best.
    """
    tried: dict[int, float] = {}

    def measure(numbers: Iterable[int]) -> None:
        # The largest first: it takes longest, and nobody should wait for it alone at the end.
        left = sorted((k for k in numbers if k not in tried), reverse=True)
        labels: list[NDArray[np.int64]] = []
        for found in labels_of_each(left, threads) if left else ():
            labels.append(found)
            if progress:
                progress(len(tried) + len(labels), len(tried) + len(left))
        tried.update(zip(left, threads.each(mean_silhouette, labels), strict=True))

    def mean_silhouette(labels: NDArray[np.int64]) -> float:
        return float(silhouettes(sample, labels, Threads()).mean())

    with Threads() as threads:
        if numbers is not None:
            measure(numbers)
        else:
            coarse = _spread_numbers(min(most, MAX_SUGGESTED_CLUSTERS, max(10, round(len(sample) ** 0.5))))
            measure(coarse)
            if tried:
                place = coarse.index(_best(tried))
                low, high = coarse[max(0, place - 1)], coarse[min(len(coarse) - 1, place + 1)]
                measure(range(low, high))
    return Suggestion(_best(tried), tuple(sorted(tried.items())))


def _spread_numbers(most: int) -> list[int]:
    """Return about sixteen numbers from 2 to ``most``, denser among the small ones, where one more changes more."""
    return sorted({round(k) for k in np.geomspace(2, most, 16).tolist()}) if most >= 2 else []


def _best(tried: dict[int, float]) -> int:
    return max(tried, key=lambda k: tried[k], default=1)
