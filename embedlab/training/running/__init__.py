"""What goes on in the process that trains: rows, losses, the loop, and what it says while it runs.

Read ``recipes.py`` first: what can be trained, and ``settings.py``: how. ``events.py`` is what the process says.
"""

from embedlab.training.running.events import Evaluated, Event, Plan, Planned, Saved, Step
from embedlab.training.running.recipes import RECIPES, Recipe
from embedlab.training.running.settings import Settings

__all__ = ["Evaluated", "Event", "Plan", "Planned", "RECIPES", "Recipe", "Saved", "Settings", "Step"]
