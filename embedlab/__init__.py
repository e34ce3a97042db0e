"""See and choose sentence embeddings.

>>> import embedlab as el                                        # doctest: +SKIP
>>> encoder = el.load_encoder("all-MiniLM-L6-v2")                # doctest: +SKIP
>>> embeddings = encoder.encode(["A cat sits.", "A dog runs."])  # doctest: +SKIP
"""

from embedlab.agreement import linear_cka, neighbor_overlap
from embedlab.classification import Classification, classify
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
from embedlab.curation import Edit, edit_clusters
from embedlab.duplicate_groups import DuplicateGroups
from embedlab.duplicates import DuplicateCurve, Duplicates, find_duplicates
from embedlab.encoders.base import Encoder
from embedlab.encoders.tfidf import TfidfEncoder
from embedlab.errors import (
    Cancelled,
    EmbedLabError,
    InvalidInputError,
    MissingDependencyError,
    ModelLoadError,
    ModelNotFetchedError,
    NotEnoughMemoryError,
    TableError,
)
from embedlab.evaluation import evaluate_clusters, evaluate_probe, evaluate_retrieval, evaluate_sts
from embedlab.fusion import FusedHit, fuse_rankings, search_both
from embedlab.inspection import Inspection
from embedlab.inspector import Inspector, load_inspector
from embedlab.lexical import LexicalIndex
from embedlab.matching import MatchedWord, TokenMatch, match_tokens
from embedlab.models import load_encoder
from embedlab.naming import name_clusters, typical_members
from embedlab.neighbors import NeighborGraph, nearest_neighbors, neighbor_graph
from embedlab.outliers import Outliers, outlier_scores
from embedlab.projection import Projection, project
from embedlab.search import Hit, SearchIndex
from embedlab.similarity import (
    GroupOrder,
    GroupSimilarities,
    Pair,
    SimilarityHistogram,
    cosine_similarity,
    group_order,
    group_similarities,
    paired_cosine_similarity,
    similar_pairs,
    similarity_histogram,
    similarity_image,
)
from embedlab.spec import EmbeddingSpec, Variant
from embedlab.stability import Stability, cluster_stability
from embedlab.store import EmbeddingStore
from embedlab.tables import Table, read_table, sample_table
from embedlab.words import shared_words, word_divergence

__all__ = [
    "Cancelled",
    "Candidate",
    "Classification",
    "Clustering",
    "Comparison",
    "DuplicateCurve",
    "DuplicateGroups",
    "Duplicates",
    "Edit",
    "EmbedLabError",
    "EmbeddingSpec",
    "EmbeddingStore",
    "Encoder",
    "FusedHit",
    "GroupOrder",
    "GroupSimilarities",
    "Hierarchy",
    "Hit",
    "Inspection",
    "Inspector",
    "InvalidInputError",
    "Labelled",
    "LexicalIndex",
    "MatchedWord",
    "MissingDependencyError",
    "ModelLoadError",
    "ModelNotFetchedError",
    "NeighborGraph",
    "NotEnoughMemoryError",
    "Outliers",
    "Pair",
    "Pairs",
    "Projection",
    "Retrieval",
    "SearchIndex",
    "SimilarityHistogram",
    "Stability",
    "Suggestion",
    "Table",
    "TableError",
    "TfidfEncoder",
    "TokenMatch",
    "Unlabelled",
    "Variant",
    "classify",
    "cluster",
    "cluster_stability",
    "compare",
    "cosine_similarity",
    "cut_hierarchy",
    "edit_clusters",
    "evaluate_clusters",
    "evaluate_probe",
    "evaluate_retrieval",
    "evaluate_sts",
    "find_duplicates",
    "fuse_rankings",
    "group_order",
    "group_similarities",
    "hierarchy",
    "linear_cka",
    "load_encoder",
    "load_inspector",
    "match_tokens",
    "name_clusters",
    "nearest_neighbors",
    "neighbor_graph",
    "neighbor_overlap",
    "outlier_scores",
    "paired_cosine_similarity",
    "project",
    "read_table",
    "sample_table",
    "search_both",
    "shared_words",
    "similar_pairs",
    "similarity_histogram",
    "similarity_image",
    "suggest_n_clusters",
    "typical_members",
    "word_divergence",
]
