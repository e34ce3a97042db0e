"""A contest: one text, what must lie nearer to it, and what must lie farther."""

from __future__ import annotations

from typing import NamedTuple


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
