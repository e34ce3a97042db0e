"""Limits this process, then runs a program in it: ``_limited.py MEMORY_BYTES WRITTEN_BYTES PROGRAM ARGUMENT…``."""

import runpy
import sys


def limit(memory_bytes: int, written_bytes: int) -> None:
    """Let the process fail instead of the machine, and write no further into any file."""
    try:
        import resource
    except ImportError:  # Windows: the time limit remains
        return
    resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
    resource.setrlimit(resource.RLIMIT_FSIZE, (written_bytes, written_bytes))


if __name__ == "__main__":
    limit(int(sys.argv[1]), int(sys.argv[2]))
    sys.argv = sys.argv[3:]
    runpy.run_path(sys.argv[0], run_name="__main__")
