"""What a table of texts is: its cells, the names of its columns, which of them hold texts, and how it was read.

Read ``table.py`` first: a table and the report of how it was read. How a file becomes one: ``embedlab.reading``.
"""

from embedlab.tables.cells import Scale, read_scale
from embedlab.tables.columns import free_name, guess_label_column, guess_text_column
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
    "Scale",
    "Table",
    "UNREADABLE",
    "check_chars",
    "check_size",
    "check_unpacked",
    "count_rows",
    "extent_of",
    "find_margins",
    "free_name",
    "guess_label_column",
    "guess_text_column",
    "list_lines",
    "looks_like_header",
    "make_table",
    "note_margins",
    "read_scale",
    "sample_table",
]
