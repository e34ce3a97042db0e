"""Letting go of what belonged to people who have left, so that a server which runs for months keeps its size."""

from __future__ import annotations

import asyncio
import ctypes
import gc
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from embedlab.limits import limits
from embedlab.ui.sessions import departures, sharing
from embedlab.ui.tasks import services, waiting

_PAUSE_SECONDS = 30.0
# A thread that still draws for somebody who has left holds who she is, and with her all she has asked for: what the
# first round after she has left could not collect, one of the next does.
_ROUNDS = 4


@asynccontextmanager
async def keep_house(app: object) -> AsyncIterator[None]:
    """Tidy up now and then, in the background, as long as the server runs."""
    work = asyncio.create_task(_tidy_for_ever())
    yield
    work.cancel()


async def _tidy_for_ever() -> None:
    n_rounds = 0
    while True:
        await asyncio.sleep(_PAUSE_SECONDS)
        n_closed = departures.close_sessions(departures.AWAY_SECONDS)
        n_forgotten = await asyncio.to_thread(forget_unused, 60 * limits().keep_minutes)
        n_rounds = _ROUNDS if n_closed or n_forgotten else max(0, n_rounds - 1)
        if n_rounds:
            await asyncio.to_thread(give_back_memory)


def forget_unused(seconds: float) -> int:
    """Let go of uploads, results and models of people who have left, and say of how many.

    Parameters
    ----------
    seconds : float
        How long they are kept after their last use: a link to an upload lives on for a while.
    """
    n_forgotten = services.datasets().forget_unused(seconds) + waiting.jobs().forget_unused(seconds)
    return n_forgotten + sharing.forget_kept(seconds)


def give_back_memory() -> None:
    """Collect what people have left behind, and hand free memory back to the system.

    Sessions lie in circles, which only the collector breaks. It stops all threads to look at every object, 0.4 s once
    the libraries are loaded, so what is in use is set aside for those of its rounds that Python starts by itself.
    """
    gc.unfreeze()
    gc.collect()
    gc.freeze()
    # glibc does that by itself only at the end of its heap.
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None) if os.name == "posix" else None
    if trim is not None:
        trim(0)
