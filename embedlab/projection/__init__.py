"""Maps: embeddings laid out in two or three dimensions, and how far such a map can be trusted.

Read ``maps.py`` first: one function for all methods. ``umap.py`` and ``tsne.py`` are the layouts of our own,
``umap_learn.py`` draws as umap-learn does.
"""

from embedlab.projection.alignment import align
from embedlab.projection.maps import project
from embedlab.projection.methods import ENGINES, METRICS, PROJECTION_METHODS, UMAP_LEARN, check_engine
from embedlab.projection.result import Projection
from embedlab.projection.trust import distance_of, say_trustworthiness, trustworthiness

__all__ = [
    "ENGINES",
    "METRICS",
    "PROJECTION_METHODS",
    "Projection",
    "UMAP_LEARN",
    "align",
    "check_engine",
    "distance_of",
    "project",
    "say_trustworthiness",
    "trustworthiness",
]
