"""Which of the tables of a file is meant."""

from __future__ import annotations

from collections.abc import Sequence

from embedlab.errors import TableError

_NAMED = 8


def choose_part(parts: Sequence[str], wanted: str, file_name: str) -> int:
    """Return the position of the part that was asked for.

    Parameters
    ----------
    parts : sequence of str
    wanted, file_name : str

    Raises
    ------
    TableError
        When there is none of that name; says which there are.

    Examples
    --------
    >>> choose_part(["Sheet1", "Answers"], "Answers", "survey.xlsx")
    1
    """
    if wanted in parts:
        return parts.index(wanted)
    shown = ", ".join(repr(part) for part in parts[:_NAMED])
    more = f" and {len(parts) - _NAMED:,} more" if len(parts) > _NAMED else ""
    held = f"It holds {shown}{more}." if parts else "It holds a single table."
    raise TableError(f"{file_name} has no part called {wanted!r}. {held} Choose one of them, or leave it out.")
