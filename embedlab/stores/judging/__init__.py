"""Stores judged: how many of the truly nearest rows they find, how fast, with which settings of their index.

Read ``judged.py`` first: one collection, asked query by query. ``truth.py`` is what it is held against, our exact
search; ``sweeping.py`` tries the settings of an index; ``report.py`` says in words and a table what came of it.
"""

from embedlab.stores.judging.judged import Judged, Setting, judge_store
from embedlab.stores.judging.report import WANTED_RECALL, judged_table, judged_verdict
from embedlab.stores.judging.sweeping import Sweep, suggest_settings, sweep_store

__all__ = [
    "Judged",
    "Setting",
    "Sweep",
    "WANTED_RECALL",
    "judge_store",
    "judged_table",
    "judged_verdict",
    "suggest_settings",
    "sweep_store",
]
