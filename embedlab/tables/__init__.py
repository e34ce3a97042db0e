"""What a table of texts is: its cells, the names of its columns, which of them hold texts, and how it was read.

Read ``table.py`` first: a table and the report of how it was read. How a file becomes one: ``embedlab.reading``.
"""

from embedlab.tables.names import LABEL_NAMES, LESSER_TEXT_NAMES, OTHER_NAMES, TEXT_NAMES
from embedlab.tables.options import ReadOptions
from embedlab.tables.parts import choose_part, list_parts
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
    free_name,
    list_lines,
    make_table,
)
from embedlab.tables.values import is_value

__all__ = [
    "EncodingCandidate",
    "LABEL_NAMES",
    "LESSER_TEXT_NAMES",
    "OTHER_NAMES",
    "ReadOptions",
    "ReadReport",
    "TEXT_NAMES",
    "Table",
    "UNREADABLE",
    "check_chars",
    "check_size",
    "check_unpacked",
    "choose_part",
    "count_rows",
    "free_name",
    "is_value",
    "list_lines",
    "list_parts",
    "make_table",
    "sample_table",
]
