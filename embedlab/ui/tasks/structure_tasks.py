"""What the views of the structure of texts compute, each as a task; see :mod:`embedlab.ui.tasks.text_tasks`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from embedlab.clustering import (
    Clustering,
    Hierarchy,
    Outliers,
    Stability,
    cluster,
    cluster_stability,
    cut_hierarchy,
    hierarchy,
    outlier_scores,
)
from embedlab.datasets import Corpus
from embedlab.jobs import Task
from embedlab.naming import Edit, WordCounts, count_words, edit_clusters, name_groups
from embedlab.projection import PROJECTION_METHODS, UMAP_LEARN, Projection, project
from embedlab.ui.tasks.text_tasks import Embedded

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from embedlab.neighbors import NeighborGraph


@dataclass(frozen=True)
class Choice:
    """How the person wants the texts grouped: a key of ``CLUSTER_METHODS``, what it takes, how neighbours are found."""

    method: str = "kmeans"
    n_clusters: int | str = "auto"
    min_cluster_size: int | None = None
    neighbors: str = "auto"


@dataclass(frozen=True)
class Found:
    """Clusters with their names, how they were asked for, and what was changed by hand."""

    clustering: Clustering
    names: dict[int, str]
    choice: Choice = Choice()
    edits: tuple[Edit, ...] = ()

    @property
    def row_names(self) -> list[str]:
        """The name of the cluster of each text."""
        return [self.names[label] for label in self.clustering.labels.tolist()]


def build_tree(embedded: Embedded) -> Task[Hierarchy]:
    """Build the tree of clusters, once for all numbers it is cut at."""
    title = f"Joining {len(embedded.vectors):,} texts step by step"
    return Task(("tree", embedded.key), title, lambda report: hierarchy(embedded.vectors))


def cut_tree(embedded: Embedded, tree: Hierarchy, n_clusters: int | str) -> Task[Clustering]:
    """Cut the tree of clusters at one number."""
    return Task(
        ("cut", embedded.key, n_clusters),
        "Cutting the tree",
        lambda report: cut_hierarchy(embedded.vectors, tree, n_clusters),
    )


def count_leaf_words(corpus: Corpus, tree: Hierarchy) -> Task[list[WordCounts]]:
    """Count the words of each leaf of the tree, once for the names at every level."""
    key = "leaf-words", corpus.digest, tree.leaves.tobytes()
    return Task(key, "Counting the words of each group", lambda report: count_words(corpus.texts, tree.leaves))


def name_cut(
    corpus: Corpus, tree: Hierarchy, counts: list[WordCounts], labels: NDArray[np.int64]
) -> Task[dict[int, str]]:
    """Name the clusters of one level of the tree."""
    of_leaves = np.zeros(tree.n_leaves, dtype=np.int64)
    of_leaves[tree.leaves] = labels
    key = "names", corpus.digest, labels.tobytes()
    return Task(key, "Naming the clusters", lambda report: name_groups(counts, of_leaves))


def find_dense(embedded: Embedded, neighbors: NeighborGraph | None, min_cluster_size: int | None) -> Task[Clustering]:
    """Find the clusters that lie dense."""
    return Task(
        ("dense", embedded.key, min_cluster_size),
        f"Looking where {len(embedded.vectors):,} texts lie dense",
        lambda report: cluster(
            embedded.vectors, method="hdbscan", min_cluster_size=min_cluster_size, neighbors=neighbors, progress=report
        ),
    )


def change_clusters(
    corpus: Corpus, embedded: Embedded, clustering: Clustering, edits: tuple[Edit, ...]
) -> Task[tuple[Clustering, dict[int, str]]]:
    """Change clusters by hand, and name them."""
    return Task(
        ("edited", embedded.key, clustering.labels.tobytes(), edits),
        "Changing the clusters",
        lambda report: edit_clusters(embedded.vectors, corpus.texts, clustering, edits),
    )


def find_outliers(embedded: Embedded, labels: NDArray[np.int64], neighbors: NeighborGraph | None) -> Task[Outliers]:
    """Tell how outlying each text is."""
    return Task(
        ("outliers", embedded.key, labels.tobytes()),
        "Looking for outliers",
        lambda report: outlier_scores(embedded.vectors, labels, neighbors),
    )


def draw_sample(embedded: Embedded, rows: NDArray[np.int64], method: str) -> Task[Projection]:
    """Lay some of the embeddings out on a map."""
    return Task(
        ("sample-map", embedded.key, len(rows), method),
        f"Drawing the {PROJECTION_METHODS[method].title} map of {len(rows):,} texts",
        lambda report: project(embedded.vectors[rows], method, progress=report),
    )


def prepare_umap_learn() -> Task[Projection]:
    """Import umap-learn and have it compiled, once for all maps it draws."""
    rows = np.random.default_rng(0).standard_normal((64, 8))
    title = "Preparing umap-learn: the first time it is compiled, which can take half a minute"
    return Task(("umap-learn",), title, lambda report: project(rows, engine=UMAP_LEARN))


def measure_stability(embedded: Embedded, labels: NDArray[np.int64], choice: Choice) -> Task[Stability]:
    """Cluster draws from the texts again, to see which clusters come back."""
    return Task(
        ("stability", embedded.key, choice, labels.tobytes()),
        "Clustering draws from the texts",
        lambda report: cluster_stability(
            embedded.vectors, labels, method=choice.method, min_cluster_size=choice.min_cluster_size, progress=report
        ),
    )
