"""The points of a collection of Qdrant, somebody else's, too."""

from __future__ import annotations

import time
import uuid
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np

from embedlab.errors import InvalidInputError
from embedlab.stores.contract import (
    MARK,
    CollectionInfo,
    Condition,
    IndexSettings,
    Mark,
    Match,
    Records,
    Rows,
    Scalar,
    scalars,
    text_field,
)
from embedlab.stores.servers.qdrant_where import odd_fields, where_filter

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from qdrant_client import QdrantClient, models

# Points that are read at once.
_PAGE = 1_000
# What the names of points are made from: Qdrant takes numbers and UUIDs alone.
_NAMES = uuid.UUID("8f2e5c0a-3a64-4f0e-9a55-0d6f4c1b7e21")
# Kilobytes of vectors above which a server builds an index: at once.
_AT_ONCE = 1


class QdrantRows(Rows):
    """The points of one collection; see :class:`embedlab.stores.contract.Rows`."""

    batch_rows = 500

    def __init__(self, client: QdrantClient, name: str, *, is_local: bool) -> None:
        self._client, self._name = client, name
        self.index_kinds = ("exact",) if is_local else ("exact", "hnsw")
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
                id=_point(id),
                vector=vector,
                payload={"id": id, "document": document, "metadata": metadata, **odd_fields(metadata)},
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
        how = models.SearchParams(exact=not self._is_indexed, hnsw_ef=effort) if len(self.index_kinds) > 1 else None
        passing = self._filter(where)
        requests = [
            models.QueryRequest(
                query=query.tolist(), using=self._using, filter=passing, params=how, limit=top_k, with_payload=True
            )
            for query in queries
        ]
        found = self._client.query_batch_points(self._name, requests=requests)
        return [[self._match(point) for point in each.points] for each in found]

    def fetch(self, ids: list[str], *, with_embeddings: bool) -> Records:
        """Return the points of some ids."""
        names = [_point(id) if self._mark else _own(id) for id in ids]
        found = self._client.retrieve(self._name, ids=names, with_payload=True, with_vectors=with_embeddings)
        rows = [self._row(point) for point in found]
        own, documents, metadatas = [row[0] for row in rows], [row[1] for row in rows], [row[2] for row in rows]
        if not with_embeddings:
            return Records(own, documents, metadatas)
        vectors: list[Any] = [point.vector for point in found]
        if self._using:
            vectors = [vector[self._using] for vector in vectors]
        embeddings = np.array(vectors, dtype=np.float32).reshape(len(rows), self._params.size)
        return Records(own, documents, metadatas, embeddings)

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
        return int(self._client.count(self._name, count_filter=self._filter(where), exact=True).count)

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
        self._prefix = "metadata."
        first = [] if self._mark else next(self._pages(None, True, 1))
        has_own = any(isinstance((point.payload or {}).get("metadata"), dict) for point in first)
        self._prefix = "metadata." if self._mark or has_own else ""

    def _filter(self, where: Condition | None) -> models.Filter | None:
        return None if where is None else where_filter(where, self._prefix, is_ours=self._mark is not None)

    def _pages(
        self, where: Condition | None, payload: bool | list[str], limit: int | None
    ) -> Iterator[list[models.Record]]:
        start, left = None, limit
        while left is None or left > 0:
            size = _PAGE if left is None else min(_PAGE, left)
            page, start = self._client.scroll(
                self._name,
                scroll_filter=self._filter(where),
                limit=size,
                offset=start,
                with_payload=payload,
            )
            yield page
            left = None if left is None else left - len(page)
            if start is None:
                return

    def _match(self, point: models.ScoredPoint) -> Match:
        id, document, metadata = self._row(point)
        return Match(id, point.score, document, metadata)

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
