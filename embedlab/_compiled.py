"""Loops that numpy cannot do, compiled by numba: free of Python's lock, and kept on disk where a folder can be had.

Numba's own threads are not used: its plainest threading layer ends the process when two threads enter it at once. A
kernel takes the range of rows it works on, and :class:`Threads` shares the ranges out.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from itertools import pairwise
from typing import Any, TypeVar, cast

import numba

Kernel = TypeVar("Kernel", bound=Callable[..., Any])


def compiled(kernel: Kernel) -> Kernel:
    """Compile a function on its first call, and keep the result for later processes."""
    # Sums may be reordered, so that vector instructions fit; the same call still gives the same bits.
    dispatcher = numba.njit(kernel, nogil=True, fastmath=True, error_model="numpy")
    with suppress(RuntimeError):  # neither the package nor the user's folder can be written to
        dispatcher.enable_caching()
    return cast("Kernel", dispatcher)


class Threads:
    """One thread for each core; a context manager."""

    def __init__(self) -> None:
        self._n_threads = os.cpu_count() or 1
        self._pool = ThreadPoolExecutor(self._n_threads)

    def __enter__(self) -> Threads:
        return self

    def __exit__(self, *error: object) -> None:
        self._pool.shutdown()

    def cut(self, n_rows: int) -> list[int]:
        """Return bounds that cut rows into more ranges than there are threads, since some ranges take longer."""
        shares = 2 * self._n_threads
        return [n_rows * share // shares for share in range(shares + 1)]

    def run(self, kernel: Callable[..., Any], bounds: Iterable[int], *arguments: object) -> None:
        """Call ``kernel(first, last, *arguments)`` for each range between two bounds, and wait for all."""
        for future in [self._pool.submit(kernel, first, last, *arguments) for first, last in pairwise(bounds)]:
            future.result()
