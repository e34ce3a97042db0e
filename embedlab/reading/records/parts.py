"""What of a JSON file is the table: its own list, or one inside of it; where there are several, the likeliest."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

from embedlab.reading.records.messages import find_chats
from embedlab.reading.records.shapes import Shaped, shape_of
from embedlab.tables import list_parts

WHOLE = "the whole file"
"""What the outermost list is called."""

_SAMPLE_ROWS, _MAX_DEPTH, _MAX_PARTS = 1000, 6, 50
# Lists inside of records are read where they hold so many times the words of the records themselves.
_LEAD = 2.0


@dataclass(frozen=True)
class Part:
    """A table inside of a file.

    Parameters
    ----------
    name : str
        Where it stands: ``rows``, or ``rows[].messages`` for the lists in a field of each row.
    shaped : Shaped
        The rows it begins from.
    fields : tuple of tuple of str
        Through which fields of the rows it is reached, list by list; each is the names to go through.
    """

    name: str
    shaped: Shaped
    fields: tuple[tuple[str, ...], ...] = ()


def find_parts(value: Any) -> list[Part]:  # noqa: ANN401 - any JSON value
    """Return every table that a value of JSON holds, the outer before the inner.

    Parameters
    ----------
    value : JSON value

    Examples
    --------
    >>> talks = [{"id": 1, "messages": [{"content": "hello there"}, {"content": "good day"}]}]
    >>> [part.name for part in find_parts({"talks": talks})]
    ['talks', 'talks[].messages']
    """
    return list(islice(_find(value, ()), _MAX_PARTS))


def chats_in(value: Any) -> list[Part]:  # noqa: ANN401 - any JSON value
    """Return the chats in a value of JSON: all their messages as one part, and each of several chats by itself."""
    return [Part(name or WHOLE, shaped) for name, shaped in find_chats(value)]


def likeliest(parts: list[Part]) -> Part:
    """Return the part with the most words; one inside of another only where it has by far more.

    Parameters
    ----------
    parts : list of Part
        Not empty.
    """
    best, most = parts[0], -1.0
    for part in parts:
        words = _count_words(part)
        is_inside = part.shaped is best.shaped and part is not best
        if words > most * (_LEAD if is_inside and most > 0 else 1):
            best, most = part, words
    return best


def rows_of(part: Part) -> tuple[list[Any], int]:
    """Return the rows of a part, and how many records have none in it.

    What else stands in the record around a list stands in each of its rows; of equal names that of the record gets
    ``parent.`` before it.

    Parameters
    ----------
    part : Part
    """
    rows, n_without = part.shaped.rows, 0
    for field in part.fields:
        inner: list[Any] = []
        for row in rows:
            found = _reach(row, field)
            around = _around(row, field) if found else {}
            inner += [_joined(around, child) for child in found]
            n_without += not found
        rows = inner
    return rows, n_without


def note_parts(part: Part, names: list[str], n_without: int = 0) -> list[str]:
    """Say which part was read, in which shape it stood, and what else there is.

    Parameters
    ----------
    part : Part
    names : list of str
        Of all parts.
    n_without : int, default=0
        How many records have no row in it.
    """
    notes = [part.shaped.said] if part.shaped.said else []
    if part.fields:
        notes.append(f"The rows are those of {part.name!r}; what stands around a list is repeated in each of its rows.")
        if n_without:
            notes.append(f"{n_without:,} {'record has' if n_without == 1 else 'records have'} no row in it.")
    elif part.name != WHOLE:
        notes.append(f"The list {part.name!r} was read; what else the file holds was left out.")
    others = [name for name in names if name != part.name]
    if others:
        notes.append(f"The file holds other lists: {list_parts(others)}.")
    return notes


def _find(value: Any, path: tuple[str, ...]) -> Iterator[Part]:  # noqa: ANN401
    shaped = shape_of(value)
    if shaped is not None:
        part = Part(".".join(path) or WHOLE, shaped)
        yield part
        if not shaped.is_grid:
            yield from _find_inside(part, shaped.rows[:_SAMPLE_ROWS], ".".join(path))
    elif isinstance(value, dict) and len(path) < _MAX_DEPTH:
        for name, inner in value.items():
            yield from _find(inner, (*path, name))


def _find_inside(part: Part, rows: list[Any], name: str) -> Iterator[Part]:
    """Yield the lists of records in the fields of records."""
    if len(part.fields) == _MAX_DEPTH:
        return
    for field in dict.fromkeys(field for row in rows if isinstance(row, dict) for field in _list_fields(row)):
        inner = Part(f"{name}[].{'.'.join(field)}", part.shaped, (*part.fields, field))
        yield inner
        found = [child for row in rows for child in _reach(row, field)]
        yield from _find_inside(inner, found[:_SAMPLE_ROWS], inner.name)


def _list_fields(record: dict[str, Any], path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    for name, value in record.items():
        if _are_records(value):
            yield (*path, name)
        elif isinstance(value, dict) and len(path) < _MAX_DEPTH:
            yield from _list_fields(value, (*path, name))


def _are_records(value: Any) -> bool:  # noqa: ANN401
    return isinstance(value, list) and bool(value) and all(isinstance(child, dict) for child in value)


def _reach(row: Any, field: tuple[str, ...]) -> list[Any]:  # noqa: ANN401
    """Return the records in a field of a row; none where it holds something else."""
    for name in field:
        row = row.get(name) if isinstance(row, dict) else None
    return row if _are_records(row) else []


def _around(record: dict[str, Any], field: tuple[str, ...]) -> dict[str, Any]:
    """Return a record without its lists of records."""
    kept = {}
    for name, value in record.items():
        if isinstance(value, dict) and value:
            if inner := _around(value, field[1:] if field[:1] == (name,) else ()):
                kept[name] = inner
        elif not _are_records(value):
            kept[name] = value
    return kept


def _joined(around: dict[str, Any], child: dict[str, Any]) -> dict[str, Any]:
    return {(f"parent.{name}" if name in child else name): value for name, value in around.items()} | child


def _count_words(part: Part) -> float:
    """Count the letters of texts of several words; a little for each row, where there are none."""
    rows = part.shaped.rows[:_SAMPLE_ROWS]
    for field in part.fields:
        rows = [child for row in rows for child in _reach(row, field)]
    if part.shaped.is_texts:  # a bare list beside lists of records is one of tags
        return sum(map(_letters, rows)) / 4 + 1e-6 * len(rows)
    return sum(map(_letters, rows)) + 1e-5 * len(rows)


def _letters(value: Any, depth: int = 0) -> int:  # noqa: ANN401
    if isinstance(value, str):
        return len(value) if " " in value or not value.isascii() else 0
    if isinstance(value, dict) and depth < _MAX_DEPTH:
        return sum(_letters(cell, depth + 1) for cell in value.values())
    return 0
