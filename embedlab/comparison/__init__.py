"""Models, poolings and layers held against each other on one's own texts, with intervals and costs.

Read ``candidates.py`` and ``gold.py`` first: what is compared, and against what. ``running.py`` does it.
"""

from embedlab.comparison.candidates import Candidate, Load, load_candidate, remembering
from embedlab.comparison.columns import LAYOUTS, build_gold, guess_layout
from embedlab.comparison.gold import Gold, Labelled, Pairs, Retrieval, Unlabelled
from embedlab.comparison.items import item_table, row_lengths
from embedlab.comparison.judged import judged_gold, write_qrels
from embedlab.comparison.measures import MEASURES, as_cosines
from embedlab.comparison.recipes import recipe
from embedlab.comparison.report import comparison_table, to_markdown
from embedlab.comparison.results import Comparison, Result
from embedlab.comparison.running import compare, embed
from embedlab.comparison.slices import Slice, slice_table, slices

__all__ = [
    "Candidate",
    "Comparison",
    "Gold",
    "LAYOUTS",
    "Labelled",
    "Load",
    "MEASURES",
    "Pairs",
    "Result",
    "Retrieval",
    "Slice",
    "Unlabelled",
    "as_cosines",
    "build_gold",
    "compare",
    "comparison_table",
    "embed",
    "guess_layout",
    "item_table",
    "judged_gold",
    "load_candidate",
    "recipe",
    "remembering",
    "row_lengths",
    "slice_table",
    "slices",
    "to_markdown",
    "write_qrels",
]
