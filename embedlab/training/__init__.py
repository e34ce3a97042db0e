"""Making a model better on one's own texts, in a process of its own, held against texts it has not learned from.

Read ``training.py`` first, and ``running`` for what goes on in the process.
"""

from embedlab.training.preparing import recipes_for
from embedlab.training.program import training_program
from embedlab.training.result import Training
from embedlab.training.running import RECIPES, Evaluated, Event, Plan, Planned, Recipe, Saved, Settings, Step, Working
from embedlab.training.training import plan_training, train

__all__ = [
    "Evaluated",
    "Event",
    "Plan",
    "Planned",
    "RECIPES",
    "Recipe",
    "Saved",
    "Settings",
    "Step",
    "Training",
    "Working",
    "plan_training",
    "recipes_for",
    "train",
    "training_program",
]
