"""Which cells are values rather than words: numbers and dates, as files write them."""

from __future__ import annotations

import re

_NUMBER = re.compile(r"\s*[-+]?[\d.,\s]*\d[\d.,\s]*(?:[eE][-+]?\d+)?%?\s*")
_DATE = re.compile(r"\s*\d{1,4}[-./]\d{1,2}[-./]\d{1,4}([T ].*)?\s*")


def is_value(cell: str) -> bool:
    """Return whether a cell is a number or begins as a date.

    Examples
    --------
    >>> is_value("1,037"), is_value("5.3e-02"), is_value("2024-01-05 10:00"), is_value("12 pieces")
    (True, True, True, False)
    """
    return bool(_NUMBER.fullmatch(cell) or _DATE.fullmatch(cell))
