"""The stores that the contract is tried on: by name, something that opens one in a folder and yields its address.

A store that needs a server of somebody else's says so by skipping.
"""

import contextlib
import sys
from pathlib import Path

from app_server import running_server

CHROMA = str(Path(sys.executable).with_name("chroma"))


def in_folder(kind):
    """A store that is a folder."""

    @contextlib.contextmanager
    def opened(folder):
        yield f"{kind}://{folder / kind}"

    return opened


@contextlib.contextmanager
def chroma_server(folder):
    """The server of Chroma in a process of its own."""
    with running_server(folder, program=(CHROMA, "run", "--path", "data"), health="api/v2/heartbeat") as address:
        yield f"chroma+{address}"


STORES = {
    "lancedb": in_folder("lancedb"),
    "faiss": in_folder("faiss"),
    "chroma": in_folder("chroma"),
    "chroma+http": chroma_server,
}
