"""Texts that say the same: pairs found once, groups at any threshold at once.

Read ``pairs.py`` first; ``groups.py`` says which row of a group is kept.
"""

from embedlab.duplicates.groups import KEEP_POLICIES, MAX_COMPARED, DuplicateGroups, equal_texts, sortable
from embedlab.duplicates.pairs import FLOORS, DuplicateCurve, Duplicates, find_duplicates

__all__ = [
    "DuplicateCurve",
    "DuplicateGroups",
    "Duplicates",
    "FLOORS",
    "KEEP_POLICIES",
    "MAX_COMPARED",
    "equal_texts",
    "find_duplicates",
    "sortable",
]
