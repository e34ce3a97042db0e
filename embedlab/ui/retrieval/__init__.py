"""What the Retrieve page computes: passages, prompts, figures, answers, speeds.

Read ``sides.py`` first: what one of two settings is. ``tasks.py`` does the work, each part once for all sessions.
"""

from embedlab.ui.retrieval import tasks
from embedlab.ui.retrieval.sides import Side, document_names

__all__ = ["Side", "document_names", "tasks"]
