"""Work shared out over the cores by threads of our own, which sleep when they have nothing to do.

Those of OpenBLAS wait for one another by spinning, and hold up whoever else needs the cores: where another program kept
one of two busy, clusters for four people took 191 s with its threads, and 25 s without. So a product here is cut over
our threads, and the program keeps those of OpenBLAS to one.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

Item = TypeVar("Item")
Found = TypeVar("Found")

# Fewer multiplications than this are done before other threads have woken up.
_SMALL_PRODUCT = 10**7


def keep_blas_to_one_thread() -> None:
    """Have each matrix product of this process, by any library, computed by the thread that asks for it."""
    from threadpoolctl import threadpool_limits

    # The first is for libraries that are yet to be loaded, the second for those that are.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    threadpool_limits(1, user_api="blas")


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

    def run(self, work: Callable[..., Any], bounds: Iterable[int], *arguments: object) -> None:
        """Call ``work(first, last, *arguments)`` for each range between two bounds, and wait for all."""
        for future in [self._pool.submit(work, first, last, *arguments) for first, last in pairwise(bounds)]:
            future.result()

    def map(self, work: Callable[[Item], Found], items: Iterable[Item]) -> list[Found]:
        """Return what the work finds for each item."""
        return list(self._pool.map(work, items))

    def product(self, a: NDArray[np.float32], b: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return ``a @ b`` for matrices, the columns of ``b`` shared out."""
        if len(a) * b.size < _SMALL_PRODUCT:
            return a @ b
        found = np.empty((len(a), b.shape[1]), np.float32)
        self.run(lambda first, last: np.matmul(a, b[:, first:last], out=found[:, first:last]), self.cut(b.shape[1]))
        return found
