"""Models, poolings and layers held against each other on one's own texts, with intervals and costs.

Read ``candidates.py`` first: what is compared. ``running.py`` does it, against what ``gold`` says is known.
"""

from embedlab.comparison.candidates import Candidate
from embedlab.comparison.items import item_table, row_lengths
from embedlab.comparison.loading import (
    Load,
    embed,
    embed_asked,
    lists_to_embed,
    load_candidate,
    remembering,
    with_defaults,
)
from embedlab.comparison.measures import MEASURES
from embedlab.comparison.measuring import measure, named_figures
from embedlab.comparison.report import comparison_table, to_markdown
from embedlab.comparison.results import Comparison, Result, behind_best, ranked
from embedlab.comparison.running import compare
from embedlab.comparison.slices import Slice, slice_table, slices

__all__ = [
    "Candidate",
    "Comparison",
    "Load",
    "MEASURES",
    "Result",
    "Slice",
    "behind_best",
    "compare",
    "comparison_table",
    "embed",
    "embed_asked",
    "item_table",
    "lists_to_embed",
    "load_candidate",
    "measure",
    "named_figures",
    "ranked",
    "remembering",
    "row_lengths",
    "slice_table",
    "slices",
    "to_markdown",
    "with_defaults",
]
