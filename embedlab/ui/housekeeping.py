"""Letting go of what belonged to people who have left, so that a server which runs for months keeps its size."""

from __future__ import annotations

import asyncio
import ctypes
import gc
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from embedlab.limits import limits
from embedlab.ui import departures, services, waiting

_PAUSE_SECONDS = 30.0


@asynccontextmanager
async def keep_house(app: object) -> AsyncIterator[None]:
    """Tidy up now and then, in the background, as long as the server runs."""
    work = asyncio.create_task(_tidy_for_ever())
    yield
    work.cancel()


async def _tidy_for_ever() -> None:
    while True:
        await asyncio.sleep(_PAUSE_SECONDS)
        departures.close_sessions(departures.AWAY_SECONDS)
        await asyncio.to_thread(tidy, 60 * limits().keep_minutes)


def tidy(seconds: float) -> int:
    """Let go of uploads and results that nobody who is here uses, and give their memory back.

    Parameters
    ----------
    seconds : float
        How long they are kept after their last use: a link to an upload lives on for a while.

    Returns
    -------
    int
        How many uploads and results were let go.
    """
    # Sessions that Streamlit has dropped lie in circles, which only the collector breaks.
    gc.collect()
    n_dropped = services.datasets().forget_unused(seconds) + waiting.jobs().forget_unused(seconds)
    if n_dropped:
        gc.collect()
        _give_back()
    return n_dropped


def _give_back() -> None:
    """Hand free memory back to the system, which glibc does by itself only at the end of its heap."""
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None) if os.name == "posix" else None
    if trim is not None:
        trim(0)
