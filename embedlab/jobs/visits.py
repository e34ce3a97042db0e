"""Who is here and what they use: what belonged to people who have left may be let go."""

from __future__ import annotations

import time
from collections.abc import Hashable
from weakref import WeakSet


class Visitor:
    """Somebody who is here as long as something holds this object, as a browser session does."""


class Uses:
    """When each thing was used last, and by whom of those who are here. Whoever calls holds a lock.

    Examples
    --------
    >>> uses, visitor = Uses(), Visitor()
    >>> uses.note("hers", visitor)
    >>> uses.note("anybody's")
    >>> uses.idle(seconds=0)
    ["anybody's"]
    """

    def __init__(self) -> None:
        self._uses: dict[Hashable, tuple[float, WeakSet[Visitor]]] = {}

    def note(self, key: Hashable, visitor: Visitor | None = None) -> None:
        """Remember that something is used now, and by whom."""
        _, visitors = self._uses.get(key, (0.0, WeakSet[Visitor]()))
        if visitor is not None:
            visitors.add(visitor)
        self._uses[key] = time.monotonic(), visitors

    def forget(self, key: Hashable) -> None:
        """Forget a thing that is gone."""
        self._uses.pop(key, None)

    def idle(self, seconds: float) -> list[Hashable]:
        """Return what nobody has used for so many seconds and nobody who is here has ever used."""
        before = time.monotonic() - seconds
        return [key for key, (last, visitors) in self._uses.items() if last <= before and not visitors]
