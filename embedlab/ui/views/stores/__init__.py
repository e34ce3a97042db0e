"""The Stores page: which store and collection, writing, asking, judging, and taking out what is in one.

Read ``choosing.py`` first.
"""

from embedlab.ui.views.stores import asking, choosing, judging, opening, writing

__all__ = ["asking", "choosing", "judging", "opening", "writing"]
