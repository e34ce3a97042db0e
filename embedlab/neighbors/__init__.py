"""The nearest rows of each row by cosine: what the map, clusters by density, duplicates and measures stand on.

Read ``graph.py`` first: the neighbours of all rows, found once.
"""

from embedlab.neighbors.graph import NeighborGraph, neighbor_graph
from embedlab.neighbors.nearest import among_different, nearest_neighbors, nearest_others

__all__ = ["NeighborGraph", "among_different", "nearest_neighbors", "nearest_others", "neighbor_graph"]
