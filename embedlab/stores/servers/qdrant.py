"""Collections in Qdrant: on a server, or in a folder by the client's own small reimplementation."""

from __future__ import annotations

import atexit
import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from embedlab.errors import MissingDependencyError
from embedlab.stores.contract import (
    MARK,
    Address,
    Mark,
    Rows,
    VectorStore,
    find_secret,
)

if TYPE_CHECKING:
    from qdrant_client import QdrantClient

# Seconds a request may take: a large one on a busy server.
_SECONDS = 120


class QdrantStore(VectorStore):
    """Collections of Qdrant; see :class:`embedlab.stores.contract.VectorStore`."""

    def __init__(self, address: Address) -> None:
        try:
            from httpx import HTTPError
            from qdrant_client import QdrantClient
            from qdrant_client.http.exceptions import ApiException
        except ImportError:
            raise MissingDependencyError("qdrant-client", "qdrant") from None
        super().__init__(address)
        self._lock: AbstractContextManager[Any] = nullcontext()
        self.failures = (ApiException, HTTPError, ValueError, RuntimeError, OSError)
        with self.asked():
            if address.transport:
                secret = find_secret(urlsplit(address.url).netloc)
                self._client = QdrantClient(
                    url=address.url, api_key=secret, timeout=_SECONDS, check_compatibility=False, trust_env=False
                )
                self._client.get_collections()
            else:
                self._client, self._lock = _local(address.path.resolve())

    def _names(self) -> list[str]:
        return [each.name for each in self._client.get_collections().collections]

    def _create(self, name: str, mark: Mark) -> None:
        from qdrant_client import models

        self._client.create_collection(
            name,
            vectors_config=models.VectorParams(size=mark.dimension, distance=models.Distance.COSINE),
            hnsw_config=models.HnswConfigDiff(m=0),  # no index, until one is built
            metadata={MARK: mark.to_json()},
        )

    def _rows(self, name: str) -> Rows:
        from embedlab.stores.servers.qdrant_rows import QdrantRows

        return QdrantRows(self._client, name, is_local=not self.address.transport)

    def _delete(self, name: str) -> None:
        self._client.delete_collection(name)

    @contextmanager
    def asked(self) -> Iterator[None]:
        """Ask one after another in a folder, and say what the client raises."""
        with self._lock, super().asked():
            yield

    def close(self) -> None:
        """End the connection; a folder stays open for others of this process."""
        if self.address.transport:
            self._client.close()


@cache
def _local(folder: Path) -> tuple[QdrantClient, threading.RLock]:
    """Return the one client of this process for a folder, which no second may open, and the lock to ask it under."""
    from qdrant_client import QdrantClient

    client = QdrantClient(path=str(folder), force_disable_check_same_thread=True)
    atexit.register(client.close)
    return client, threading.RLock()
