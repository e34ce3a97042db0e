"""Conditions on metadata: a small set that every store can answer, checked before a store is asked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import isfinite
from typing import Any, Literal

from embedlab.errors import InvalidInputError

Scalar = str | int | float | bool
"""What a field of metadata holds."""
Metadata = dict[str, Scalar]
"""What is known about a row beside its text; a field that says nothing is left out."""
Kind = Literal["text", "number", "truth value"]

OPERATORS = ("eq", "ne", "in", "gte", "lte")
JOINS = ("and", "or")
LARGEST_INTEGER = 2**53
"""The largest whole number that every store keeps as it is; what writes numbers as JSON would round larger ones."""


@dataclass(frozen=True)
class Comparison:
    """A condition on one field.

    Parameters
    ----------
    field : str
    operator : {"eq", "ne", "in", "gte", "lte"}
        "ne" is what "eq" is not: a row without the field passes it, and fails all others. Kinds are never mixed: the
        text "3" is not the number 3, and True is not 1.
    value : str, int, float, bool or tuple of these
        A tuple for "in", a number for "gte" and "lte".
    """

    field: str
    operator: str
    value: Scalar | tuple[Scalar, ...]

    @property
    def values(self) -> tuple[Scalar, ...]:
        """The value, or those of "in"."""
        return self.value if isinstance(self.value, tuple) else (self.value,)


@dataclass(frozen=True)
class Combination:
    """Conditions of which all or one must hold.

    Parameters
    ----------
    operator : {"and", "or"}
    parts : tuple of Comparison or Combination
        At least one.
    """

    operator: str
    parts: tuple[Condition, ...]


Condition = Comparison | Combination


def parse_where(where: Mapping[str, Any] | None) -> Condition | None:
    """Return a condition as a tree, checked.

    Parameters
    ----------
    where : mapping or None
        ``{"topic": {"eq": "late"}}``, ``{"year": {"gte": 2020, "lte": 2022}}``, ``{"and": [...]}``, ``{"or": [...]}``;
        ``{"topic": "late"}`` means "eq"; several fields in one mapping must all hold.

    Returns
    -------
    Comparison, Combination or None
        None where there is no condition.

    Raises
    ------
    InvalidInputError
        When an operator is not known, a list is empty, or a value is of a kind that its operator does not take.

    Examples
    --------
    >>> parse_where({"topic": "late"})
    Comparison(field='topic', operator='eq', value='late')
    >>> parse_where({"year": {"gte": 2020, "lte": 2022}}).operator
    'and'
    """
    if where is None:
        return None
    if not isinstance(where, Mapping):
        raise InvalidInputError(f'where must be a mapping such as {{"topic": {{"eq": "late"}}}}; got {where!r}.')
    return _joined("and", [part for key, value in where.items() for part in _parse_entry(key, value)])


def kind_of(value: Scalar) -> Kind:
    """Return what a value is; whole numbers and others are one kind, True and False are no numbers."""
    if isinstance(value, bool):
        return "truth value"
    return "text" if isinstance(value, str) else "number"


def matches(condition: Condition | None, metadata: Mapping[str, Scalar]) -> bool:
    """Return whether a row passes a condition: what every store must answer.

    Examples
    --------
    >>> matches(parse_where({"year": {"ne": 2020}}), {"topic": "late"})  # a row without a year
    True
    """
    if condition is None:
        return True
    if isinstance(condition, Combination):
        return (all if condition.operator == "and" else any)(matches(part, metadata) for part in condition.parts)
    held = metadata.get(condition.field)
    same = [] if held is None else [value for value in condition.values if kind_of(value) == kind_of(held)]
    if condition.operator in ("eq", "in"):
        return held in same
    if condition.operator == "ne":
        return held not in same
    # Numbers alone have an order here; what a store makes of texts differs with its collation.
    return any(held >= value if condition.operator == "gte" else held <= value for value in same)  # type: ignore[operator]


def check_scalar(value: object, what: str) -> Scalar:
    """Return a value of metadata in Python's own types; numpy's become them.

    Raises
    ------
    InvalidInputError
        When it is something else, is not finite, is a whole number that JSON would round, or is no valid Unicode.
    """
    value = value.item() if hasattr(value, "item") and getattr(value, "ndim", 0) == 0 else value
    if isinstance(value, str):
        return check_text(value, what)
    if isinstance(value, bool):
        return value
    if not isinstance(value, (int, float)):
        raise InvalidInputError(
            f"{what} is {type(value).__name__}; needed is one text, number or truth value. Write a date as a number or "
            "a text, and leave a field out where it says nothing."
        )
    if isinstance(value, int) and abs(value) > LARGEST_INTEGER:
        raise InvalidInputError(f"{what} is {value}; whole numbers beyond 2^53 would be rounded. Write it as a text.")
    if not isfinite(value):
        raise InvalidInputError(f"{what} is {value}, which is no number. Leave the field out of that row.")
    return value or abs(value)  # Some stores hold 0 and -0 to be two numbers.


def check_text(text: str, what: str) -> str:
    """Return a text that every store can keep; raise ``InvalidInputError`` for half a character, or for a NUL."""
    if "\0" in text or not text.isprintable() and _is_torn(text):
        raise InvalidInputError(f"{what} holds a NUL or half of a character, which stores cannot keep. Clean it first.")
    return text


def _is_torn(text: str) -> bool:
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return True
    return False


def _parse_entry(key: object, value: object) -> Iterator[Condition]:
    if key in JOINS and isinstance(value, (list, tuple)):
        yield _parse_join(str(key), value)
        return
    if not isinstance(key, str) or not key:
        raise InvalidInputError(f"where names the field {key!r}; a field has a name.")
    if not isinstance(value, Mapping):
        value = {"eq": value}
    if not value:
        raise InvalidInputError(f"where says nothing of the field {key!r}. Choose from {', '.join(OPERATORS)}.")
    for operator, compared in value.items():
        yield _parse_comparison(key, operator, compared)


def _parse_join(operator: str, parts: list[Any] | tuple[Any, ...]) -> Condition:
    parsed = [parse_where(part) for part in parts]
    joined = _joined(operator, [part for part in parsed if part is not None])
    if joined is None or None in parsed:
        raise InvalidInputError(f'"{operator}" in where must list conditions, and none of them may be empty.')
    return joined


def _parse_comparison(field: str, operator: str, value: object) -> Comparison:
    what = f"The value of {field!r} in where"
    if operator not in OPERATORS:
        raise InvalidInputError(f"where has no operator {operator!r}; choose from {', '.join(OPERATORS)}.")
    if operator == "in":
        if isinstance(value, str) or not isinstance(value, (list, tuple, set, frozenset)) or not value:
            raise InvalidInputError(f'"in" of {field!r} must list at least one value; got {value!r}.')
        return Comparison(field, operator, tuple(check_scalar(one, what) for one in value))
    checked = check_scalar(value, what)
    if operator in ("gte", "lte") and kind_of(checked) != "number":
        raise InvalidInputError(
            f'"{operator}" of {field!r} compares numbers; got {checked!r}. Keep dates as numbers to ask for a range.'
        )
    return Comparison(field, operator, checked)


def _joined(operator: str, parts: list[Condition]) -> Condition | None:
    if len(parts) < 2:
        return parts[0] if parts else None
    return Combination(operator, tuple(parts))
