"""The processor: work shared out over its cores, and loops compiled for it.

Read ``threads.py`` first: work in parts, by threads of our own. ``blas.py`` keeps those of OpenBLAS out of their way,
and ``kernels.py`` compiles what numpy cannot do.
"""

from typing import Any

from embedlab.compute.blas import one_blas_thread
from embedlab.compute.threads import Threads, n_cores

__all__ = ["Threads", "compiled", "n_cores", "one_blas_thread"]


def __getattr__(name: str) -> Any:  # noqa: ANN401
    """Import numba, which takes a second, only where something is compiled (PEP 562)."""
    if name == "compiled":
        from embedlab.compute.kernels import compiled

        return compiled
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
