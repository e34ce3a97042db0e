"""Stores judged: how many of the truly nearest rows they find, how fast, with which setting of their index.

Read ``judged.py`` first: one collection, asked question by question. ``truth.py`` is what it is held against, our exact
search; ``sweeping.py`` tries the settings of an index; ``report.py`` says in words and a table what came of it.
"""

from embedlab.stores.judging.judged import Judged, Rows, judge_store
from embedlab.stores.judging.report import WANTED_RECALL, judged_table, judged_verdict
from embedlab.stores.judging.sweeping import Sweep, sweep_store

__all__ = [
    "Judged",
    "Rows",
    "Sweep",
    "WANTED_RECALL",
    "judge_store",
    "judged_table",
    "judged_verdict",
    "sweep_store",
]
