"""What several pages draw alike: the map, tables, tokens, downloads, errors as sentences.

Read ``point_map.py`` first.
"""

from embedlab.ui.parts import downloads, first_look, point_map
from embedlab.ui.parts.messages import plain_errors, show_unforeseen
from embedlab.ui.parts.roles import choose_roles
from embedlab.ui.parts.starting import is_started
from embedlab.ui.parts.tables import (
    COSINE,
    PLACE,
    SELECTED,
    ColumnConfig,
    places_of,
    put_before,
    rows_of,
    selected_marks,
    show_hits,
    show_rows,
)
from embedlab.ui.parts.theme import is_dark
from embedlab.ui.parts.ties import choose_group, choose_near, choose_ties
from embedlab.ui.parts.tokens import match_markdown, show_ids, show_tokens, token_chips, token_name
from embedlab.ui.parts.unread import find_unread, say_sample, show_languages, warn_of_unread

__all__ = [
    "COSINE",
    "ColumnConfig",
    "PLACE",
    "SELECTED",
    "choose_group",
    "choose_near",
    "choose_roles",
    "choose_ties",
    "downloads",
    "find_unread",
    "first_look",
    "is_dark",
    "is_started",
    "match_markdown",
    "places_of",
    "plain_errors",
    "point_map",
    "put_before",
    "rows_of",
    "say_sample",
    "selected_marks",
    "show_hits",
    "show_ids",
    "show_languages",
    "show_rows",
    "show_tokens",
    "show_unforeseen",
    "token_chips",
    "token_name",
    "warn_of_unread",
]
