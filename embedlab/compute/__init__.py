"""The processor: work shared out over its cores, and loops compiled for it.

Read ``threads.py`` first: work in parts, by threads of our own. ``kernels.py`` compiles what numpy cannot do.
"""

from typing import Any

from embedlab.compute.threads import Threads, keep_blas_to_one_thread

__all__ = ["Threads", "compiled", "keep_blas_to_one_thread"]


def __getattr__(name: str) -> Any:  # noqa: ANN401
    """Import numba, which takes a second, only where something is compiled (PEP 562)."""
    if name == "compiled":
        from embedlab.compute.kernels import compiled

        return compiled
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
