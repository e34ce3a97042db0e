"""What the columns of a table mean: what is missing, numbers and dates, labels, and which column holds the texts.

Read ``meaning.py`` first: what is asked of a table. ``choosing.py`` finds the columns of texts and labels,
``profile.py`` says what was understood of each.
"""

from embedlab.columns.choosing import ColumnGuess, guess_label_column, guess_text_column
from embedlab.columns.labels import has_several_labels, read_labels, write_labels
from embedlab.columns.meaning import Meanings
from embedlab.columns.missing import MISSING_WORDS, find_missing
from embedlab.columns.profile import ColumnProfile, profile_columns
from embedlab.columns.scale import Scale, read_scale

__all__ = [
    "ColumnGuess",
    "ColumnProfile",
    "MISSING_WORDS",
    "Meanings",
    "Scale",
    "find_missing",
    "guess_label_column",
    "guess_text_column",
    "has_several_labels",
    "profile_columns",
    "read_labels",
    "read_scale",
    "write_labels",
]
