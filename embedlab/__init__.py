"""See and choose sentence embeddings.

>>> import embedlab as el                                        # doctest: +SKIP
>>> encoder = el.load_encoder("all-MiniLM-L6-v2")                # doctest: +SKIP
>>> embeddings = encoder.encode(["A cat sits.", "A dog runs."])  # doctest: +SKIP
"""

from embedlab.chat import Described, cluster_words, describe_clusters, read_endpoint
from embedlab.checks import Finding, check_encoders, check_gold
from embedlab.classification import Classification, MultiClassification, classify
from embedlab.cleaning import CLEANING_STEPS, clean_texts
from embedlab.clustering import (
    Clustering,
    Hierarchy,
    Outliers,
    Stability,
    Suggestion,
    cluster,
    cluster_stability,
    cut_hierarchy,
    hierarchy,
    outlier_scores,
    suggest_n_clusters,
)
from embedlab.comparison import Candidate, Comparison, compare, item_table, slices
from embedlab.compression import Compression, FittedCompression, fit_compression
from embedlab.datasets import Corpus, Preparation, select_texts
from embedlab.dimensions import Curve, quality_curve, suggest_compressions
from embedlab.duplicates import DuplicateCurve, DuplicateGroups, Duplicates, find_duplicates
from embedlab.encoders import Encoder, HostedEncoder, TfidfEncoder, load_encoder, split_corpus, split_passages
from embedlab.errors import (
    BudgetError,
    Cancelled,
    EmbedLabError,
    HostedError,
    InvalidInputError,
    MissingDependencyError,
    ModelLoadError,
    ModelNotFetchedError,
    NotEnoughMemoryError,
    ServerNotAskedError,
    SpecError,
    StoreError,
    TableError,
    TrainingError,
    UnreadFilesError,
)
from embedlab.evaluation import evaluate_clusters, evaluate_probe, evaluate_retrieval, evaluate_sts
from embedlab.examples import Translations, Triplets
from embedlab.geometry import Fertility, SpaceShape, fertility, space_shape
from embedlab.gold import Labelled, MultiLabelled, Pairs, Retrieval, Unlabelled
from embedlab.hosted import Budget, Offer, allowed
from embedlab.inspection import Inspection, Inspector, load_inspector, shared_words, word_divergence
from embedlab.naming import Edit, edit_clusters, name_clusters, typical_members
from embedlab.neighbors import NeighborGraph, nearest_neighbors, neighbor_graph
from embedlab.probes import Contest, ReportCard, probe
from embedlab.projection import Projection, project
from embedlab.reading import read_table, read_tables
from embedlab.reranking import Reranker, load_reranker
from embedlab.retrieval import (
    Passage,
    PassageIndex,
    Prompt,
    RetrievalComparison,
    Way,
    build_prompt,
    compare_retrieval,
    retrieve,
)
from embedlab.search import (
    FusedHit,
    Hit,
    LexicalIndex,
    MatchedWord,
    SearchIndex,
    TokenMatch,
    fuse_rankings,
    match_tokens,
    search_both,
)
from embedlab.similarity import (
    GroupOrder,
    GroupSimilarities,
    Pair,
    SimilarityHistogram,
    cosine_similarity,
    group_order,
    group_similarities,
    linear_cka,
    neighbor_overlap,
    paired_cosine_similarity,
    similar_pairs,
    similarity_histogram,
    similarity_image,
)
from embedlab.spec import EmbeddingSpec, Variant
from embedlab.store import EmbeddingStore
from embedlab.stores import (
    Collection,
    CollectionInfo,
    IndexSettings,
    Match,
    Records,
    VectorStore,
    Written,
    open_store,
    stable_ids,
)
from embedlab.tables import Table, sample_table
from embedlab.texts import Passages, near_copies
from embedlab.thresholds import FoundAt, KnownCosines, Threshold, choose_threshold, gold_cosines, known_cosines
from embedlab.training import Training, plan_training, train

__all__ = [
    "Budget", "BudgetError", "CLEANING_STEPS", "Cancelled", "Candidate", "Classification", "Clustering",
    "Collection", "CollectionInfo", "Comparison", "Compression", "Contest", "Corpus", "Curve", "Described",
    "DuplicateCurve", "DuplicateGroups", "Duplicates", "Edit", "EmbedLabError", "EmbeddingSpec", "EmbeddingStore",
    "Encoder", "Fertility", "Finding", "FittedCompression", "FoundAt", "FusedHit", "GroupOrder",
    "GroupSimilarities", "Hierarchy", "Hit", "HostedEncoder", "HostedError", "IndexSettings", "Inspection",
    "Inspector", "InvalidInputError", "KnownCosines", "Labelled", "LexicalIndex", "Match", "MatchedWord",
    "MissingDependencyError", "ModelLoadError", "ModelNotFetchedError", "MultiClassification", "MultiLabelled",
    "NeighborGraph", "NotEnoughMemoryError", "Offer", "Outliers", "Pair", "Pairs", "Passage", "PassageIndex",
    "Passages", "Preparation", "Projection", "Prompt", "Records", "ReportCard", "Reranker", "Retrieval",
    "RetrievalComparison", "SearchIndex", "ServerNotAskedError", "SimilarityHistogram", "SpaceShape", "SpecError",
    "Stability", "StoreError", "Suggestion", "Table", "TableError", "TfidfEncoder", "Threshold", "TokenMatch",
    "Training", "TrainingError", "Translations", "Triplets", "Unlabelled", "UnreadFilesError", "Variant",
    "VectorStore", "Way", "Written", "allowed", "build_prompt", "check_encoders", "check_gold", "choose_threshold",
    "classify", "clean_texts", "cluster", "cluster_stability", "cluster_words", "compare", "compare_retrieval",
    "cosine_similarity", "cut_hierarchy", "describe_clusters", "edit_clusters", "evaluate_clusters",
    "evaluate_probe", "evaluate_retrieval", "evaluate_sts", "fertility", "find_duplicates", "fit_compression",
    "fuse_rankings", "gold_cosines", "group_order", "group_similarities", "hierarchy", "item_table",
    "known_cosines", "linear_cka", "load_encoder", "load_inspector", "load_reranker", "match_tokens",
    "name_clusters", "near_copies", "nearest_neighbors", "neighbor_graph", "neighbor_overlap", "open_store",
    "outlier_scores", "paired_cosine_similarity", "plan_training", "probe", "project", "quality_curve",
    "read_endpoint", "read_table", "read_tables", "retrieve", "sample_table", "search_both", "select_texts",
    "shared_words", "similar_pairs", "similarity_histogram", "similarity_image", "slices", "space_shape",
    "split_corpus", "split_passages", "stable_ids", "suggest_compressions", "suggest_n_clusters", "train",
    "typical_members", "word_divergence",
]  # fmt: skip
