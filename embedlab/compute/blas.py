"""Matrix products keep to the thread that asks for them, while work of ours is under way and no longer.

The threads of OpenBLAS wait for one another by spinning, and hold up whoever else needs the cores: ours above all.
Where another program kept one of two busy, clusters for four people took 191 s with its threads, and 25 s without; and
on 16 cores neighbours took 16.7 s with its threads beside ours, and 3.0 s without. So a product here is cut over our
threads.
"""

from __future__ import annotations

import sys
from contextlib import ContextDecorator
from functools import cache
from threading import Lock
from typing import Any


class _OneBlasThread(ContextDecorator):
    """A context, or a decorator, entered by any number of threads at once; the last one out restores what was.

    How many threads OpenBLAS takes holds for the whole process: what else somebody has it compute meanwhile keeps to
    one as well.
    """

    def __init__(self) -> None:
        self._lock, self._n_inside = Lock(), 0
        self._limited: dict[bool, Any] = {}

    def __enter__(self) -> None:
        with self._lock:
            self._n_inside += 1
            # scipy has a library of its own, which may be loaded any time.
            has_scipy = "scipy.linalg._fblas" in sys.modules
            if has_scipy not in self._limited:
                _take_over()
                self._limited[has_scipy] = _libraries(has_scipy).limit(limits=1)
                _take_over()

    def __exit__(self, *error: object) -> None:
        with self._lock:
            self._n_inside -= 1
            while self._limited and not self._n_inside:
                _take_over()
                self._limited.popitem()[1].restore_original_limits()
                _take_over()


one_blas_thread = _OneBlasThread()


@cache
def _libraries(_has_scipy: bool) -> Any:  # noqa: ANN401 - threadpoolctl has no types
    """Return the libraries that compute products. To look for them takes milliseconds, so once for each answer."""
    from threadpoolctl import ThreadpoolController

    return ThreadpoolController().select(user_api="blas")


def _take_over() -> None:
    """Let any thread tell OpenBLAS how many it takes, this one next.

    Else threadpoolctl listens to the first that did alone, and silently not to the others; but a job may end in another
    thread than the one it began in.
    """
    from threadpoolctl import OpenBLASController

    OpenBLASController.clear_controlling_thread(force=True)
