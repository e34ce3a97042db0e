"""The vectors of a namespace of Pinecone, somebody else's, too."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import numpy as np

from embedlab.errors import InvalidInputError, StoreError
from embedlab.stores.contract import (
    DIGEST,
    CollectionInfo,
    Condition,
    IndexSettings,
    Mark,
    Match,
    Metadata,
    Records,
    Rows,
    check_length,
    matches,
    row_key,
    scalars,
    text_field,
    wait_until,
)
from embedlab.stores.servers.pinecone.where import field_key, where_filter

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from pinecone import Index, QueryResponse, ScoredVector

MOST_FOUND = 10_000
"""Rows that one query returns at most."""
# Ids in one address, bytes of the metadata of a row and of all that is sent at once (of 2 MB).
_IDS, _LONGEST, _AT_ONCE = 100, 40_960, 1_500_000
# Ids that are taken as they are; others stand in the metadata, and a key made from them in their place.
_PLAIN, _KEY = re.compile(r"[!-~](?:[ -~]*[!-~])?"), "embedlab:"
# What stands beside a person's fields, none of which begins so.
_ID, _DOCUMENT, _METADATA, _TIME = "embedlab_id", "embedlab_document", "embedlab_metadata", "embedlab_time"


class PineconeRows(Rows):
    """The vectors of one namespace; see :class:`embedlab.stores.contract.Rows`."""

    batch_rows = 100
    index_kinds = ()

    def __init__(
        self,
        index: Index,
        name: str,
        mark: Mark | None,
        dimension: int,
        metric: str,
        check_conditions: Callable[[], None],
    ) -> None:
        self._check_conditions = check_conditions
        self._index, self._name, self._mark, self._dimension, self._metric = index, name, mark, dimension, metric

    def info(self) -> CollectionInfo:
        """Return what the namespace is now."""
        spec = self._mark.spec if self._mark else None
        is_ours, n_rows = self._mark is not None, self.count(None)
        return CollectionInfo(self._name, self._dimension, self._metric, n_rows, spec, is_ours, "own")

    def upsert(self, records: Records) -> None:
        """Write vectors, and wait until a query finds them and they are read as they were written."""
        # By it what is written now is told from what stood under the same ids before; somebody else's later write of
        # the same rows counts as well, and the same content in any case.
        now, digests = time.time(), [metadata[DIGEST] for metadata in records.metadatas]
        vectors = list(_vectors(records, now))
        for portion in _portions(vectors, self._dimension):
            self._index.upsert(vectors=portion, namespace=self._name, show_progress=False)
        keys = {vector["id"] for vector in vectors}
        is_new = {"$or": [{_TIME: {"$gte": now}}, {DIGEST: {"$in": digests}}]}
        asked = {"$and": [{_ID: {"$in": records.ids}}, is_new]}

        def is_seen() -> bool:
            found = {each.id for each in self._query(self._any(), len(keys), asked).matches}
            held = [each.metadata or {} for each in self._read(sorted(keys))] if found == keys else []
            return len(held) == len(keys) and all(one[_TIME] >= now or one[DIGEST] in digests for one in held)

        if keys:
            wait_until(is_seen, f"{len(keys):,} rows of {self._name} were", "Pinecone")

    def nearest(
        self, queries: NDArray[np.float32], top_k: int, where: Condition | None, effort: int | None
    ) -> list[list[Match]]:
        """Return the nearest vectors of each query."""
        if effort is not None:
            raise InvalidInputError("Pinecone decides by itself how far it looks. Leave effort out.")
        if self._metric != "cosine":
            raise InvalidInputError(
                f"{self._name} compares by another distance than the cosine ({self._metric}), so its order is not that "
                "of cosines. Take its rows and write them to a collection of yours."
            )
        if top_k > MOST_FOUND:
            raise InvalidInputError(f"Pinecone returns at most {MOST_FOUND:,} rows a query; top_k={top_k:,}.")
        asked = self._filter(where)
        found = [self._query(query.tolist(), top_k, asked, with_metadata=True).matches for query in queries]
        hits = [[self._match(each) for each in one] for one in found]
        if not all(matches(where, hit.metadata) for one in hits for hit in one):
            raise StoreError(f"Pinecone found rows of {self._name} that do not pass the condition. Ask without it.")
        return hits

    def fetch(self, ids: list[str], *, with_embeddings: bool) -> Records:
        """Return the vectors of some ids."""
        keys = [self._key(id) for id in ids]
        found = list(self._read([key for key in keys if key.isascii()]))
        said = [self._said(each) for each in found]
        vectors = np.array([each.values for each in found], dtype=np.float32).reshape(len(found), self._dimension)
        return Records(
            [id for id, _, _ in said],
            [document for _, document, _ in said],
            [metadata for _, _, metadata in said],
            vectors if with_embeddings else None,
        )

    def ids(self, where: Condition | None, limit: int | None) -> list[str]:
        """Return the ids of the vectors that pass."""
        keys = self._keys(where, limit)[:limit]
        made = [key for key in keys if key.startswith(_KEY)] if self._mark else []
        named = {each.id: self._said(each)[0] for each in self._read(made)}
        return [named.get(key, key) for key in keys]

    def delete(self, ids: list[str]) -> None:
        """Remove vectors, and wait until neither a query finds them nor are they read."""
        from pinecone.errors import NotFoundError

        keys, asked = [self._key(id) for id in ids], {_ID: {"$in": ids}}

        def is_gone() -> bool:
            return not self._query(self._any(), 1, asked).matches and not any(True for _ in self._read(keys))

        # A namespace that nothing was ever written into is none to Pinecone.
        with suppress(NotFoundError):
            self._index.delete(ids=keys, namespace=self._name)
            wait_until(is_gone, f"The removal of {len(ids):,} rows of {self._name} was", "Pinecone")

    def count(self, where: Condition | None) -> int:
        """Return how many vectors pass; of 10,000 and more without a condition what Pinecone has counted so far."""
        if where is None:
            summary = self._index.describe_index_stats().namespaces.get(self._name)
            if summary and summary.vector_count >= MOST_FOUND:
                return int(summary.vector_count)
        return len(self._keys(where, None))

    def build_index(self, settings: IndexSettings) -> None:
        """Never called: Pinecone builds its own."""

    def nbytes(self) -> None:
        """Return None: it does not say."""

    def _any(self) -> list[float]:
        """Return some vector, for questions that are not about what is near."""
        return [1.0] + [0.0] * (self._dimension - 1)

    def _query(
        self, vector: list[float], top_k: int, asked: dict[str, Any] | None, *, with_metadata: bool = False
    ) -> QueryResponse:
        return self._index.query(
            top_k=top_k, vector=vector, namespace=self._name, filter=asked, include_metadata=with_metadata
        )

    def _read(self, keys: list[str]) -> Iterator[Any]:
        for start in range(0, len(keys), _IDS):
            yield from self._index.fetch(ids=keys[start : start + _IDS], namespace=self._name).vectors.values()

    def _key(self, id: str) -> str:
        return _key(id) if self._mark else id

    def _filter(self, where: Condition | None) -> dict[str, Any] | None:
        if where is None:
            return None
        self._check_conditions()
        return where_filter(where, is_ours=self._mark is not None)

    def _keys(self, where: Condition | None, limit: int | None) -> list[str]:
        """Return under which keys the vectors stand that pass; where a query returns not as many, all are read."""
        asked = self._filter(where)
        found = [each.id for each in self._query(self._any(), MOST_FOUND, asked).matches]
        if len(found) < MOST_FOUND or (limit is not None and limit <= MOST_FOUND):
            return found
        pages = ([str(each.id) for each in page.vectors] for page in self._index.list(namespace=self._name))
        if where is None:
            return [key for page in pages for key in page]
        read = (each for page in pages for each in self._read(page))
        return [each.id for each in read if matches(where, self._said(each)[2])]

    def _match(self, vector: ScoredVector) -> Match:
        id, document, metadata = self._said(vector)
        return Match(id, vector.score, document, metadata)

    def _said(self, vector: Any) -> tuple[str, str, Metadata]:  # noqa: ANN401 - one found or one fetched
        """Return the id, the text and the metadata of a vector."""
        held = vector.metadata or {}
        if self._mark:
            return held[_ID], held[_DOCUMENT], json.loads(held[_METADATA])
        text = text_field(held)
        rest = scalars({name: value for name, value in held.items() if name != text})
        return vector.id, str(held[text]) if text else "", rest


def _vectors(records: Records, now: float) -> Iterator[dict[str, Any]]:
    embeddings = records.embeddings.tolist() if records.embeddings is not None else []
    for id, values, document, metadata in zip(
        records.ids, embeddings, records.documents, records.metadatas, strict=True
    ):
        # Numbers come back as floating ones, so that what was written is kept beside what conditions ask.
        whole = json.dumps(metadata, ensure_ascii=False)
        held = {field_key(name): value for name, value in metadata.items()}
        held |= {_ID: id, _DOCUMENT: document, _METADATA: whole, _TIME: now}
        check_length(id, json.dumps(held, ensure_ascii=False), _LONGEST, "text with its metadata", "Pinecone")
        yield {"id": _key(id), "values": values, "metadata": held}


def _portions(vectors: list[dict[str, Any]], dimension: int) -> Iterator[list[dict[str, Any]]]:
    """Cut what is sent where it would be too much at once."""
    portion: list[dict[str, Any]] = []
    size = 0
    for vector in vectors:
        more = len(json.dumps(vector["metadata"])) + 24 * dimension
        if portion and size + more > _AT_ONCE:
            yield portion
            portion, size = [], 0
        portion.append(vector)
        size += more
    if portion:
        yield portion


def _key(id: str) -> str:
    is_plain = _PLAIN.fullmatch(id) and not id.startswith(_KEY)
    return id if is_plain else _KEY + row_key(id)
