"""Cosine similarity: of all with all and row with row, the pairs that stand out, and the whole matrix.

The cosine of two embeddings lies in [-1, 1]: 1 for the same direction, 0 for unrelated, dimensionless. An embedding of
zeros has no direction; its cosine to anything is 0, as in scikit-learn. Read ``cosines.py`` first.
"""

from embedlab.similarity._tiles import best_pairs
from embedlab.similarity.agreement import (
    agreement_matrices,
    linear_cka,
    most_disputed,
    neighbor_overlap,
    shared_neighbors,
)
from embedlab.similarity.copies import different_rows
from embedlab.similarity.cosines import cosine_similarity, paired_cosine_similarity
from embedlab.similarity.groups import GroupSimilarities, group_similarities
from embedlab.similarity.histogram import SimilarityHistogram, cosine_moments, similarity_histogram
from embedlab.similarity.image import pixel_edges, similarity_image
from embedlab.similarity.order import GroupOrder, group_order, hierarchical_order
from embedlab.similarity.pairs import Pair, extreme_pairs, neighbor_rank, similar_pairs

__all__ = [
    "GroupOrder",
    "GroupSimilarities",
    "Pair",
    "SimilarityHistogram",
    "agreement_matrices",
    "best_pairs",
    "cosine_moments",
    "cosine_similarity",
    "different_rows",
    "extreme_pairs",
    "group_order",
    "group_similarities",
    "hierarchical_order",
    "linear_cka",
    "most_disputed",
    "neighbor_overlap",
    "neighbor_rank",
    "paired_cosine_similarity",
    "pixel_edges",
    "shared_neighbors",
    "similar_pairs",
    "similarity_histogram",
    "similarity_image",
]
