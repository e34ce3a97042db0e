"""Report cards side by side: candidates of a comparison in every probe, and which differences are more than noise.

Read ``candidates.py`` first; ``standings.py`` holds the cards against each other.
"""

from embedlab.reportcards.candidates import probe_candidates
from embedlab.reportcards.report import cards_markdown
from embedlab.reportcards.standings import Standing, standings, standings_table

__all__ = ["Standing", "cards_markdown", "probe_candidates", "standings", "standings_table"]
