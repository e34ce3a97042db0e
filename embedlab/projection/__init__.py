"""Maps: embeddings laid out in two or three dimensions, and how far such a map can be trusted.

Read ``maps.py`` first: one function for all methods. ``umap.py`` and ``tsne.py`` are the layouts of our own.
"""

from embedlab.projection.alignment import align
from embedlab.projection.maps import PROJECTION_METHODS, Projection, project
from embedlab.projection.trust import trustworthiness

__all__ = ["PROJECTION_METHODS", "Projection", "align", "project", "trustworthiness"]
