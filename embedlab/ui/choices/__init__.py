"""What a person has chosen, kept from page to page in the session and in the address.

Read ``selection.py`` first: what every page is told. ``address.py`` keeps it in the link.
"""

from embedlab.ui.choices import address, groups, own_vectors, selected
from embedlab.ui.choices.selection import Selection

__all__ = ["Selection", "address", "groups", "own_vectors", "selected"]
