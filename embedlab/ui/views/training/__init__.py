"""The Training page: what is learned and how, the training itself, what came of it, and what is kept.

Read ``learning.py`` and ``choosing.py`` first.
"""

from embedlab.ui.views.training import changes, choosing, keeping, learning, running, showing

__all__ = ["changes", "choosing", "keeping", "learning", "running", "showing"]
