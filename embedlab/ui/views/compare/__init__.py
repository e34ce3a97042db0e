"""The Compare page: what is known, what is compared, and what comes of it.

Read ``known.py`` and ``candidates.py`` first.
"""

from embedlab.ui.views.compare import candidates, checks, known, scores, sides

__all__ = ["candidates", "checks", "known", "scores", "sides"]
