"""Limits the memory of this process, then runs a program in it: ``_limited.py BYTES PROGRAM ARGUMENT…``."""

import runpy
import sys


def limit_memory(n_bytes: int) -> None:
    """Let the process fail instead of the machine."""
    try:
        import resource
    except ImportError:  # Windows: the time limit remains
        return
    resource.setrlimit(resource.RLIMIT_AS, (n_bytes, n_bytes))


if __name__ == "__main__":
    limit_memory(int(sys.argv[1]))
    sys.argv = sys.argv[2:]
    runpy.run_path(sys.argv[0], run_name="__main__")
