"""How Chroma is reached: a folder is kept to one process, and a server is not waited for without end."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from filelock import FileLock, Timeout

from embedlab.errors import StoreError
from embedlab.stores.contract import Address

if TYPE_CHECKING:
    from chromadb.api import ClientAPI

# Seconds a server may take for one answer.
_PATIENCE = 300
# Seconds to wait for another process to close a folder.
_WAITING = 10


def lock_folder(address: Address) -> FileLock:
    """Keep a folder to this process: one that has it open would not find what another one writes, and not say so."""
    lock = FileLock(address.path / ".embedlab.lock", _WAITING, thread_local=False, is_singleton=True)
    try:
        lock.acquire()
    except Timeout as error:
        raise StoreError(
            f"{address} is open in another process, and a folder of Chroma serves one. Close it there, or start its "
            "server by: chroma run --path FOLDER, and take the address chroma+http://localhost:8000."
        ) from error
    return lock


def ask_server(address: Address, settings: Any) -> ClientAPI:  # noqa: ANN401 - Chroma's own
    """Return a client of a server; who asks is said by the environment."""
    import chromadb

    place, key = urlsplit(address.url), os.environ.get("CHROMA_API_KEY")
    who = {name: value for name in ("tenant", "database") if (value := os.environ.get(f"CHROMA_{name.upper()}"))}
    return chromadb.HttpClient(
        place.hostname or "localhost",
        place.port or 8000,
        ssl=address.transport == "https",
        headers={"X-Chroma-Token": key} if key else None,
        settings=settings,
        **who,
    )


def sessions_of(client: Any) -> list[Any]:  # noqa: ANN401 - Chroma's own, and not shown
    """Return the connections to a server, which would wait for an answer for ever."""
    sessions = [client._server._session, client._admin_client._server._session]
    for session in sessions:
        session.timeout = _PATIENCE
    return sessions
