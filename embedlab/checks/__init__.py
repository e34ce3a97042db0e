"""What to look at before a table of figures is believed: what is known of the texts, and what models make of them.

Read ``finding.py`` first; ``known.py`` looks at the table, ``models.py`` at what a model cuts off or cannot read.
Nothing is changed.
"""

from embedlab.checks.finding import Finding
from embedlab.checks.known import check_gold, guess_split
from embedlab.checks.languages import say_languages, say_not_trained
from embedlab.checks.models import check_encoders, check_unread, say_not_compared, say_not_told_apart

__all__ = [
    "Finding",
    "check_encoders",
    "check_gold",
    "check_unread",
    "guess_split",
    "say_languages",
    "say_not_compared",
    "say_not_told_apart",
    "say_not_trained",
]
