"""Text to rows of cells: which sign separates them, and what was wrong with some rows.

Read ``sniffing.py`` first: it tries the signs. ``rows.py`` cuts the text by one of them,
``long.py`` a text that is too long to be held.
"""

from embedlab.reading.delimiters.long import LongText, TextRow
from embedlab.reading.delimiters.rows import MAX_CELL_LINES, Rows, count_torn, parse_best, plain_lines
from embedlab.reading.delimiters.sniffing import sniff_delimiter

__all__ = [
    "LongText",
    "MAX_CELL_LINES",
    "Rows",
    "TextRow",
    "count_torn",
    "parse_best",
    "plain_lines",
    "sniff_delimiter",
]
