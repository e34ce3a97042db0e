"""Conditions on metadata as Weaviate asks them.

Weaviate knows properties and no open metadata; a property has one kind, its name a narrow alphabet, and rows that were
there before it are in no index of what is missing. So each row of ours carries its facts as texts, ``["stars", 4.0]``,
which are compared whole, and of numbers a property each for what is above and below.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from embedlab.errors import InvalidInputError
from embedlab.stores.contract import Combination, Comparison, Condition, Metadata, Scalar, kind_of, row_key

EVERY = "[]"
"""The fact of every row."""
_NONE = "{}"
# Characters of a fact that is written out; a longer one is written as a digest.
_LONGEST = 500
_BOUNDS = {"gte": "GreaterThanEqual", "lte": "LessThanEqual"}
# What a property is compared by, and what it is compared with.
_VALUES = {"text": "valueText", "int": "valueInt", "number": "valueNumber", "boolean": "valueBoolean"}
_KINDS = {"text": "text", "int": "number", "number": "number", "boolean": "truth value"}


def facts(metadata: Metadata) -> list[str]:
    """Return the facts of a row: one a field, and one that every row has."""
    return [EVERY, *(_fact(field, value) for field, value in metadata.items())]


def numbers(metadata: Metadata) -> dict[str, float]:
    """Return the numbers of a row by their properties."""
    return {number_property(field): value for field, value in metadata.items() if kind_of(value) == "number"}  # type: ignore[misc]


def number_property(field: str) -> str:
    """Return the property that holds the numbers of a field, whatever its name is."""
    return f"n_{row_key(field)}"


def number_properties(condition: Condition) -> set[str]:
    """Return the properties of numbers that a condition asks about in a collection of ours."""
    if isinstance(condition, Combination):
        return {name for part in condition.parts for name in number_properties(part)}
    return {number_property(condition.field)} if condition.operator in _BOUNDS else set()


def where_text(condition: Condition, properties: Mapping[str, Any], *, is_ours: bool) -> str:
    """Return a condition in GraphQL.

    Parameters
    ----------
    condition : Comparison or Combination
    properties : mapping
        What the schema says of each property of the collection, by its name.
    is_ours : bool
        Whether rows carry facts, or nothing but their properties.

    Raises
    ------
    InvalidInputError
        When somebody else's collection has no such property, or one that Weaviate compares otherwise.
    """
    if isinstance(condition, Combination):
        parts = ", ".join(where_text(part, properties, is_ours=is_ours) for part in condition.parts)
        return f"{{operator: {condition.operator.capitalize()}, operands: [{parts}]}}"
    if not is_ours:
        return _theirs(condition, properties)
    if condition.operator not in _BOUNDS:
        operator = "ContainsNone" if condition.operator == "ne" else "ContainsAny"
        return _leaf("facts", operator, "valueText", [_fact(condition.field, value) for value in condition.values])
    name = number_property(condition.field)
    if name not in properties:  # no row has a number there
        return _leaf("facts", "ContainsAny", "valueText", [_NONE])
    return _leaf(name, _BOUNDS[condition.operator], "valueNumber", condition.value)


def quoted(text: str) -> str:
    """Return a text as GraphQL quotes it."""
    return json.dumps(text, ensure_ascii=False)


def _fact(field: str, value: Scalar) -> str:
    # 1 and 1.0 are the same number, and True is none.
    said = json.dumps([field, float(value) if kind_of(value) == "number" else value], ensure_ascii=False)
    return said if len(said) <= _LONGEST else f"#{row_key(said)}"


def _theirs(condition: Comparison, properties: Mapping[str, Any]) -> str:
    field = condition.field
    kind = properties[field]["dataType"][0] if field in properties else None
    if kind not in _VALUES:
        known = [name for name, each in properties.items() if each["dataType"][0] in _VALUES]
        raise InvalidInputError(f"{field!r} is no field to have conditions on; choose from {', '.join(sorted(known))}.")
    if any(kind_of(value) != _KINDS[kind] for value in condition.values):
        raise InvalidInputError(f"{field!r} holds a {_KINDS[kind]} in each row. Compare it with one.")
    if kind == "int" and any(value != int(value) for value in condition.values):
        raise InvalidInputError(f"{field!r} holds whole numbers. Compare it with one.")
    if kind == "text" and properties[field].get("tokenization") != "field":
        raise InvalidInputError(
            f"Weaviate compares {field!r} word by word, so that more rows would pass than are equal. Choose another "
            'field, or one whose tokenization is "field".'
        )
    operator, values = _BOUNDS.get(condition.operator, "Equal"), condition.values
    each = [_leaf(field, operator, _VALUES[kind], int(value) if kind == "int" else value) for value in values]
    if condition.operator == "ne":
        return f"{{operator: Not, operands: [{each[0]}]}}"
    return each[0] if len(each) == 1 else f"{{operator: Or, operands: [{', '.join(each)}]}}"


def _leaf(path: str, operator: str, kind: str, value: Scalar | list[str] | tuple[Scalar, ...]) -> str:
    said = json.dumps(value, ensure_ascii=False)
    return f"{{path: [{quoted(path)}], operator: {operator}, {kind}: {said}}}"
