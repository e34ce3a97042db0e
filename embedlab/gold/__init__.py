"""What a person knows about her texts: scored pairs, questions and answers, labels, or nothing.

Read ``kinds.py`` first; ``columns.py`` finds it in a table, ``judged.py`` in files of judgements.
"""

from embedlab.gold.columns import LAYOUTS, build_gold
from embedlab.gold.guessing import guess_layout
from embedlab.gold.judged import judged_gold, write_qrels
from embedlab.gold.kinds import Gold, Labelled, Pairs, Retrieval, Unlabelled

__all__ = [
    "Gold",
    "LAYOUTS",
    "Labelled",
    "Pairs",
    "Retrieval",
    "Unlabelled",
    "build_gold",
    "guess_layout",
    "judged_gold",
    "write_qrels",
]
