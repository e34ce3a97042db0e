"""Records as columns of texts: objects inside of them become columns with a dot, lists stay JSON in a cell."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from embedlab.limits import limits
from embedlab.tables import check_size

# An object with more names than that is one of values under keys, such as votes by person: it stays in one cell.
_MAX_NAMES = 200
_MAX_DEPTH = 20


def columns_of(records: list[dict[str, Any]], file_name: str) -> tuple[list[str], list[list[str]]]:
    """Return the names and the cells of the columns of records, one for each name that a record has.

    Parameters
    ----------
    records : list of objects
    file_name : str
        For messages.

    Raises
    ------
    TableError
        When there are too many columns or cells.

    Examples
    --------
    >>> columns_of([{"data": {"text": "a"}, "tags": ["x"]}, {"data": None}], "a.json")
    (['data.text', 'tags'], [['a', ''], ['["x"]', '']])
    """
    names: list[str] = []
    columns: list[list[str]] = []
    for name, values in _walk(records, ""):
        names.append(name)
        check_size(file_name, len(records), len(names))
        columns.append([cell if type(cell) is str else text_of(cell) for cell in values])
    return names, columns


def _walk(records: list[dict[str, Any]], prefix: str, depth: int = 0) -> Iterator[tuple[str, list[Any]]]:
    """Yield the columns of records, those of the objects in a field in the place of the field."""
    for name in dict.fromkeys(name for record in records for name in record):
        values = [record.get(name) for record in records]
        inner = [value if isinstance(value, dict) else {} for value in values]
        names_inside = set().union(*inner)
        if not names_inside or len(names_inside) > _MAX_NAMES or depth == _MAX_DEPTH:
            yield prefix + name, values
            continue
        values = [None if isinstance(value, dict) else value for value in values]
        if any(value is not None for value in values):
            yield prefix + name, values
        del values
        yield from _walk(inner, f"{prefix}{name}.", depth + 1)


def text_of(value: Any) -> str:  # noqa: ANN401 - any JSON or Arrow value
    """Write one value as a cell, cut just beyond what the table keeps; what is missing or no number is empty.

    Parameters
    ----------
    value : any value of JSON, Arrow or a database

    Examples
    --------
    >>> text_of(float("nan")), text_of(1.5), text_of(True), text_of(["a", None]), text_of(b"abc")
    ('', '1.5', 'true', '["a", null]', 'abc')
    """
    if value is None:
        return ""
    if isinstance(value, float) and not math.isfinite(value):
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (dict, list, tuple)):
        value = json.dumps(_without_gaps(value), ensure_ascii=False, default=text_of)
    elif isinstance(value, bytes):
        value = _text_of_bytes(value)
    elif isinstance(value, Decimal):
        return format(value, "f") if value.is_finite() else ""
    return str(value)[: limits().max_cell_chars + 1]


def _without_gaps(value: Any) -> Any:  # noqa: ANN401
    """Replace what is no number by nothing, as JSON has no word for it."""
    if isinstance(value, dict):
        return {str(key): _without_gaps(cell) for key, cell in value.items()}
    if isinstance(value, (list, tuple)):
        return [_without_gaps(cell) for cell in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value


def _text_of_bytes(value: bytes) -> str:
    """Texts are often written without saying so; a picture is not put into a cell."""
    text = value.decode("utf-8", "replace")
    if "\0" in text or 5 * text.count("\ufffd") > len(text):
        return f"({len(value):,} bytes)"
    return text
