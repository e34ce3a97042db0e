"""The Dimensions page: which compressions of the model's vectors are tried, what they cost, and the files to take away.

Read ``choosing.py`` first.
"""

from embedlab.ui.views.dimensions import choosing, showing, taking

__all__ = ["choosing", "showing", "taking"]
