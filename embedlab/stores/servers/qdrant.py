"""Collections in Qdrant: on a server, or in a folder by the client's own small reimplementation."""

from __future__ import annotations

import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import numpy as np

from embedlab.errors import InvalidInputError, MissingDependencyError
from embedlab.stores.contract import (
    MARK,
    Address,
    CollectionInfo,
    Combination,
    Condition,
    IndexSettings,
    Mark,
    Match,
    Records,
    Rows,
    Scalar,
    VectorStore,
    kind_of,
)
from embedlab.stores.servers.credentials import find_secret
from embedlab.stores.servers.foreign import scalars, text_field

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from qdrant_client import QdrantClient, models

# Points that are read at once, and seconds a request may take: a large one on a busy server.
_PAGE, _SECONDS = 1_000, 120
# What the names of points are made from: Qdrant takes numbers and UUIDs alone.
_NAMES = uuid.UUID("8f2e5c0a-3a64-4f0e-9a55-0d6f4c1b7e21")
# Kilobytes of vectors above which a server builds an index: at once.
_AT_ONCE = 1


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

    return QdrantClient(path=str(folder), force_disable_check_same_thread=True), threading.RLock()


class QdrantRows(Rows):
    """The points of one collection; see :class:`embedlab.stores.contract.Rows`."""

    batch_rows = 500

    def __init__(self, client: QdrantClient, name: str, *, is_local: bool) -> None:
        self._client, self._name = client, name
        self.index_kinds = ("exact",) if is_local else ("exact", "hnsw")  # type: ignore[misc]
        self._read_config()

    def info(self) -> CollectionInfo:
        """Return what the collection is now."""
        return CollectionInfo(
            self._name,
            self._params.size if self._params else 0,
            str(self._params.distance.value).lower() if self._params else "cosine",
            self.count(None),
            self._mark.spec if self._mark else None,
            self._mark is not None,
            "hnsw" if self._is_indexed else "exact",
        )

    def upsert(self, records: Records) -> None:
        """Write points, and wait until they are there."""
        from qdrant_client import models

        vectors = records.embeddings.tolist() if records.embeddings is not None else []
        rows = zip(records.ids, vectors, records.documents, records.metadatas, strict=True)
        points = [
            models.PointStruct(
                id=_point(id), vector=vector, payload={"id": id, "document": document, "metadata": metadata}
            )
            for id, vector, document, metadata in rows
        ]
        if points:
            self._client.upsert(self._name, points=points, wait=True)

    def nearest(
        self, queries: NDArray[np.float32], top_k: int, where: Condition | None, effort: int | None
    ) -> list[list[Match]]:
        """Return the nearest points of each query."""
        from qdrant_client import models

        if self._params is None or self._params.distance != models.Distance.COSINE:
            raise InvalidInputError(
                f"{self._name} compares by another distance than the cosine, so its order is not that of cosines. Take "
                "its rows and write them to a collection of yours."
            )
        how = models.SearchParams(exact=not self._is_indexed, hnsw_ef=effort)
        requests = [
            models.QueryRequest(
                query=query.tolist(), using=self._using, filter=_filter(where, self._prefix), params=how, limit=top_k,
                with_payload=True,
            )
            for query in queries
        ]  # fmt: skip
        found = self._client.query_batch_points(self._name, requests=requests)
        return [
            [Match(row[0], point.score, *row[1:]) for point in each.points if (row := self._row(point))]
            for each in found
        ]

    def fetch(self, ids: list[str], *, with_embeddings: bool) -> Records:
        """Return the points of some ids."""
        names = [_point(id) if self._mark else _own(id) for id in ids]
        found = self._client.retrieve(self._name, ids=names, with_payload=True, with_vectors=with_embeddings)
        rows = [self._row(point) for point in found]
        vectors = (
            [point.vector[self._using] if self._using else point.vector for point in found] if with_embeddings else None
        )
        return Records(
            [row[0] for row in rows],
            [row[1] for row in rows],
            [row[2] for row in rows],
            None if vectors is None else np.array(vectors, dtype=np.float32).reshape(len(rows), self._params.size),
        )

    def ids(self, where: Condition | None, limit: int | None) -> list[str]:
        """Return the ids of the points that pass."""
        found: list[str] = []
        for page in self._pages(where, ["id"] if self._mark else False, limit):
            found += [self._row(point)[0] for point in page]
        return found[:limit]

    def delete(self, ids: list[str]) -> None:
        """Remove points."""
        self._client.delete(self._name, points_selector=[_point(id) for id in ids], wait=True)

    def count(self, where: Condition | None) -> int:
        """Return how many points pass."""
        return int(self._client.count(self._name, count_filter=_filter(where, self._prefix), exact=True).count)

    def build_index(self, settings: IndexSettings) -> None:
        """Tell the server what to build, and wait until it has."""
        from qdrant_client import models

        if len(self.index_kinds) > 1:
            m = 0 if settings.kind == "exact" else settings.m
            self._client.update_collection(
                self._name,
                hnsw_config=models.HnswConfigDiff(m=m, ef_construct=max(settings.ef_construction, 4)),
                optimizers_config=models.OptimizersConfigDiff(indexing_threshold=_AT_ONCE if m else 0),
            )
            while self._client.get_collection(self._name).status != models.CollectionStatus.GREEN:
                time.sleep(0.2)
        self._read_config()

    def nbytes(self) -> None:
        """Return None: it does not say."""

    def _read_config(self) -> None:
        found = self._client.get_collection(self._name)
        vectors = found.config.params.vectors or {}
        # Somebody else's may have several vectors a point, by name: the first counts.
        self._using = next(iter(vectors), None) if isinstance(vectors, dict) else None
        self._params: Any = (vectors[self._using] if self._using else None) if isinstance(vectors, dict) else vectors
        self._mark = Mark.from_json((found.config.metadata or {}).get(MARK))
        self._is_indexed = len(self.index_kinds) > 1 and bool(found.config.hnsw_config.m)
        first = None if self._mark else next(iter(next(self._pages(None, True, 1))), None)
        has_own = bool(first) and isinstance((first.payload or {}).get("metadata"), dict)
        self._prefix = "metadata." if self._mark or has_own else ""

    def _pages(
        self, where: Condition | None, payload: bool | list[str], limit: int | None
    ) -> Iterator[list[models.Record]]:
        start, left = None, limit
        while left is None or left > 0:
            size = _PAGE if left is None else min(_PAGE, left)
            page, start = self._client.scroll(
                self._name, scroll_filter=_filter(where, self._prefix), limit=size, offset=start, with_payload=payload
            )
            yield page
            left = None if left is None else left - len(page)
            if start is None:
                return

    def _row(self, point: Any) -> tuple[str, str, dict[str, Scalar]]:  # noqa: ANN401 - one found or one fetched
        """Return the id, text and metadata of a point."""
        payload = point.payload or {}
        if self._mark:
            return payload["id"], payload.get("document", ""), payload.get("metadata", {})
        text = text_field(payload)
        held = payload["metadata"] if self._prefix and isinstance(payload.get("metadata"), dict) else payload
        return str(point.id), str(payload[text]) if text else "", scalars({k: v for k, v in held.items() if k != text})


