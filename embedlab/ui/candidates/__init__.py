"""Candidates on several pages: the one list of them, when the work begins, and their report cards.

Read ``choosing.py`` first.
"""

from embedlab.ui.candidates import choosing, report_cards
from embedlab.ui.candidates.starting import is_started

__all__ = ["choosing", "is_started", "report_cards"]
