"""Work shared out over the cores by threads of our own, which sleep when they have nothing to do."""

from __future__ import annotations

import math
import os
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

from embedlab.compute.blas import one_blas_thread

if TYPE_CHECKING:
    from numpy.typing import NDArray

Item = TypeVar("Item")
Found = TypeVar("Found")

# Fewer multiplications than this are done before other threads have woken up.
_SMALL_PRODUCT = 10**7
# A product is cut into parts of no fewer multiplications, and no more parts: both whatever the number of threads.
_PART_OF_PRODUCT, _PARTS = 2**25, 32


def n_cores() -> int:
    """Return how many cores this process may use, which in a container is fewer than the machine has."""
    n = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    with suppress(OSError, ValueError):  # no file, or "max": no quota
        quota, period = Path("/sys/fs/cgroup/cpu.max").read_text(encoding="ascii").split()
        n = min(n, math.ceil(int(quota) / int(period)))
    return n


# Whether a thread is one of ours, which needs none of its own: the others have the other cores.
_of_ours = threading.local()


def _join() -> None:
    _of_ours.is_at_work = True


class Threads:
    """One thread for each core; a context manager. In a thread of ours the work is done where it is asked for."""

    def __init__(self) -> None:
        self._n_threads = 1 if hasattr(_of_ours, "is_at_work") else n_cores()
        self._pool = ThreadPoolExecutor(self._n_threads, initializer=_join)

    def __enter__(self) -> Threads:
        one_blas_thread.__enter__()
        return self

    def __exit__(self, *error: object) -> None:
        # Where something has failed, nobody waits for what has not begun.
        self._pool.shutdown(cancel_futures=True)
        one_blas_thread.__exit__(*error)

    def cut(self, n_rows: int) -> list[int]:
        """Return bounds that cut rows into more ranges than there are threads, since some ranges take longer."""
        return _even_bounds(n_rows, 2 * self._n_threads)

    def run(self, work: Callable[..., Any], bounds: Iterable[int], *arguments: object) -> None:
        """Call ``work(first, last, *arguments)`` for each range between two bounds, and wait for all."""
        parts = list(pairwise(bounds))
        left, n_helpers = iter(parts), min(self._n_threads, len(parts))

        # Whoever is done takes the next: to hand a part to a thread by itself would cost as much as a small part.
        def help_out() -> None:
            try:
                for first, last in left:
                    work(first, last, *arguments)
            except BaseException:
                deque(left, maxlen=0)  # nobody begins what is left
                raise

        for _ in self.each(lambda _: help_out(), range(n_helpers)):
            pass

    def each(self, work: Callable[[Item], Found], items: Iterable[Item]) -> Iterator[Found]:
        """Give what the work finds for each item, in their order, each as soon as it and all before are there."""
        chosen = list(items)
        if self._n_threads == 1 or len(chosen) == 1:
            return map(work, chosen)
        return self._pool.map(work, chosen)

    def product(self, a: NDArray[np.float32], b: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return ``a @ b`` for matrices, the columns of ``b`` shared out; the same bits on any number of threads.

        The last digits of a product can depend on where it is cut, as they do on processors without AVX-512.
        """
        n_multiplications = len(a) * b.size
        if n_multiplications < _SMALL_PRODUCT:
            return a @ b
        found = np.empty((len(a), b.shape[1]), np.float32)
        bounds = _even_bounds(b.shape[1], min(_PARTS, max(1, n_multiplications // _PART_OF_PRODUCT)))
        self.run(lambda first, last: np.matmul(a, b[:, first:last], out=found[:, first:last]), bounds)
        return found


def _even_bounds(n: int, n_parts: int) -> list[int]:
    return [n * part // n_parts for part in range(n_parts + 1)]
