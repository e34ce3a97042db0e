"""A server of models: ``embedlab serve`` in a process of its own, or the same application in a thread."""

import contextlib
import re
import socket
import threading
import urllib.request

import uvicorn
from app_server import EMBEDLAB, running_server, wait_until

from embedlab.serving.server import configure


@contextlib.contextmanager
def running_model_server(folder, *options, model="all-MiniLM-L6-v2", **environment):
    """Serve a model on a free port of this machine, its log in ``folder``, and yield the address."""
    program = (EMBEDLAB, "serve", "--model", model, *options)
    with running_server(folder, program=program, health="health", **environment) as address:
        yield address


@contextlib.contextmanager
def running_app(app):
    """Serve an application by a thread of this process on a free port, and yield the address."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        port = listening.getsockname()[1]
        server = uvicorn.Server(configure(app, "127.0.0.1", port))
        thread = threading.Thread(target=server.run, args=([listening],))
        thread.start()
        try:
            wait_until(lambda: server.started or not thread.is_alive())
            assert server.started
            yield f"http://127.0.0.1:{port}"
        finally:
            server.should_exit = True
            thread.join()


def counts(address, headers=None):
    """What a server has done so far: the numbers of ``/metrics`` by name, without ``embedlab_``."""
    with urllib.request.urlopen(urllib.request.Request(f"{address}/metrics", headers=headers or {})) as answer:
        lines = answer.read().decode().splitlines()
    found = (re.fullmatch(r"embedlab_(\S+) (\d+)", line) for line in lines)
    return {match[1]: int(match[2]) for match in found if match}
