"""A contest: one text, what must lie nearer to it, and what must lie farther."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple, TypeAlias


class Contest(NamedTuple):
    """Three texts with one right answer: ``near`` means what ``anchor`` means, ``far`` does not.

    Examples
    --------
    >>> Contest("The parcel is late.", "My delivery is overdue.", "The parcel is not late.").near
    'My delivery is overdue.'
    """

    anchor: str
    near: str
    far: str


ContestSets: TypeAlias = Mapping[tuple[str, str], tuple[Contest, ...]]
"""Contests by probe and language."""


def texts_of(sets: ContestSets) -> list[str]:
    """Return every text of some contests once, in the order in which they first come."""
    return list(dict.fromkeys(text for contests in sets.values() for contest in contests for text in contest))
