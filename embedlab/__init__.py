"""See and choose sentence embeddings.

>>> import embedlab as el                                        # doctest: +SKIP
>>> encoder = el.load_encoder("all-MiniLM-L6-v2")                # doctest: +SKIP
>>> embeddings = encoder.encode(["A cat sits.", "A dog runs."])  # doctest: +SKIP
"""

from embedlab.agreement import linear_cka, neighbor_overlap
from embedlab.clustering import (
    Clustering,
    Hierarchy,
    Suggestion,
    cluster,
    cut_hierarchy,
    hierarchy,
    suggest_n_clusters,
)
from embedlab.comparison import Candidate, Comparison, Labelled, Pairs, Retrieval, Unlabelled, compare
from embedlab.encoders.base import Encoder
from embedlab.encoders.tfidf import TfidfEncoder
from embedlab.errors import (
    Cancelled,
    EmbedLabError,
    InvalidInputError,
    MissingDependencyError,
    ModelLoadError,
    ModelNotFetchedError,
    TableError,
)
from embedlab.evaluation import evaluate_clusters, evaluate_probe, evaluate_retrieval, evaluate_sts
from embedlab.inspection import Inspection
from embedlab.inspector import Inspector, load_inspector
from embedlab.models import load_encoder
from embedlab.naming import name_clusters, typical_members
from embedlab.neighbors import NeighborGraph, nearest_neighbors, neighbor_graph
from embedlab.outliers import Outliers, outlier_scores
from embedlab.projection import Projection, project
from embedlab.search import Hit, SearchIndex
from embedlab.similarity import Pair, cosine_similarity, paired_cosine_similarity, similar_pairs
from embedlab.spec import EmbeddingSpec, Variant
from embedlab.stability import Stability, cluster_stability
from embedlab.store import EmbeddingStore
from embedlab.tables import Table, read_table
from embedlab.words import shared_words, word_divergence

__all__ = [
    "Cancelled",
    "Candidate",
    "Clustering",
    "Comparison",
    "EmbedLabError",
    "EmbeddingSpec",
    "EmbeddingStore",
    "Encoder",
    "Hierarchy",
    "Hit",
    "Inspection",
    "Inspector",
    "InvalidInputError",
    "Labelled",
    "MissingDependencyError",
    "ModelLoadError",
    "ModelNotFetchedError",
    "NeighborGraph",
    "Outliers",
    "Pair",
    "Pairs",
    "Projection",
    "Retrieval",
    "SearchIndex",
    "Stability",
    "Suggestion",
    "Table",
    "TableError",
    "TfidfEncoder",
    "Unlabelled",
    "Variant",
    "cluster",
    "cluster_stability",
    "compare",
    "cosine_similarity",
    "cut_hierarchy",
    "evaluate_clusters",
    "evaluate_probe",
    "evaluate_retrieval",
    "evaluate_sts",
    "hierarchy",
    "linear_cka",
    "load_encoder",
    "load_inspector",
    "name_clusters",
    "nearest_neighbors",
    "neighbor_graph",
    "neighbor_overlap",
    "outlier_scores",
    "paired_cosine_similarity",
    "project",
    "read_table",
    "shared_words",
    "similar_pairs",
    "suggest_n_clusters",
    "typical_members",
    "word_divergence",
]
