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
    held = f"It holds {list_parts(parts)}." if parts else "It holds a single table."
    raise TableError(f"{file_name} has no part called {wanted!r}. {held} Choose one of them, or leave it out.")


def part_within(parts: Sequence[str], wanted: str, file_name: str) -> tuple[int, str | None]:
    """Return the position of the part that was asked for, and which part of that part, if any.

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
    >>> part_within(["a.csv", "b.xlsx"], "b.xlsx/Answers", "all.zip")
    (1, 'Answers')
    """
    around = [part for part in parts if wanted.startswith(f"{part}/")]
    if wanted in parts or not around:
        return choose_part(parts, wanted, file_name), None
    part = max(around, key=len)
    return parts.index(part), wanted[len(part) + 1 :]


def list_parts(parts: Sequence[str]) -> str:
    """Write names of parts for a sentence: ``'Keys', 'Answers' and 3 more``."""
    more = f" and {len(parts) - _NAMED:,} more" if len(parts) > _NAMED else ""
    return ", ".join(map(repr, parts[:_NAMED])) + more


def note_others(kind: str, part: str, parts: Sequence[str]) -> list[str]:
    """Say which part of a file was read and which others there are; nothing where it holds no other.

    Parameters
    ----------
    kind, part : str
        What it is, such as "sheet", and its name.
    parts : sequence of str
        Of all, itself included.

    Examples
    --------
    >>> note_others("sheet", "Keys", ["Keys", "Answers"])
    ["Only the sheet 'Keys' was read; the others are: 'Answers'."]
    """
    others = [other for other in parts if other != part]
    return [f"Only the {kind} {part!r} was read; the others are: {list_parts(others)}."] if others else []
