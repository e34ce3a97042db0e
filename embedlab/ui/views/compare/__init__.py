"""The Compare page: what is known, what is compared, and what comes of it.

Read ``known.py`` and ``scores.py`` first; ``judged.py`` takes judgements from files.
"""

from embedlab.ui.views.compare import checks, failing, known, probes, scores, sides, taking

__all__ = ["checks", "failing", "known", "probes", "scores", "sides", "taking"]
