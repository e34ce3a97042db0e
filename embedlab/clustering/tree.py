"""Topics within topics: a tree of clusters that can be cut at any number."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from embedlab.clustering._kmeans import micro_clusters
from embedlab.clustering.result import by_size, mean_rows
from embedlab.compute import Threads
from embedlab.rows import normalize_rows
from embedlab.similarity import different_rows
from embedlab.validation import as_embeddings, check_integer, check_random_state

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

# Up to so many different rows each is a leaf; of more, small groups are.
EXACT_ROWS = 5_000
_MICRO_CLUSTERS = 2_000


@dataclass(frozen=True, eq=False)
class Hierarchy:
    """A tree of clusters: every two that lie nearest become one, until one is left.

    Parameters
    ----------
    linkage : float64 array of shape (n_leaves - 1, 4)
        The two nodes that became one, how far apart they were, and how many leaves the new one has: the form of
        ``scipy.cluster.hierarchy``. Distances rise.
    leaves : int64 array of shape (n,)
        The leaf of each row.
    """

    linkage: NDArray[np.float64]
    leaves: NDArray[np.int64]

    @property
    def n_leaves(self) -> int:
        """Number of leaves, the most clusters that the tree can be cut into."""
        return len(self.linkage) + 1

    def cut(self, n_clusters: int) -> NDArray[np.int64]:
        """Return the clusters of one level of the tree, without clustering again.

        Parameters
        ----------
        n_clusters : int
            From 1 to ``n_leaves``.

        Returns
        -------
        int64 array of shape (n,)
            Numbered by size: 0 is the largest. Each cluster is part of one cluster of any smaller number.

        Raises
        ------
        InvalidInputError
            When the tree has fewer leaves.
        """
        from scipy.sparse import coo_array
        from scipy.sparse.csgraph import connected_components

        reason = f"the tree has {self.n_leaves:,} leaves"
        check_integer(n_clusters, "n_clusters", 1, self.n_leaves, reason)
        merges = self.linkage[: self.n_leaves - n_clusters, :2].astype(np.int64)
        joined = np.repeat(self.n_leaves + np.arange(len(merges)), 2)
        n_nodes = self.n_leaves + len(merges)
        edges = coo_array((np.ones(len(joined), np.int8), (merges.ravel(), joined)), shape=(n_nodes, n_nodes))
        return by_size(connected_components(edges, directed=False)[1][self.leaves].astype(np.int64))


def hierarchy(embeddings: ArrayLike, *, random_state: int = 0) -> Hierarchy:
    """Build the tree of clusters of rows by Ward's rule.

    Of all pairs of clusters, those two become one whose rows then lie least far from their common mean.

    Parameters
    ----------
    embeddings : array-like of shape (n, d)
        Scaled to length 1 first, so that Euclidean distances follow the cosine.
    random_state : int, default=0
        For the small groups that many rows are put in first.

    Returns
    -------
    Hierarchy

    Notes
    -----
    The tree is that of ``scipy.cluster.hierarchy.linkage(leaves, "ward")``. Up to 5,000 different rows each is a leaf;
    copies of a row are in its leaf and count once. More are first put into about 2,000 small groups by a rough KMeans,
    and the means of these are the leaves. That is the idea of BIRCH: the lowest levels of the tree, which nobody looks
    at, are not built.

    References
    ----------
    J. H. Ward, "Hierarchical grouping to optimize an objective function", J. Am. Stat. Assoc. 58, 1963.

    T. Zhang, R. Ramakrishnan and M. Livny, "BIRCH", SIGMOD 1996.
    """
    from scipy.cluster.hierarchy import linkage

    unit = normalize_rows(as_embeddings(embeddings))
    check_random_state(random_state)
    first, leaves = different_rows(unit)
    points = unit[first]
    if len(first) > EXACT_ROWS:
        leaves = by_size(micro_clusters(unit, _MICRO_CLUSTERS, random_state))
        points = mean_rows(unit, leaves)
    # A single leaf is a tree already, which scipy refuses.
    merges = linkage(_distances(points.astype(np.float64)), "ward") if len(points) > 1 else np.empty((0, 4))
    return Hierarchy(merges, leaves)


def _distances(points: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return how far every two points are apart, each pair once, as ``scipy.spatial.distance.pdist`` orders them."""
    from scipy.spatial.distance import cdist

    n = len(points)
    found = np.empty(n * (n - 1) // 2)

    def fill(first: int, last: int) -> None:
        for row in range(first, last):
            place = row * (2 * n - row - 1) // 2
            cdist(points[row : row + 1], points[row + 1 :], out=found[None, place : place + n - row - 1])

    with Threads() as threads:
        threads.run(fill, threads.cut(n - 1))
    return found
