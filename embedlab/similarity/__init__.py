"""Cosine similarity: of all with all, row with row, the pairs that stand out, and the whole matrix at any size.

The cosine of two embeddings lies in [-1, 1]: 1 for the same direction, 0 for unrelated, dimensionless. An embedding of
zeros has no direction; its cosine to anything is 0, as in scikit-learn.
"""

from embedlab.similarity.cosines import cosine_similarity, paired_cosine_similarity
from embedlab.similarity.groups import GroupSimilarities, group_similarities
from embedlab.similarity.histogram import SimilarityHistogram, similarity_histogram
from embedlab.similarity.image import pixel_edges, similarity_image
from embedlab.similarity.order import GroupOrder, group_order, hierarchical_order
from embedlab.similarity.pairs import Pair, extreme_pairs, neighbor_rank, similar_pairs

__all__ = [
    "GroupOrder",
    "GroupSimilarities",
    "Pair",
    "SimilarityHistogram",
    "cosine_similarity",
    "extreme_pairs",
    "group_order",
    "group_similarities",
    "hierarchical_order",
    "neighbor_rank",
    "paired_cosine_similarity",
    "pixel_edges",
    "similar_pairs",
    "similarity_histogram",
    "similarity_image",
]
