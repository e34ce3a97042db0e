"""The processor: work shared out over its cores, and loops compiled for it.

Read ``threads.py`` first: work in parts, by threads of our own. ``blas.py`` keeps those of OpenBLAS out of their way,
``kernels.py`` compiles what numpy cannot do, and ``sums.py`` adds rows up by group.
"""

from importlib import import_module
from typing import Any

from embedlab.compute.blas import one_blas_thread
from embedlab.compute.threads import Threads, n_cores

__all__ = ["Threads", "compiled", "count_ones", "move_rows", "n_cores", "one_blas_thread", "sum_groups"]

_COMPILED = {"compiled": "kernels", "count_ones": "kernels", "move_rows": "sums", "sum_groups": "sums"}


def __getattr__(name: str) -> Any:  # noqa: ANN401
    """Import numba, which takes a second, only where something is compiled (PEP 562)."""
    if name in _COMPILED:
        return getattr(import_module(f"embedlab.compute.{_COMPILED[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
