"""One device, many askers: everybody has it for themselves for a moment, and short requests go first."""

from __future__ import annotations

import heapq
import threading
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count

from embedlab.errors import InvalidInputError

SHORT_REQUEST = 16
"""Texts up to which a request counts as short."""

PATIENCE = 1.0
"""Seconds a long request lets short ones go before it: it queues as if it had come that much later."""

TURN = 0.25
"""Seconds after which a long request makes way for another long one."""


class Gate:
    """Lets one thread at a time onto a device.

    A request is let in by the time it came, long ones as if they had come :data:`PATIENCE` seconds later. So a query
    waits for the batches under way at most, and no stream of queries can hold up a long job for ever. A long request
    asks :meth:`is_wanted` between batches and calls :meth:`pass_on` where it is.

    Parameters
    ----------
    max_waiting : int, default=64
        Requests that may wait; more are refused.

    Attributes
    ----------
    n_waiting : int
        Requests that wait now.
    """

    def __init__(self, max_waiting: int = 64) -> None:
        self.max_waiting = max_waiting
        self._waiting: list[tuple[float, int]] = []
        self._is_taken = False
        self._changed = threading.Condition()
        self._numbers = count()

    @property
    def n_waiting(self) -> int:
        """Requests that wait now."""
        return len(self._waiting)

    @contextmanager
    def turn(self, *, is_short: bool) -> Iterator[None]:
        """Wait for the device and have it for the block inside.

        Parameters
        ----------
        is_short : bool
            Whether the request is done in a moment, as a query is.

        Raises
        ------
        InvalidInputError
            When too many requests wait.
        """
        if self.n_waiting >= self.max_waiting:
            raise InvalidInputError(
                f"The model is busy: {self.n_waiting} requests are ahead of yours. Try again in a moment."
            )
        self._enter(time.monotonic() + (0 if is_short else PATIENCE))
        try:
            yield
        finally:
            self._leave()

    def is_wanted(self) -> bool:
        """Return whether the holder of the device should pass it on now."""
        with self._changed:
            return bool(self._waiting) and self._waiting[0][0] < time.monotonic() + PATIENCE - TURN

    def pass_on(self) -> None:
        """Let the others in and wait to have the device again; called inside :meth:`turn`."""
        self._leave()
        self._enter(time.monotonic() + PATIENCE)

    def _enter(self, due: float) -> None:
        own = (due, next(self._numbers))
        with self._changed:
            heapq.heappush(self._waiting, own)
            try:
                self._changed.wait_for(lambda: not self._is_taken and self._waiting[0] == own)
                self._is_taken = True
            finally:  # whoever is interrupted while waiting leaves the queue, too
                self._waiting.remove(own)
                heapq.heapify(self._waiting)

    def _leave(self) -> None:
        with self._changed:
            self._is_taken = False
            self._changed.notify_all()


_GATES: dict[str, Gate] = defaultdict(Gate)


def gate_of(device: str) -> Gate:
    """Return the gate of a device, the same for all models on it."""
    return _GATES[device]
