"""The memory of a server that runs for months: what people had taken goes back to the system when they have left."""

from __future__ import annotations

import os
import platform
import sys

# Python's own allocator keeps a whole MiB for one small object that stays in it: a table of 100,000 rows left 50 MiB
# behind. That of glibc gives back every free page. Without the next two settings it has eight heaps a core, each of
# which keeps what it once needed, and takes large arrays from them, too. Arrow's own allocator keeps what it has had:
# 30 to 150 MiB after tables of 100,000 rows were sent to six pages at once.
_SETTINGS = {
    "PYTHONMALLOC": "malloc",
    "MALLOC_ARENA_MAX": "2",
    "MALLOC_MMAP_THRESHOLD_": str(4 << 20),
    "ARROW_DEFAULT_MEMORY_POOL": "system",
}


def use_heaps_that_shrink() -> None:
    """Start this program over with the allocator of glibc, where there is one, unless its settings are made already.

    They are read once, before a program begins. Settings that somebody else has made are left as they are.
    """
    missing = {name: value for name, value in _SETTINGS.items() if name not in os.environ}
    if missing and sys.executable and platform.libc_ver()[0] == "glibc":
        os.execve(sys.executable, [sys.executable, *sys.orig_argv[1:]], {**os.environ, **missing})
