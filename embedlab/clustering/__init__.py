"""Groups of rows: ways to find them, how good they are, how many there should be, and which to believe.

Read ``methods.py`` first: one function for all methods; a module of its own has each.
"""

from embedlab.clustering._kmeans import kmeans, kmeans_runs
from embedlab.clustering.methods import CLUSTER_METHODS, cluster, cut_hierarchy, describe
from embedlab.clustering.outliers import Outliers, outlier_scores
from embedlab.clustering.result import Clustering, Suggestion
from embedlab.clustering.silhouette import cosine_silhouette
from embedlab.clustering.stability import Stability, cluster_stability
from embedlab.clustering.suggestion import suggest_n_clusters
from embedlab.clustering.tree import Hierarchy, hierarchy

__all__ = [
    "CLUSTER_METHODS",
    "Clustering",
    "Hierarchy",
    "Outliers",
    "Stability",
    "Suggestion",
    "cluster",
    "cluster_stability",
    "cosine_silhouette",
    "cut_hierarchy",
    "describe",
    "hierarchy",
    "kmeans",
    "kmeans_runs",
    "outlier_scores",
    "suggest_n_clusters",
]
