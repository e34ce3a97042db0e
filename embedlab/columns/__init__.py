"""What the columns of a table mean: what is missing, numbers and dates, labels, and which column holds the texts.

Read ``scale.py`` for numbers and dates, ``missing.py`` and ``labels.py`` for the rest of what a cell can mean.
"""

from embedlab.columns.choosing import guess_label_column, guess_text_column
from embedlab.columns.labels import has_several_labels, read_labels
from embedlab.columns.missing import MISSING_WORDS, Missing, find_missing
from embedlab.columns.scale import Scale, read_scale

__all__ = [
    "MISSING_WORDS",
    "Missing",
    "Scale",
    "find_missing",
    "guess_label_column",
    "guess_text_column",
    "has_several_labels",
    "read_labels",
    "read_scale",
]
