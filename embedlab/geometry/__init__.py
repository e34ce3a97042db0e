"""The shape of a space: how its directions, neighbours and lengths lie, and how foreign texts are to a model.

Read ``shape.py`` first: all figures of some embeddings. ``hubs.py`` counts neighbours, ``spread.py`` says how rows
spread, and ``fertility.py`` how many tokens a model takes for a word.
"""

from embedlab.geometry.fertility import Fertility, fertility
from embedlab.geometry.hubs import neighbor_occurrences
from embedlab.geometry.shape import SpaceShape, space_shape
from embedlab.geometry.spread import effective_dimension, uniformity

__all__ = [
    "Fertility",
    "SpaceShape",
    "effective_dimension",
    "fertility",
    "neighbor_occurrences",
    "space_shape",
    "uniformity",
]
