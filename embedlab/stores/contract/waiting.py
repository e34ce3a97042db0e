"""Waiting for what was written: some stores take a write and show it later."""

from __future__ import annotations

import time
from collections.abc import Callable

from embedlab.errors import StoreError

# Seconds: until somebody is told, and between two looks at first and at last.
_LONGEST, _FIRST, _LAST = 60.0, 0.05, 2.0


def wait_until(is_seen: Callable[[], bool], what: str, store: str) -> None:
    """Return when something is seen.

    Parameters
    ----------
    is_seen : callable
        Asks once.
    what : str
        What was sent, as the beginning of a sentence.
    store : str
        Who took it.

    Raises
    ------
    StoreError
        When it is not seen after a minute.
    """
    end, pause = time.monotonic() + _LONGEST, _FIRST
    while not is_seen():
        if time.monotonic() > end:
            raise StoreError(
                f"{what} sent and taken, but {store} does not show it after {_LONGEST:.0f} seconds. Wait a while and "
                "do it again: what is there by then is left as it is."
            )
        time.sleep(pause)
        pause = min(2 * pause, _LAST)
