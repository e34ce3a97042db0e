"""Loops that numpy cannot do, compiled by numba: free of Python's lock, and kept on disk where a folder can be had.

Numba's own threads are not used: its plainest threading layer ends the process when two threads enter it at once. A
kernel takes the range of rows it works on, and :class:`embedlab.compute.threads.Threads` shares the ranges out.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Any, TypeVar, cast

import numba
from numba.core import types
from numba.extending import intrinsic

Kernel = TypeVar("Kernel", bound=Callable[..., Any])


def compiled(kernel: Kernel) -> Kernel:
    """Compile a function on its first call, and keep the result for later processes."""
    # Sums may be reordered, so that vector instructions fit; the same call still gives the same bits.
    dispatcher = numba.njit(kernel, nogil=True, fastmath=True, error_model="numpy")
    with suppress(RuntimeError):  # neither the package nor the user's folder can be written to
        dispatcher.enable_caching()
    return cast("Kernel", dispatcher)


def _ones_of(typing_context: Any, word: Any) -> Any:  # noqa: ANN401
    return types.int64(types.uint64), lambda context, builder, signature, arguments: builder.ctpop(arguments[0])


count_ones = cast("Callable[[Any], Any]", intrinsic(_ones_of))
"""In a kernel, how many bits of a word of 64 are 1: the instruction that processors have for it."""
