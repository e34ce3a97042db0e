"""``embedlab serve`` in a process of its own."""

import contextlib
import re
import urllib.request

from app_server import EMBEDLAB, running_server


@contextlib.contextmanager
def running_model_server(folder, *options, model="all-MiniLM-L6-v2", **environment):
    """Serve a model on a free port of this machine, its log in ``folder``, and yield the address."""
    program = (EMBEDLAB, "serve", "--model", model, *options)
    with running_server(folder, program=program, health="health", **environment) as address:
        yield address


def counts(address):
    """What a server has done so far: the numbers of ``/metrics`` by name, without ``embedlab_``."""
    with urllib.request.urlopen(f"{address}/metrics") as answer:
        lines = answer.read().decode().splitlines()
    found = (re.fullmatch(r"embedlab_(\S+) (\d+)", line) for line in lines)
    return {match[1]: int(match[2]) for match in found if match}
