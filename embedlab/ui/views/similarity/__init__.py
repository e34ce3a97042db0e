"""The Similarity page: a matrix of some texts or an image of all, and what stands out in them.

Read ``matrix.py`` first.
"""

from embedlab.ui.views.similarity import figures, matrix, overview

__all__ = ["figures", "matrix", "overview"]
