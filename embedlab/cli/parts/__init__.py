"""What commands share: options, the table, the model, what is said beside the result.

Read ``options.py`` first.
"""

from embedlab.cli.parts.options import (
    Commands,
    Parser,
    add_candidates,
    add_command,
    add_contests,
    add_map,
    add_output,
    add_passages,
    add_table,
    add_ties,
    add_yes,
)
from embedlab.cli.parts.shared import (
    agree,
    bar,
    check_ending,
    embed,
    load_model,
    look_at_unread,
    say,
    set_aside,
    timed,
    write,
)
from embedlab.cli.parts.tables import guess_text, known, load, read, read_options, split

__all__ = [
    "Commands",
    "Parser",
    "add_candidates",
    "add_command",
    "add_contests",
    "add_map",
    "add_output",
    "add_passages",
    "add_table",
    "add_ties",
    "add_yes",
    "agree",
    "bar",
    "check_ending",
    "embed",
    "guess_text",
    "known",
    "load",
    "load_model",
    "look_at_unread",
    "read",
    "read_options",
    "say",
    "set_aside",
    "split",
    "timed",
    "write",
]
