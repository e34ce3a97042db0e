"""Candidates on several pages: the one list of them, and their report cards.

Read ``choosing.py`` first.
"""

from embedlab.ui.candidates import choosing, report_cards

__all__ = ["choosing", "report_cards"]
