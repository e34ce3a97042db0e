"""Chroma: a folder (``chroma:///folder``) or its server (``chroma+http://host:port``), asked in the same way.

Chroma always searches by HNSW, so it may miss hits; under a condition it compares what passes.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

import numpy as np

from embedlab.errors import InvalidInputError, MissingDependencyError
from embedlab.rows import normalize_rows
from embedlab.stores.contract import (
    MARK,
    Address,
    CollectionInfo,
    Condition,
    IndexSettings,
    Mark,
    Match,
    Metadata,
    Records,
    Rows,
    VectorStore,
)
from embedlab.stores.embedded.chroma_where import chroma_where
from embedlab.stores.embedded.sizes import folder_bytes

if TYPE_CHECKING:
    from pathlib import Path

    from chromadb.api import ClientAPI
    from numpy.typing import NDArray

# Chroma writes a batch in one statement, and takes no larger one.
_BATCH_ROWS = 5_000
# Collections that are listed at once.
_PAGE = 100
# Seconds a server may take for one answer.
_PATIENCE = 300
# How far from 1 the length of a vector is where it was meant to be 1.
_UNIT = 1e-3


class ChromaStore(VectorStore):
    """A folder of Chroma or its server; ``CHROMA_API_KEY``, ``CHROMA_TENANT`` and ``CHROMA_DATABASE`` say who asks."""

    def __init__(self, address: Address) -> None:
        try:
            import chromadb
            from chromadb.errors import ChromaError
            from httpx import HTTPError
        except ImportError as error:
            raise MissingDependencyError("chromadb", "chroma") from error
        super().__init__(address)
        self.failures = (ChromaError, HTTPError, ValueError, RuntimeError, OSError)
        # Nothing is told to Chroma's makers, and no `.env` that lies about is read.
        settings: Any = chromadb.Settings(anonymized_telemetry=False, _env_file=None)  # type: ignore[call-arg]
        self._sessions: list[Any] = []
        with self.asked():
            if address.transport:
                self._client = _ask_server(address, settings)
                self._sessions = _sessions(self._client)
            else:
                address.path.mkdir(parents=True, exist_ok=True)
                self._client = chromadb.PersistentClient(str(address.path), settings)

    def _names(self) -> list[str]:
        names = list[str]()
        while True:
            page = self._client.list_collections(limit=_PAGE, offset=len(names))
            names += [found.name for found in page]
            if len(page) < _PAGE:
                return names

    def _create(self, name: str, mark: Mark) -> None:
        self._client.create_collection(
            name,
            metadata={MARK: mark.to_json()},
            configuration={"hnsw": {"space": "cosine"}},
            embedding_function=None,  # Otherwise Chroma fetches a model of its own.
        )

    def _rows(self, name: str) -> Rows:
        found = self._client.get_collection(name, embedding_function=None)
        return ChromaRows(found, self._client, None if self.address.transport else self.address.path)

    def _delete(self, name: str) -> None:
        self._client.delete_collection(name)

    def close(self) -> None:
        """Let go of the files or the connection."""
        self._client.close()  # type: ignore[attr-defined]
        for session in self._sessions:
            session.close()  # Chroma leaves its connections open.


class ChromaRows(Rows):
    """A collection of Chroma."""

    index_kinds = ()

    def __init__(self, collection: Any, client: ClientAPI, folder: Path | None) -> None:  # noqa: ANN401
        self._collection, self._folder = collection, folder
        self.batch_rows = min(_BATCH_ROWS, client.get_max_batch_size())
        self._mark = Mark.from_json((collection.metadata or {}).get(MARK))
        self._space = (collection.configuration_json.get("hnsw") or {}).get("space", "l2")
        self._dimension = self._mark.dimension if self._mark else self._told_dimension()

    def info(self) -> CollectionInfo:
        """Return what the collection is now."""
        about, spec = self._collection, self._mark.spec if self._mark else None
        return CollectionInfo(
            about.name, self._dimension, self._space, about.count(), spec, self._mark is not None, "hnsw"
        )

    def upsert(self, records: Records) -> None:
        """Write rows in one transaction of Chroma."""
        before = self._collection.get(ids=records.ids, include=["metadatas"])
        had = dict(zip(before["ids"], before["metadatas"], strict=True))
        # Chroma keeps the fields that a row had and is not given again, unless it is told that they are gone.
        metadatas = [
            {**dict.fromkeys(had.get(id) or {}), **{self._key(name): value for name, value in metadata.items()}}
            for id, metadata in zip(records.ids, records.metadatas, strict=True)
        ]
        self._collection.upsert(
            ids=records.ids, embeddings=records.embeddings, documents=records.documents, metadatas=metadatas
        )

    def nearest(
        self, queries: NDArray[np.float32], top_k: int, where: Condition | None, effort: int | None
    ) -> list[list[Match]]:
        """Ask the index."""
        if effort is not None:
            self._look(effort)
        is_cosine = self._space == "cosine"
        found = self._collection.query(
            query_embeddings=queries,
            n_results=top_k,
            where=None if where is None else chroma_where(where, self._key),
            include=["documents", "metadatas", "distances" if is_cosine else "embeddings"],
        )
        return [
            self._matches(
                found["ids"][row],
                1 - np.asarray(found["distances"][row])
                if is_cosine
                else self._cosines(query, found["embeddings"][row]),
                found["documents"][row],
                found["metadatas"][row],
            )
            for row, query in enumerate(queries)
        ]

    def fetch(self, ids: list[str], *, with_embeddings: bool) -> Records:
        """Return the rows of some ids."""
        included = ["documents", "metadatas", *(["embeddings"] if with_embeddings else [])]
        found = self._collection.get(ids=ids, include=included)
        vectors = None
        if with_embeddings:
            vectors = np.asarray(found["embeddings"], dtype=np.float32).reshape(len(found["ids"]), self._dimension)
        documents = [document or "" for document in found["documents"]]
        return Records(found["ids"], documents, [self._metadata(one) for one in found["metadatas"]], vectors)

    def ids(self, where: Condition | None, limit: int | None) -> list[str]:
        """Return the ids of the rows that pass."""
        condition = None if where is None else chroma_where(where, self._key)
        return list(self._collection.get(where=condition, limit=limit, include=[])["ids"])

    def delete(self, ids: list[str]) -> None:
        """Remove rows in one transaction."""
        self._collection.delete(ids=ids)

    def count(self, where: Condition | None) -> int:
        """Return how many rows pass."""
        return int(self._collection.count()) if where is None else len(self.ids(where, None))

    def build_index(self, settings: IndexSettings) -> None:
        """Chroma builds its own, with the first row; :class:`Collection` refuses another."""
        raise NotImplementedError

    def nbytes(self) -> int | None:
        """Return what the whole folder takes, which Chroma does not part by collection; a server does not say."""
        return None if self._folder is None else folder_bytes(self._folder)

    def _told_dimension(self) -> int:
        """Return the dimension of the first row of somebody else's; 0 where there is none."""
        found = self._collection.get(limit=1, include=["embeddings"])["embeddings"]
        return len(found[0]) if found is not None and len(found) else 0

    def _look(self, effort: int) -> None:
        """Set how far the index looks: Chroma keeps that with the collection."""
        if (self._collection.configuration_json.get("hnsw") or {}).get("ef_search") != effort:
            self._collection.modify(configuration={"hnsw": {"ef_search": effort}})

    def _cosines(self, query: NDArray[np.float32], found: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return cosines where Chroma was told to search by something else, as it is unless somebody says otherwise."""
        vectors = np.asarray(found, dtype=np.float32).reshape(-1, len(query))
        if (np.abs(np.linalg.norm(vectors, axis=1) - 1) > _UNIT).any():
            raise InvalidInputError(
                f"{self._collection.name} is searched by {self._space}, and its vectors have other lengths than 1: the "
                "nearest by that are not the nearest by cosine. Open it as a data set, and write a collection of it."
            )
        return normalize_rows(vectors) @ query

    def _matches(
        self, ids: list[str], scores: NDArray[np.float32], documents: list[str | None], metadatas: list[Any]
    ) -> list[Match]:
        rows = zip(ids, scores.tolist(), documents, metadatas, strict=True)
        return [Match(id, score, document or "", self._metadata(said)) for id, score, document, said in rows]

    def _key(self, field: str) -> str:
        """Return a field as Chroma takes it: some beginnings are its own."""
        if self._mark is None:
            return field
        named = field.replace("%", "%25")
        return f"%{ord(named[0]):02X}{named[1:]}" if named.startswith(("#", "$", "chroma:")) else named

    def _metadata(self, said: dict[str, Any] | None) -> Metadata:
        return {name if self._mark is None else unquote(name): value for name, value in (said or {}).items()}


def _ask_server(address: Address, settings: Any) -> ClientAPI:  # noqa: ANN401 - Chroma's own
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


def _sessions(client: Any) -> list[Any]:  # noqa: ANN401 - Chroma's own, and not shown
    """Return the connections to a server, which would wait for an answer for ever."""
    sessions = [client._server._session, client._admin_client._server._session]
    for session in sessions:
        session.timeout = _PATIENCE
    return sessions
