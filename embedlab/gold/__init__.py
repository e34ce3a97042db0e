"""What a person knows about her texts: scored pairs, questions and answers, labels, or nothing.

Read ``kinds.py`` first, and ``multiple.py`` for several labels a text; ``columns.py`` finds it in a table,
``judged.py`` in files of judgements, ``parts.py`` sets some of it apart to fit something to, and ``watching.py``
divides it into what is chosen by and what is judged by.
"""

from embedlab.gold.columns import LAYOUTS, build_gold
from embedlab.gold.guessing import guess_layout, id_column
from embedlab.gold.judged import judged_gold, write_qrels
from embedlab.gold.kinds import Gold, Labelled, Pairs, Retrieval
from embedlab.gold.layouts import Layout, find_layout
from embedlab.gold.multiple import MultiLabelled, labels_in_words
from embedlab.gold.parts import set_apart
from embedlab.gold.unlabelled import Unlabelled
from embedlab.gold.watching import set_to_watch

__all__ = [
    "Gold",
    "LAYOUTS",
    "Labelled",
    "Layout",
    "MultiLabelled",
    "Pairs",
    "Retrieval",
    "Unlabelled",
    "build_gold",
    "find_layout",
    "guess_layout",
    "id_column",
    "judged_gold",
    "labels_in_words",
    "set_apart",
    "set_to_watch",
    "write_qrels",
]
