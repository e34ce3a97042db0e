"""Conditions on metadata as Qdrant asks them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from embedlab.errors import InvalidInputError
from embedlab.stores.contract import Combination, Condition, Metadata, Scalar, kind_of

if TYPE_CHECKING:
    from qdrant_client import models

# Where in a payload fields stand whose names hold quotation marks.
_ODD = "odd"


def where_filter(condition: Condition | None, prefix: str) -> models.Filter | None:
    """Return a condition; None where there is none.

    Parameters
    ----------
    condition : Comparison, Combination or None
    prefix : str
        What stands before the fields of the metadata in a payload, such as ``"metadata."``.

    Raises
    ------
    InvalidInputError
        When a field has a name that Qdrant has no words for.
    """
    from qdrant_client import models

    return None if condition is None else models.Filter(must=[_clause(condition, prefix)])


def _clause(condition: Condition, prefix: str) -> Any:  # noqa: ANN401 - one of many classes
    from qdrant_client import models

    if isinstance(condition, Combination):
        parts = [_clause(part, prefix) for part in condition.parts]
        return models.Filter(must=parts) if condition.operator == "and" else models.Filter(should=parts)
    key = _key(condition.field, prefix)
    if condition.operator in ("gte", "lte"):
        return models.FieldCondition(key=key, range=models.Range(**{condition.operator: condition.value}))
    same = [_equal(key, value) for value in condition.values]
    return models.Filter(must_not=same) if condition.operator == "ne" else models.Filter(should=same)


def _equal(key: str, value: Scalar) -> models.FieldCondition:
    from qdrant_client import models

    if kind_of(value) == "number":  # 1 and 1.0 are the same number, but not to a match
        return models.FieldCondition(key=key, range=models.Range(gte=value, lte=value))
    return models.FieldCondition(key=key, match=models.MatchValue(value=value))


def odd_fields(metadata: Metadata) -> dict[str, Metadata]:
    """Return fields that have no name in a condition once more, under names that have; nothing where there are none."""
    odd = {_odd_name(field): value for field, value in metadata.items() if '"' in field}
    return {_ODD: odd} if odd else {}


def _odd_name(field: str) -> str:
    return "x" + field.encode().hex()


def _key(field: str, prefix: str) -> str:
    """Return a field as Qdrant names it: dots and brackets have a meaning outside quotes, and quotes none inside."""
    if '"' in field and prefix:
        return f"{_ODD}.{_odd_name(field)}"
    if '"' in field:
        raise InvalidInputError(f"Qdrant has no conditions on a field with quotation marks in its name: {field!r}.")
    return prefix + (field if field.isidentifier() and field.isascii() else f'"{field}"')
