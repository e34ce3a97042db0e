"""What a table of texts is: its cells, the names of its columns, which of them hold texts, and how it was read.

Read ``table.py`` first: a table and the report of how it was read. How a file becomes one: ``embedlab.reading``.
"""

from embedlab.tables.options import ReadOptions
from embedlab.tables.parts import choose_part, list_parts, note_others, part_within
from embedlab.tables.sampling import sample_table
from embedlab.tables.sizes import (
    check_chars,
    check_file_size,
    check_size,
    check_unpacked,
    check_values,
    most_unpacked,
    say_unpacked,
)
from embedlab.tables.table import (
    UNREADABLE,
    EncodingCandidate,
    ReadReport,
    Table,
    as_part,
    count_rows,
    free_name,
    list_lines,
    make_table,
)
from embedlab.tables.values import is_value

__all__ = [
    "EncodingCandidate",
    "ReadOptions",
    "ReadReport",
    "Table",
    "UNREADABLE",
    "as_part",
    "check_chars",
    "check_file_size",
    "check_size",
    "check_unpacked",
    "check_values",
    "choose_part",
    "count_rows",
    "free_name",
    "is_value",
    "list_lines",
    "list_parts",
    "make_table",
    "most_unpacked",
    "note_others",
    "part_within",
    "sample_table",
    "say_unpacked",
]
