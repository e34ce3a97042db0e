"""Collections in Milvus: on a server, or in a file by Milvus Lite."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import numpy as np

from embedlab.errors import InvalidInputError, MissingDependencyError
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
    check_length,
    find_secret,
    kind_of,
    row_key,
    scalars,
    text_field,
)
from embedlab.stores.servers.milvus_where import ids_text, where_text

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from pymilvus import MilvusClient

# Bytes of UTF-8 that a text field, a field of JSON and an id may have; rows that are read at once, and found at most.
_LONGEST_TEXT, _LONGEST_JSON, _LONGEST_ID = 65_535, 65_536, 2_048
_PAGE, _MOST_FOUND = 1_000, 16_384
# What was written a moment ago is found: otherwise a server answers with what it knew some seconds ago.
_NOW = "Strong"
_INDEXES = {"exact": "FLAT", "hnsw": "HNSW", "ivf": "IVF_FLAT"}


class MilvusStore(VectorStore):
    """Collections of Milvus; see :class:`embedlab.stores.contract.VectorStore`."""

    def __init__(self, address: Address) -> None:
        try:
            from pymilvus import MilvusClient
            from pymilvus.exceptions import MilvusException
        except ImportError:
            raise MissingDependencyError("pymilvus", "milvus") from None
        super().__init__(address)
        self.failures = (MilvusException, ValueError, RuntimeError, OSError)
        with self.asked():
            if address.transport:
                self._client = MilvusClient(address.url, token=find_secret(urlsplit(address.url).netloc) or "")
            else:
                if address.path.suffix != ".db":
                    raise InvalidInputError(f"Milvus keeps its file under a name that ends in .db; {address} does not.")
                address.path.parent.mkdir(parents=True, exist_ok=True)
                self._client = MilvusClient(str(address.path))

    def _names(self) -> list[str]:
        return list(self._client.list_collections())

    def _create(self, name: str, mark: Mark) -> None:
        from pymilvus import DataType

        schema = self._client.create_schema(auto_id=False, enable_dynamic_field=False)
        # The client forgets to quote primary keys when it turns the page.
        schema.add_field("key", DataType.VARCHAR, is_primary=True, max_length=len(row_key("")))
        schema.add_field("id", DataType.VARCHAR, max_length=_LONGEST_ID)
        schema.add_field("embedding", DataType.FLOAT_VECTOR, dim=mark.dimension)
        schema.add_field("document", DataType.VARCHAR, max_length=_LONGEST_TEXT)
        schema.add_field("metadata", DataType.JSON)
        schema.add_field("kinds", DataType.JSON)  # what kind each of these is: Milvus Lite takes True for 1
        index = self._client.prepare_index_params()
        index.add_index("embedding", index_type=_INDEXES["exact"], metric_type="COSINE")
        mark_of = {MARK: mark.to_json()}
        self._client.create_collection(
            name, schema=schema, index_params=index, consistency_level=_NOW, properties=mark_of
        )

    def _rows(self, name: str) -> Rows:
        return MilvusRows(self._client, name)

    def _delete(self, name: str) -> None:
        self._client.drop_collection(name)

    def close(self) -> None:
        """End the connection, or let go of the file."""
        self._client.close()


class MilvusRows(Rows):
    """The entities of one collection; see :class:`embedlab.stores.contract.Rows`."""

    batch_rows = 500
    index_kinds = ("exact", "hnsw", "ivf")

    def __init__(self, client: MilvusClient, name: str) -> None:
        from pymilvus import DataType

        self._client, self._name = client, name
        found = client.describe_collection(name)
        self._mark = Mark.from_json((found.get("properties") or {}).get(MARK))
        kinds = {each["name"]: each for each in found["fields"]}
        vectors = [each for each in kinds.values() if each["type"] == DataType.FLOAT_VECTOR]
        # Somebody else's may have several vectors a row: the first counts.
        self._vector = vectors[0]["name"] if vectors else ""
        self._dimension = int(vectors[0]["params"]["dim"]) if vectors else 0
        self._key = next(name for name, each in kinds.items() if each.get("is_primary"))
        self._id = "id" if self._mark else self._key
        self._is_text = kinds[self._key]["type"] == DataType.VARCHAR
        self._text = text_field(kinds)
        self._fields = [each for each in kinds if each != self._vector]
        if found.get("enable_dynamic_field"):
            self._fields.append("$meta")
        self._read_index()

    def info(self) -> CollectionInfo:
        """Return what the collection is now."""
        kind = next((kind for kind, name in _INDEXES.items() if name == self._index), self._index.lower())
        spec, is_ours = self._mark.spec if self._mark else None, self._mark is not None
        n_rows = self.count(None) if self._dimension else 0
        return CollectionInfo(self._name, self._dimension, self._metric.lower(), n_rows, spec, is_ours, kind)

    def upsert(self, records: Records) -> None:
        """Write entities; the server keeps them in its log before it answers."""
        vectors = records.embeddings if records.embeddings is not None else ()
        rows = [
            {
                "key": row_key(id),
                "id": id,
                "embedding": vector,
                "document": document,
                "metadata": metadata,
                "kinds": {name: kind_of(value) for name, value in metadata.items()},
            }
            for id, vector, document, metadata in zip(
                records.ids, vectors, records.documents, records.metadatas, strict=True
            )
        ]
        for row in rows:
            check_length(row["id"], row["document"], _LONGEST_TEXT, "text", "Milvus")
            check_length(
                row["id"], json.dumps(row["metadata"], ensure_ascii=False), _LONGEST_JSON, "metadata", "Milvus"
            )
        if rows:
            self._client.upsert(self._name, rows)

    def nearest(
        self, queries: NDArray[np.float32], top_k: int, where: Condition | None, effort: int | None
    ) -> list[list[Match]]:
        """Return the nearest entities of each query."""
        if self._metric != "COSINE":
            raise InvalidInputError(
                f"{self._name} compares by {self._metric} and not by the cosine, so its order is not that of cosines. "
                "Take its rows and write them to a collection of yours."
            )
        if top_k > _MOST_FOUND:
            raise InvalidInputError(f"Milvus returns at most {_MOST_FOUND:,} rows a query; top_k={top_k:,}.")
        far: dict[str, int] = {}
        if self._index == "HNSW":
            far = {"ef": max(effort or 0, top_k)}
        elif self._index == "IVF_FLAT" and effort:
            far = {"nprobe": effort}
        found = self._client.search(
            self._name, queries.tolist(), anns_field=self._vector, limit=top_k, filter=self._filter(where),
            output_fields=self._fields, consistency_level=_NOW,
            search_params={"metric_type": "COSINE", "params": far},
        )  # fmt: skip
        rows = [[(hit["entity"], hit["distance"]) for hit in hits] for hits in found]
        return [[Match(str(row[self._id]), score, *self._said(row)) for row, score in hits] for hits in rows]

    def fetch(self, ids: list[str], *, with_embeddings: bool) -> Records:
        """Return the entities of some ids."""
        wanted = [*self._fields, *([self._vector] if with_embeddings else [])]
        named = self._named(ids)
        rows = self._client.query(self._name, filter=named, output_fields=wanted, consistency_level=_NOW)
        said = [self._said(row) for row in rows]
        vectors = np.array([row[self._vector] for row in rows], dtype=np.float32) if with_embeddings else None
        return Records(
            [str(row[self._id]) for row in rows],
            [document for document, _ in said],
            [metadata for _, metadata in said],
            None if vectors is None else vectors.reshape(len(rows), self._dimension),
        )

    def ids(self, where: Condition | None, limit: int | None) -> list[str]:
        """Return the ids of the entities that pass."""
        pages = self._client.query_iterator(
            self._name, batch_size=_PAGE, limit=-1 if limit is None else limit, filter=self._filter(where),
            output_fields=[self._id], consistency_level=_NOW,
        )  # fmt: skip
        try:
            return [str(row[self._id]) for page in iter(pages.next, []) for row in page][:limit]
        finally:
            pages.close()

    def delete(self, ids: list[str]) -> None:
        """Remove entities."""
        self._client.delete(self._name, filter=self._named(ids))

    def count(self, where: Condition | None) -> int:
        """Return how many entities pass."""
        found = self._client.query(
            self._name, filter=self._filter(where), output_fields=["count(*)"], consistency_level=_NOW
        )
        return int(found[0]["count(*)"])

    def build_index(self, settings: IndexSettings) -> None:
        """Build an index in place of the one there is; meanwhile nothing is found in the collection."""
        n_lists = settings.n_lists or max(1, int(self.count(None) ** 0.5))
        params = {
            "hnsw": {"M": settings.m, "efConstruction": settings.ef_construction},
            "ivf": {"nlist": n_lists},
        }.get(settings.kind, {})
        index = self._client.prepare_index_params()
        index.add_index("embedding", index_type=_INDEXES[settings.kind], metric_type="COSINE", params=params)
        self._client.release_collection(self._name)
        self._client.drop_index(self._name, "embedding")
        self._client.create_index(self._name, index)
        self._read_index()

    def nbytes(self) -> None:
        """Return None: it does not say."""

    def _read_index(self) -> None:
        """Read what is searched with, and have it in memory, without which Milvus answers nothing."""
        names = self._client.list_indexes(self._name, self._vector) if self._vector else []
        found = self._client.describe_index(self._name, names[0]) if names else {}
        self._index, self._metric = found.get("index_type", "none"), found.get("metric_type", "COSINE")
        if names:
            self._client.load_collection(self._name)

    def _named(self, ids: list[str]) -> str:
        return ids_text(self._key, [row_key(id) for id in ids] if self._mark else ids, is_text=self._is_text)

    def _filter(self, where: Condition | None) -> str:
        return where_text(where, is_ours=self._mark is not None)

    def _said(self, row: dict[str, Any]) -> tuple[str, Metadata]:
        """Return the text and the metadata of an entity."""
        if self._mark:
            return row["document"], row["metadata"]
        rest = {name: value for name, value in row.items() if name not in (self._text, self._key, self._vector)}
        return str(row.get(self._text) or "") if self._text else "", scalars(rest)
