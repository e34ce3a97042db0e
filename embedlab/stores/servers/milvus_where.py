"""Conditions on metadata as Milvus asks them, where what is missing is neither equal nor unequal."""

from __future__ import annotations

import json

from embedlab.errors import InvalidInputError
from embedlab.stores.contract import Combination, Condition, Scalar, kind_of

_OPERATORS = {"gte": ">=", "lte": "<="}


def where_text(condition: Condition | None, *, is_ours: bool) -> str:
    """Return a condition, true or false of every row and never unknown; empty where there is none.

    Parameters
    ----------
    condition : Comparison, Combination or None
    is_ours : bool
        Whether the fields stand in ``metadata`` with their kinds beside them, or are those of the collection.

    Raises
    ------
    InvalidInputError
        When a field of somebody else's has a name that cannot stand in a condition.
    """
    if condition is None:
        return ""
    if isinstance(condition, Combination):
        return "(" + f" {condition.operator} ".join(where_text(part, is_ours=is_ours) for part in condition.parts) + ")"
    sign, values = _OPERATORS.get(condition.operator, "=="), condition.values
    if not is_ours:
        field = _identifier(condition.field)
        compared = "(" + " or ".join(f"{field} {sign} {_quoted(value)}" for value in values) + ")"
        return f"(not {compared} or {field} is null)" if condition.operator == "ne" else compared
    name = _quoted(condition.field)
    parts = (f"(metadata[{name}] {sign} {_quoted(v)} and kinds[{name}] == {_quoted(kind_of(v))})" for v in values)
    compared = "(" + " or ".join(parts) + ")"
    return f"(not {compared} or not exists metadata[{name}])" if condition.operator == "ne" else compared


def ids_text(field: str, ids: list[str], *, is_text: bool) -> str:
    """Return the condition that a row has one of some ids; the client's own forgets to quote them."""
    held = [_quoted(id) if is_text else id for id in ids if is_text or id.removeprefix("-").isdecimal()]
    return f"{field} in [{', '.join(held)}]"


def _identifier(field: str) -> str:
    """Return a field of somebody else's as it is; anything else would be read as a part of the condition."""
    if not (field.isascii() and field.isidentifier()):
        raise InvalidInputError(f"{field!r} is no field that Milvus has conditions on. Choose another.")
    return field


def _quoted(value: Scalar) -> str:
    return json.dumps(value, ensure_ascii=False)
