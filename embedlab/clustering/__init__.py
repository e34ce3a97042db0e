"""Groups of rows: ways to find them, how good they are, and how many there should be."""

from embedlab.clustering.density import default_min_cluster_size
from embedlab.clustering.methods import CLUSTER_METHODS, ClusterMethod, cluster, cut_hierarchy
from embedlab.clustering.result import Clustering, Suggestion
from embedlab.clustering.silhouette import cosine_silhouette
from embedlab.clustering.suggestion import MAX_SUGGESTED_CLUSTERS, suggest_n_clusters
from embedlab.clustering.tree import Hierarchy, hierarchy

__all__ = [
    "CLUSTER_METHODS",
    "MAX_SUGGESTED_CLUSTERS",
    "ClusterMethod",
    "Clustering",
    "Hierarchy",
    "Suggestion",
    "cluster",
    "cosine_silhouette",
    "cut_hierarchy",
    "default_min_cluster_size",
    "hierarchy",
    "suggest_n_clusters",
]
