"""Conditions on metadata as Qdrant asks them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from embedlab.errors import InvalidInputError
from embedlab.stores.contract import Combination, Condition, Metadata, Scalar

if TYPE_CHECKING:
    from qdrant_client import models

# Where in a payload fields stand whose names hold quotation marks.
_ODD = "odd"


def where_filter(condition: Condition, prefix: str, *, is_ours: bool) -> models.Filter:
    """Return a condition.

    Parameters
    ----------
    condition : Comparison or Combination
    prefix : str
        What stands before the fields of the metadata in a payload, such as ``"metadata."``.
    is_ours : bool
        Whether fields without a name in a condition stand there once more; see :func:`odd_fields`.

    Raises
    ------
    InvalidInputError
        When a field has a name that Qdrant has no words for.
    """
    from qdrant_client import models

    if isinstance(condition, Combination):
        parts: list[Any] = [where_filter(part, prefix, is_ours=is_ours) for part in condition.parts]
        return models.Filter(must=parts) if condition.operator == "and" else models.Filter(should=parts)
    key = _key(condition.field, prefix, is_ours)
    if condition.operator in ("gte", "lte"):
        limit: Any = {condition.operator: condition.value}
        return models.Filter(must=[models.FieldCondition(key=key, range=models.Range(**limit))])
    same: list[Any] = [_equal(key, value) for value in condition.values]
    return models.Filter(must_not=same) if condition.operator == "ne" else models.Filter(should=same)


def _equal(key: str, value: Scalar) -> models.FieldCondition:
    from qdrant_client import models

    if isinstance(value, (str, bool)):
        return models.FieldCondition(key=key, match=models.MatchValue(value=value))
    # 1 and 1.0 are the same number, but not to a match.
    return models.FieldCondition(key=key, range=models.Range(gte=value, lte=value))


def odd_fields(metadata: Metadata) -> dict[str, Metadata]:
    """Return fields that have no name in a condition once more, under names that have; nothing where there are none."""
    odd = {_odd_name(field): value for field, value in metadata.items() if '"' in field}
    return {_ODD: odd} if odd else {}


def _odd_name(field: str) -> str:
    return "x" + field.encode().hex()


def _key(field: str, prefix: str, is_ours: bool) -> str:
    """Return a field as Qdrant names it: dots and brackets have a meaning outside quotes, and quotes none inside."""
    if '"' in field and is_ours:
        return f"{_ODD}.{_odd_name(field)}"
    if '"' in field:
        raise InvalidInputError(f"Qdrant has no conditions on a field with quotation marks in its name: {field!r}.")
    return prefix + (field if field.isidentifier() and field.isascii() else f'"{field}"')
