"""Conditions as Chroma takes them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from embedlab.stores.contract import Combination, Condition, Scalar


def chroma_where(condition: Condition, key: Callable[[str], str]) -> dict[str, Any]:
    """Return a condition as Chroma takes it; ``key`` says how a field is called there.

    Examples
    --------
    >>> chroma_where(Comparison("stars", "in", (1, "one")), str)
    {'$or': [{'stars': {'$eq': 1}}, {'stars': {'$eq': 'one'}}]}
    """
    if isinstance(condition, Combination):
        return {f"${condition.operator}": [chroma_where(part, key) for part in condition.parts]}
    # Chroma takes an "in" of one type of values alone.
    operator = "$eq" if condition.operator == "in" else f"${condition.operator}"
    return _joined("or", [_compared(key(condition.field), operator, value) for value in condition.values])


def _compared(key: str, operator: str, value: Scalar) -> dict[str, Any]:
    """Return a condition as Chroma takes it.

    Chroma cuts the digits after the point off before it compares a number with whole ones: to it 2 is equal to 2.5, and
    at least 2.5. So the whole number that is left is put right beside it.
    """
    asked = {key: {operator: value}}
    if not isinstance(value, float) or value.is_integer():
        return asked
    cut = int(value)
    if operator == "$ne":
        return _joined("or", [asked, {key: {"$eq": cut}}])
    goes_wrong = operator == "$eq" or (cut < value if operator == "$gte" else cut > value)
    return _joined("and", [asked, {key: {"$ne": cut}}]) if goes_wrong else asked


def _joined(join: str, parts: list[dict[str, Any]]) -> dict[str, Any]:
    return parts[0] if len(parts) == 1 else {f"${join}": parts}
