"""The shapes in which JSON says a table: lists of records, columns, rows by their names, what pandas writes.

Which way an object of objects is to be read is decided by :func:`_is_by_column`; every shape becomes a list of rows.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from embedlab.reading.layout import usual_name

# An object of more texts than that is a list of texts under their names, and no record.
_MAX_FIELDS = 20
# Of the names of all entries, those that an entry has on average.
_MIN_SHARED = 0.3
_INTEGER = re.compile("-?[0-9]+")
_SPLIT = ({"columns", "data"}, {"index", "columns", "data", "index_names", "column_names"})


@dataclass(frozen=True)
class Shaped:
    """Rows as a value of JSON says them.

    Parameters
    ----------
    rows : list
        Objects and texts; lists of cells where ``is_grid``.
    said : str
        How they were read, as a note says it; empty for a plain list of records.
    is_grid : bool, default=False
        Whether nothing names the columns but perhaps the first row.
    is_texts : bool, default=False
        Whether they are a bare list of texts.
    """

    rows: list[Any]
    said: str = ""
    is_grid: bool = False
    is_texts: bool = False


def shape_of(value: Any) -> Shaped | None:  # noqa: ANN401 - any JSON value
    """Return the rows that a value of JSON says, or None where it is no table.

    Parameters
    ----------
    value : JSON value

    Examples
    --------
    >>> shape_of({"text": {"0": "a", "1": "b"}}).rows
    [{'text': 'a'}, {'text': 'b'}]
    >>> shape_of({"k7": {"text": "a"}, "k9": {"text": "b"}}).rows
    [{'id': 'k7', 'text': 'a'}, {'id': 'k9', 'text': 'b'}]
    >>> shape_of({"text": ["a", "b"], "n": [1, 2]}).rows
    [{'text': 'a', 'n': 1}, {'text': 'b', 'n': 2}]
    """
    if isinstance(value, list):
        return _of_list(value)
    if not isinstance(value, dict) or not value:
        return None
    for shape in (_of_schema, _of_split, _of_lists, _of_objects, _of_texts):
        if (found := shape(value)) is not None:
            return found
    return None


def _of_list(values: list[Any]) -> Shaped | None:
    """Take records, texts, or rows of cells; a list of numbers is none of them."""
    if values and all(isinstance(value, list) for value in values) and any(values):
        return Shaped(values, "It is a list of rows, each a list of cells.", is_grid=True)
    if not any(isinstance(value, (dict, str)) for value in values):
        return None
    rows = [value if isinstance(value, (dict, str)) or value is None else {"value": value} for value in values]
    return Shaped(rows, is_texts=not any(isinstance(value, dict) for value in values))


def _of_schema(value: dict[str, Any]) -> Shaped | None:
    """Read ``{"schema": {"fields": […], "primaryKey": ["index"]}, "data": [{…}]}``: pandas' orient="table"."""
    schema, data = value.get("schema"), value.get("data")
    if not isinstance(schema, dict) or "fields" not in schema or not isinstance(data, list) or not data:
        return None
    if not all(isinstance(row, dict) for row in data):
        return None
    said = "It was read as a schema with its rows."
    if schema.get("primaryKey") == ["index"] and [row.get("index") for row in data] == list(range(len(data))):
        data = [{key: cell for key, cell in row.items() if key != "index"} for row in data]
    return Shaped(data, said) if any(data) else None


def _of_split(value: dict[str, Any]) -> Shaped | None:
    """Read ``{"columns": […], "index": […], "data": [[…]]}``: pandas' orient="split" and "tight"."""
    needed, allowed = _SPLIT
    if not needed <= set(value) <= allowed:
        return None
    columns, data = value["columns"], value["data"]
    if not isinstance(columns, list) or not isinstance(data, list) or not data or not columns:
        return None
    if any(not isinstance(row, list) or len(row) != len(columns) for row in data):
        return None
    names = tell_apart([".".join(map(str, name)) if isinstance(name, list) else str(name) for name in columns])
    rows = [dict(zip(names, row, strict=True)) for row in data]
    index = value.get("index")
    labels = index if isinstance(index, list) and len(index) == len(rows) else range(len(rows))
    said = "It was read as the names of the columns and the rows below them."
    return _with_labels(rows, labels, said)


