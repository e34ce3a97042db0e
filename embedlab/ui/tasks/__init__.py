"""What the app computes: each result once for all sessions, off the page, with progress.

Read ``services.py`` first: what a view asks for. The task modules say what is done, ``waiting.py`` how one waits.
"""

from embedlab.ui.tasks import (
    comparing,
    first_look,
    model_tasks,
    overview_tasks,
    probing,
    reading,
    services,
    structure_tasks,
    table_tasks,
    text_tasks,
    waiting,
)
from embedlab.ui.tasks.structure_tasks import Choice, Found

__all__ = [
    "Choice",
    "Found",
    "comparing",
    "first_look",
    "model_tasks",
    "overview_tasks",
    "probing",
    "reading",
    "services",
    "structure_tasks",
    "table_tasks",
    "text_tasks",
    "waiting",
]
