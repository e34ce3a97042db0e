"""A grid of cells as a table: what stands around it, which rows hold the names, where rows do not fit.

Read ``table.py`` first; ``header.py`` says whether a row names the columns, ``names.py`` whether several rows do,
``margins.py`` what is no part of the table. ``cells.py`` keeps the rows of large files.
"""

from embedlab.reading.layout.cells import Cells
from embedlab.reading.layout.header import usual_name
from embedlab.reading.layout.margins import MAX_TITLE_LINES, extent_of, find_margins, note_margins
from embedlab.reading.layout.table import Grid, lay_out

__all__ = [
    "Cells",
    "Grid",
    "MAX_TITLE_LINES",
    "extent_of",
    "find_margins",
    "lay_out",
    "note_margins",
    "usual_name",
]
