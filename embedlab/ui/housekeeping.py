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
# glibc's M_MMAP_THRESHOLD and M_ARENA_MAX, from its malloc.h.
_LEAST_MAPPED, _MOST_ARENAS = -3, -8


@asynccontextmanager
async def keep_house(app: object) -> AsyncIterator[None]:
    """Tidy up now and then, in the background, as long as the server runs."""
    work = asyncio.create_task(_tidy_for_ever())
    yield
    work.cancel()


async def _tidy_for_ever() -> None:
    while True:
        await asyncio.sleep(_PAUSE_SECONDS)
        n_closed = departures.close_sessions(departures.AWAY_SECONDS)
        n_forgotten = await asyncio.to_thread(forget_unused, 60 * limits().keep_minutes)
        if n_closed or n_forgotten:
            await asyncio.to_thread(give_back_memory)


def forget_unused(seconds: float) -> int:
    """Let go of uploads and results that nobody who is here uses, and say of how many.

    Parameters
    ----------
    seconds : float
        How long they are kept after their last use: a link to an upload lives on for a while.
    """
    return services.datasets().forget_unused(seconds) + waiting.jobs().forget_unused(seconds)


def give_back_memory() -> None:
    """Collect what people have left behind, and hand free memory back to the system.

    Sessions lie in circles, which only the collector breaks. It stops all threads to look at every object, 0.4 s once
    the libraries are loaded, so what is in use is set aside for those of its rounds that Python starts by itself.
    """
    gc.unfreeze()
    gc.collect()
    gc.freeze()
    # glibc does that by itself only at the end of its heap.
    _call_glibc("malloc_trim", 0)


def share_heaps() -> None:
    """Have threads take memory from two heaps, and large arrays from the system; to be called before there are many.

    glibc gives eight heaps a core to its threads, and each keeps what it once needed: seven visitors left 300 MiB more.
    And once an array of 32 MiB was freed, it takes the next ones from its heaps, which cannot be given back around
    what is small and stays.
    """
    _call_glibc("mallopt", _MOST_ARENAS, 2)
    _call_glibc("mallopt", _LEAST_MAPPED, 4 << 20)


def _call_glibc(name: str, *numbers: int) -> None:
    function = getattr(ctypes.CDLL(None), name, None) if os.name == "posix" else None
    if function is not None:
        function(*numbers)
