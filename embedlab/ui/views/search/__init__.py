"""The Search page: a query, its hits, what carries each, and many queries at once.

Read ``asking.py`` first.
"""

from embedlab.ui.views.search import asking

__all__ = ["asking"]
