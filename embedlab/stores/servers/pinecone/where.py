"""Conditions on metadata as Pinecone asks them, and the keys its metadata has."""

from __future__ import annotations

import re
from typing import Any

from embedlab.errors import InvalidInputError
from embedlab.stores.contract import Combination, Condition

PROBE = {"embedlab_number": 1, "embedlab_text": "1"}
"""What a row holds by which it is seen how conditions are answered."""
PASSED = {
    "$and": [
        {"$or": [{"embedlab_none": {"$eq": 1}}, {"embedlab_number": {"$eq": 1}}]},
        {"$or": [{"embedlab_none": {"$exists": False}}, {"embedlab_none": {"$ne": 1}}]},
        {"$or": [{"embedlab_text": {"$exists": False}}, {"embedlab_text": {"$ne": 1}}]},
    ]
}
"""What such a row passes: by either field though it has but one, and unequal what is missing or of another kind."""
FAILED = {
    "$or": [
        {"embedlab_text": {"$eq": 1}},
        {"embedlab_number": {"$eq": "1"}},
        {"embedlab_number": {"$eq": True}},
        {"embedlab_text": {"$gte": 0}},
        {"embedlab_none": {"$lte": 1}},
    ]
}
"""What it fails: kinds are never mixed, and what is missing is neither above nor below."""
# Keys that have no meaning of their own to Pinecone.
_PLAIN = re.compile(r"[^\W_][^.$\x00-\x1f\x7f]*")


def where_filter(condition: Condition, *, is_ours: bool) -> dict[str, Any]:
    """Return a condition.

    Parameters
    ----------
    condition : Comparison or Combination
    is_ours : bool
        Whether fields stand under the keys of :func:`field_key`, or under their names.

    Raises
    ------
    InvalidInputError
        When a field of somebody else's has a name that would be read as an operator.

    Examples
    --------
    >>> from embedlab.stores.contract import parse_where
    >>> where_filter(parse_where({"topic": "late"}), is_ours=True)
    {'topic': {'$eq': 'late'}}
    """
    if isinstance(condition, Combination):
        return {f"${condition.operator}": [where_filter(part, is_ours=is_ours) for part in condition.parts]}
    key = field_key(condition.field) if is_ours else condition.field
    if key.startswith("$"):
        raise InvalidInputError(f"{key!r} is no field that Pinecone has conditions on. Choose another.")
    if condition.operator == "ne":
        # $ne alone has passed rows without the field, and later has not.
        return {"$or": [{key: {"$exists": False}}, {key: {"$ne": condition.value}}]}
    # $in takes no truth values.
    operator = "$eq" if condition.operator == "in" else f"${condition.operator}"
    each = [{key: {operator: value}} for value in condition.values]
    return each[0] if len(each) == 1 else {"$or": each}


def field_key(field: str) -> str:
    """Return the key of a field of ours: its name, or one that no other field has where Pinecone has words like it."""
    return field if _PLAIN.fullmatch(field) else "embedlab_x" + field.encode().hex()
