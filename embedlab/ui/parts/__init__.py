"""What several pages draw alike: the map, tables, tokens, downloads, errors as sentences.

Read ``point_map.py`` first.
"""

from embedlab.ui.parts import downloads, point_map, tokens
from embedlab.ui.parts.downloads import File, draw, table_files, with_groups
from embedlab.ui.parts.messages import plain_errors, show_unforeseen
from embedlab.ui.parts.point_map import MAX_PLOTLY
from embedlab.ui.parts.tables import COSINE, SELECTED, ColumnConfig, put_before, selected_marks, show_hits, show_rows
from embedlab.ui.parts.theme import is_dark
from embedlab.ui.parts.tokens import match_markdown, token_chips, token_name

__all__ = [
    "COSINE",
    "ColumnConfig",
    "File",
    "MAX_PLOTLY",
    "SELECTED",
    "downloads",
    "draw",
    "is_dark",
    "match_markdown",
    "plain_errors",
    "point_map",
    "put_before",
    "selected_marks",
    "show_hits",
    "show_rows",
    "show_unforeseen",
    "table_files",
    "token_chips",
    "token_name",
    "tokens",
    "with_groups",
]
