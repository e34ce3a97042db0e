"""HDBSCAN: clusters where rows lie dense, and noise between them."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

from embedlab.clustering.result import by_size
from embedlab.similarity import different_rows
from embedlab.validation import check_integer

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from scipy.sparse import csr_array

    from embedlab.neighbors import NeighborGraph

# Density means little in hundreds of dimensions; HDBSCAN works on a map of so many.
_DIMENSIONS = 5
# The density of a row is that of so many rows around it, itself included.
_MIN_SAMPLES = 5
SMALLEST = 5
"""Smallest cluster that is looked for unasked."""


def default_min_cluster_size(n_rows: int) -> int:
    """Return a quarter of the square root of ``n_rows``, 5 at least: 16 for 4,000 texts, 79 for 100,000."""
    return max(SMALLEST, round(n_rows**0.5 / 4))


def density_labels(
    unit: NDArray[np.float32],
    min_cluster_size: int | None = None,
    *,
    random_state: int = 0,
    neighbors: NeighborGraph | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> NDArray[np.int64]:
    """Return a cluster for each row of length 1, -1 for noise, numbered by size; see :func:`embedlab.cluster`."""
    from embedlab.clustering._spanning import spanning_tree
    from embedlab.projection import project

    first, inverse = different_rows(unit)
    n = len(first)
    if min_cluster_size is not None:
        check_integer(min_cluster_size, "min_cluster_size", 2, max(2, n), f"there are {n:,} different texts")
    size = min_cluster_size or default_min_cluster_size(n)
    if n <= max(size, _MIN_SAMPLES):
        return np.full(len(unit), -1, dtype=np.int64)

    def report(part: int) -> Callable[[int, int], None] | None:
        # The map and the tree count for one half each.
        return progress and (lambda done, total: progress((part * total + done) * 500 // total, 1000))

    flat = project(
        unit, n_components=_DIMENSIONS, min_dist=0.0, random_state=random_state, neighbors=neighbors, progress=report(0)
    )
    tree = spanning_tree(flat.coordinates[first], _MIN_SAMPLES, report(1))
    return by_size(_cut(tree, size)[inverse])


def _cut(tree: csr_array, min_cluster_size: int) -> NDArray[np.int64]:
    """Take the clusters that last longest while the longest connections are cut one after the other."""
    from sklearn.cluster import HDBSCAN

    # A spanning tree is its own spanning tree: given it, scikit-learn does all but the slow part.
    cut = HDBSCAN(min_cluster_size=min_cluster_size, min_samples=1, metric="precomputed", copy=True)
    return cut.fit_predict(tree).astype(np.int64)