def _point(id: str) -> str:
    return str(uuid.uuid5(_NAMES, id))


def _own(id: str) -> int | str:
    return int(id) if id.isdecimal() else id


def _filter(condition: Condition | None, prefix: str) -> models.Filter | None:
    from qdrant_client import models

    return None if condition is None else models.Filter(must=[_clause(condition, prefix)])


def _clause(condition: Condition, prefix: str) -> Any:  # noqa: ANN401 - one of many classes
    from qdrant_client import models

    if isinstance(condition, Combination):
        parts = [_clause(part, prefix) for part in condition.parts]
        return models.Filter(must=parts) if condition.operator == "and" else models.Filter(should=parts)
    key = f"{prefix}{_key(condition.field)}"
    if condition.operator in ("gte", "lte"):
        return models.FieldCondition(key=key, range=models.Range(**{condition.operator: condition.value}))
    same = [_equal(key, value) for value in condition.values]
    return models.Filter(must_not=same) if condition.operator == "ne" else models.Filter(should=same)


def _equal(key: str, value: Scalar) -> models.FieldCondition:
    from qdrant_client import models

    if kind_of(value) == "number":  # 1 and 1.0 are the same number, but not to a match
        return models.FieldCondition(key=key, range=models.Range(gte=value, lte=value))
    return models.FieldCondition(key=key, match=models.MatchValue(value=value))


def _key(field: str) -> str:
    """Return a field as Qdrant names it; dots and brackets have a meaning of their own."""
    if '"' in field:
        raise InvalidInputError(f"Qdrant has no conditions on a field with quotation marks in its name: {field!r}.")
    return field if field.replace("_", "").replace("-", "").isalnum() else f'"{field}"'
