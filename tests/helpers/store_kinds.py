"""The stores that the contract is tried on: by name, something that opens one in a folder and yields its address.

Servers of somebody else's are tried where ``EMBEDLAB_TEST_<STORE>_URL`` says where they are, such as
``EMBEDLAB_TEST_QDRANT_URL=qdrant+http://localhost:6333``. Of Pinecone it is an index of 8 dimensions.
"""

import contextlib
import os
import sys
from pathlib import Path

from app_server import running_server
from postgres_server import postgres_address

CHROMA = str(Path(sys.executable).with_name("chroma"))


def in_folder(kind, ending=""):
    """A store that is a folder or a file."""

    @contextlib.contextmanager
    def opened(folder):
        yield f"{kind}://{folder / kind}{ending}"

    return opened


@contextlib.contextmanager
def chroma_server(folder):
    """The server of Chroma in a process of its own."""
    with running_server(folder, program=(CHROMA, "run", "--path", "data"), health="api/v2/heartbeat") as address:
        yield f"chroma+{address}"


@contextlib.contextmanager
def postgres(folder):
    """PostgreSQL with pgvector, one server for all tests of a process."""
    yield postgres_address()


def elsewhere():
    """The servers that the environment names."""
    stores = ("QDRANT", "MILVUS", "POSTGRES", "PINECONE", "WEAVIATE")
    named = {store: os.environ.get(f"EMBEDLAB_TEST_{store}_URL") for store in stores}
    return {
        f"{store.lower()} elsewhere": lambda folder, url=url: contextlib.nullcontext(url)
        for store, url in named.items()
        if url
    }


STORES = {
    "lancedb": in_folder("lancedb"),
    "faiss": in_folder("faiss"),
    "chroma": in_folder("chroma"),
    "chroma+http": chroma_server,
    "postgresql": postgres,
    "qdrant": in_folder("qdrant"),
    "milvus": in_folder("milvus", ".db"),
    **elsewhere(),
}
