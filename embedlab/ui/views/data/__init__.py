"""The Data page: bring a file, see how it was read, bring vectors of one's own.

Read ``sources.py`` first.
"""

from embedlab.ui.views.data import cleaning, columns, own_vectors, reading, sources, texts

__all__ = ["cleaning", "columns", "own_vectors", "reading", "sources", "texts"]
