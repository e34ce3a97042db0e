"""Texts changed on purpose by rules: slips, which change no meaning, and turns, which do.

Read ``rules.py`` first. The rules are small and sure rather than many: a text no rule fits is left out, and never
changed into nonsense. Wherever chance chooses, it chooses the same each time.
"""

from embedlab.perturbations.rules import SLIPS, TURNS

__all__ = ["SLIPS", "TURNS"]