def _of_lists(value: dict[str, Any]) -> Shaped | None:
    """Read ``{"text": [...], "label": [...]}``: columns of one length; single values beside them stand in every row."""
    lists = {name: cells for name, cells in value.items() if isinstance(cells, list)}
    lengths = set(map(len, lists.values()))
    if len(lengths) != 1 or 0 in lengths or all(_are_records(cells) or _are_rows(cells) for cells in lists.values()):
        return None
    others = {name: cell for name, cell in value.items() if name not in lists}
    if others and (len(lists) < 2 or lengths == {1} or any(isinstance(cell, dict) for cell in others.values())):
        return None
    rows = [others | dict(zip(lists, cells, strict=True)) for cells in zip(*lists.values(), strict=True)]
    return Shaped(rows, "It was read as an object of columns, each a list of cells.")


def _of_objects(value: dict[str, Any]) -> Shaped | None:
    """Return the rows of an object of objects, by column or by row."""
    entries = list(value.values())
    if not all(isinstance(entry, dict) for entry in entries) or not any(entries):
        return None
    if all(isinstance(cell, dict) and cell for entry in entries for cell in entry.values()):
        return None  # objects that hold tables
    names = set().union(*entries)
    if sum(map(len, entries)) < _MIN_SHARED * len(entries) * len(names):
        return None
    if len(entries) == 1 and not _are_numbered(list(value)) and not _INTEGER.fullmatch(next(iter(value))):
        labels = list(entries[0])
        if len(labels) == 1 and not _are_numbered(labels) or usual_name(labels):
            return None  # one record under a name
    if _is_by_column(value):
        labels = list(entries[0])
        rows = [{name: column[label] for name, column in value.items()} for label in labels]
        return _with_labels(rows, labels, "It was read as an object of columns, each of which names its rows.")
    return _with_labels(entries, list(value), "It was read as an object of rows under their names.")


def _is_by_column(value: dict[str, dict[str, Any]]) -> bool:
    """Whether the names outside are those of columns, and those inside the rows of each column.

    Columns of one table have the same rows. Row numbers from 0, or whole numbers, on one side alone are the rows; a
    usual name of a column on one side alone is a column; where the cells are of one kind along one side alone, that
    side is a column. Otherwise there are more rows than columns.
    """
    outer, first = list(value), next(iter(value.values()))
    if any(entry.keys() != first.keys() for entry in value.values()):
        return False
    inner = list(first)
    for are_labels in (_are_numbered, _are_integers):
        if are_labels(inner) != are_labels(outer):
            return are_labels(inner)
    if bool(usual_name(inner)) != bool(usual_name(outer)):
        return bool(usual_name(outer))
    along = all(_are_alike(column.values()) for column in value.values())
    across = all(_are_alike(column[label] for column in value.values()) for label in inner)
    return along if along != across else len(inner) >= len(outer)


def _of_texts(value: dict[str, Any]) -> Shaped | None:
    """Texts under row numbers, as pandas writes a series, or more of them than a record has fields."""
    cells = list(value.values())
    if not all(cell is None or isinstance(cell, str) for cell in cells) or not any(cells):
        return None
    if not _are_integers(list(value)) and len(cells) <= _MAX_FIELDS:
        return None
    return _with_labels([{"text": cell} for cell in cells], list(value), "It was read as texts under their names.")


def _with_labels(rows: list[dict[str, Any]], labels: Sequence[Any], said: str) -> Shaped:
    """Keep the names of rows as a column, unless they are the numbers from 0 or stand in the rows already."""
    if _are_numbered([str(label) for label in labels]):
        return Shaped(rows, said)
    if all(str(row.get("id")) == str(label) for row, label in zip(rows, labels, strict=True)):
        return Shaped(rows, said)
    taken = set().union(*rows)
    name = tell_apart([*taken, "key" if "id" in taken else "id"])[-1]
    rows = [{name: label} | row for row, label in zip(rows, labels, strict=True)]
    return Shaped(rows, f'{said} The names of the rows are in the column "{name}".')


def _are_records(values: list[Any]) -> bool:
    return all(isinstance(value, dict) for value in values)


def _are_rows(values: list[Any]) -> bool:
    return all(isinstance(value, list) and len(value) > 1 for value in values) and len(set(map(len, values))) == 1


def _are_numbered(labels: list[str]) -> bool:
    return labels == [str(i) for i in range(len(labels))]


def _are_integers(labels: list[str]) -> bool:
    return all(map(_INTEGER.fullmatch, labels))


def _are_alike(cells: Iterable[Any]) -> bool:
    """Whether cells that are not missing are of one kind."""
    kinds = {float if type(cell) is int else type(cell) for cell in cells if cell is not None}
    return len(kinds) < 2


def tell_apart(names: list[str]) -> list[str]:
    """Tell equal names apart, so that none takes the place of another in an object."""
    found: dict[str, None] = {}
    for name in names:
        unique, repeat = name, 2
        while unique in found:
            unique, repeat = f"{name} ({repeat})", repeat + 1
        found[unique] = None
    return list(found)
