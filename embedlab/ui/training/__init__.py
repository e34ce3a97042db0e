"""What a training computes for the page: the split, hard negatives, the plan, the model, the verdict.

Read ``lesson.py`` first: what is to be learned. ``tasks.py`` does it, each once for all sessions.
"""

from embedlab.ui.training import tasks
from embedlab.ui.training.lesson import Course, Lesson

__all__ = ["Course", "Lesson", "tasks"]
