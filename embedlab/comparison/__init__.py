"""Models, poolings and layers held against each other on one's own texts, with intervals and costs.

Read ``candidates.py`` and ``gold.py`` first: what is compared, and against what. ``running.py`` does it.
"""

from embedlab.comparison.candidates import Candidate, Load, load_candidate
from embedlab.comparison.columns import LAYOUTS, build_gold, guess_layout
from embedlab.comparison.gold import Gold, Labelled, Pairs, Retrieval, Unlabelled
from embedlab.comparison.measures import MEASURES, as_cosines
from embedlab.comparison.recipes import recipe
from embedlab.comparison.report import comparison_table, to_markdown
from embedlab.comparison.results import Comparison, Result
from embedlab.comparison.running import compare, embed

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
    "Unlabelled",
    "as_cosines",
    "build_gold",
    "compare",
    "comparison_table",
    "embed",
    "guess_layout",
    "load_candidate",
    "recipe",
    "to_markdown",
]
