"""What goes on in the process that trains: rows, losses, the loop, and what it says while it runs.

Read ``recipes.py`` first: what can be trained, and ``settings.py``: how. ``work.py`` goes from beginning to end,
``loop.py`` is a step, and ``events.py`` what the process says.
"""

from embedlab.training.running.curve import measure_of
from embedlab.training.running.events import Evaluated, Event, Failed, Plan, Planned, Saved, Step, Working
from embedlab.training.running.loop import Batch
from embedlab.training.running.opening import column_prompts
from embedlab.training.running.recipes import RECIPES, Recipe
from embedlab.training.running.rows import deal
from embedlab.training.running.settings import Settings
from embedlab.training.running.work import Assignment

__all__ = [
    "Assignment",
    "Batch",
    "Evaluated",
    "Event",
    "Failed",
    "Plan",
    "Planned",
    "RECIPES",
    "Recipe",
    "Saved",
    "Settings",
    "Step",
    "Working",
    "column_prompts",
    "deal",
    "measure_of",
]
