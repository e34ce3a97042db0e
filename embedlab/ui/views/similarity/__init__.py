"""The Similarity page: a matrix of some texts or an image of all, what a cosine means, the shape of the space.

Read ``matrix.py`` first; ``meaning.py`` and ``space.py`` are views of their own.
"""

from embedlab.ui.views.similarity import figures, matrix, meaning, overview, space

__all__ = ["figures", "matrix", "meaning", "overview", "space"]
