"""What a table of texts is: its cells, the names of its columns, which of them hold texts, and how it was read.

Read ``table.py`` first: a table and the report of how it was read. How a file becomes one: ``embedlab.reading``.
"""

from embedlab.tables.header import looks_like_header
from embedlab.tables.margins import MAX_TITLE_LINES, extent_of, find_margins, note_margins
from embedlab.tables.sampling import sample_table
from embedlab.tables.table import (
    UNREADABLE,
    EncodingCandidate,
    ReadReport,
    Table,
    check_chars,
    check_size,
    check_unpacked,
    count_rows,
    list_lines,
    make_table,
)

__all__ = [
    "EncodingCandidate",
    "MAX_TITLE_LINES",
    "ReadReport",
    "Table",
    "UNREADABLE",
    "check_chars",
    "check_size",
    "check_unpacked",
    "count_rows",
    "extent_of",
    "find_margins",
    "list_lines",
    "looks_like_header",
    "make_table",
    "note_margins",
    "sample_table",
]
