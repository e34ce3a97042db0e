"""The objects of a class of Weaviate, somebody else's, too."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np

from embedlab.errors import InvalidInputError, StoreError
from embedlab.stores.contract import (
    CollectionInfo,
    Condition,
    IndexSettings,
    Mark,
    Match,
    Metadata,
    Records,
    Rows,
    matches,
    row_key,
    scalars,
    text_field,
    wait_until,
)
from embedlab.stores.servers.weaviate.properties import Properties
from embedlab.stores.servers.weaviate.server import Server
from embedlab.stores.servers.weaviate.where import facts, numbers, quoted

if TYPE_CHECKING:
    from numpy.typing import NDArray

# Objects that are read at once, and that one query returns at most as a server is set up.
_PAGE, _MOST_FOUND = 1_000, 10_000


class WeaviateRows(Rows):
    """The objects of one class; see :class:`embedlab.stores.contract.Rows`."""

    batch_rows = 200

    def __init__(self, server: Server, name: str, found: dict[str, Any]) -> None:
        self._server, self._name, self._class = server, name, str(found["class"])
        self._mark = Mark.from_json(found.get("description"))
        self._properties = Properties(server, found, is_ours=self._mark is not None)
        named = found.get("vectorConfig") or {}
        # Somebody else's may have several vectors an object, by name: the first counts.
        self._using = next(iter(named), None)
        config = named[self._using] if self._using else found
        self._metric = str((config.get("vectorIndexConfig") or {}).get("distance", "cosine"))
        self._index = str(config.get("vectorIndexType") or "hnsw")
        # Tenants are collections of their own, which nobody has named.
        has_tenants = (found.get("multiTenancyConfig") or {}).get("enabled", False)
        self._dimension = self._mark.dimension if self._mark else 0 if has_tenants else self._look_at_one()

    def info(self) -> CollectionInfo:
        """Return what the class is now."""
        n_rows, spec = self.count(None) if self._dimension else 0, self._mark.spec if self._mark else None
        index = "exact" if self._index == "flat" else self._index
        return CollectionInfo(self._name, self._dimension, self._metric, n_rows, spec, self._mark is not None, index)

    def upsert(self, records: Records) -> None:
        """Write objects, and wait until their vectors are searched."""
        self._properties.add_numbers(records.metadatas)
        vectors = records.embeddings.tolist() if records.embeddings is not None else []
        rows = zip(records.ids, vectors, records.documents, records.metadatas, strict=True)
        objects = [
            {
                "class": self._class,
                "id": _uuid(id),
                "vector": vector,
                "properties": {
                    "row": id,
                    "document": document,
                    "metadata": json.dumps(metadata, ensure_ascii=False),
                    "facts": facts(metadata),
                    **numbers(metadata),
                },
            }
            for id, vector, document, metadata in rows
        ]
        if not objects:
            return
        answers = self._server.ask("POST", "/batch/objects", body={"objects": objects}) or []
        failed = [(each.get("result") or {}).get("errors") for each in answers]
        said = next((each["error"][0]["message"] for each in failed if each), None)
        if said is not None or len(answers) != len(objects):
            raise StoreError(f"Weaviate did not take all rows of {self._name}: {said or 'it does not say why'}")
        wait_until(self._is_searched, f"{len(objects):,} rows of {self._name} were", "Weaviate")

    def nearest(
        self, queries: NDArray[np.float32], top_k: int, where: Condition | None, effort: int | None
    ) -> list[list[Match]]:
        """Return the nearest objects of each query."""
        if effort is not None and self._mark is None:
            raise InvalidInputError("Weaviate keeps with a class how far it looks (ef). Leave effort out.")
        if self._metric != "cosine":
            raise InvalidInputError(
                f"{self._name} compares by another distance than the cosine ({self._metric}), so its order is not that "
                "of cosines. Take its rows and write them to a collection of yours."
            )
        if top_k > _MOST_FOUND:
            raise InvalidInputError(f"Weaviate returns at most {_MOST_FOUND:,} rows a query; top_k={top_k:,}.")
        target = f", targetVectors: [{quoted(self._using)}]" if self._using else ""
        asked = "" if where is None else f", where: {self._properties.where_text(where)}"
        found = []
        for query in queries:
            near = f"nearVector: {{vector: {json.dumps(query.tolist())}{target}}}"
            hits = self._get(f"limit: {top_k}, {near}{asked}", "id distance")
            found.append([self._match(hit) for hit in hits])
        return found

    def fetch(self, ids: list[str], *, with_embeddings: bool) -> Records:
        """Return the objects of some ids."""
        vector = (f"vectors {{ {self._using} }}" if self._using else "vector") if with_embeddings else ""
        named = [_uuid(id) for id in ids] if self._mark else [id for id in ids if _is_uuid(id)]
        where = f'where: {{path: ["id"], operator: ContainsAny, valueText: {json.dumps(named)}}}'
        found = self._get(f"limit: {len(named)}, {where}", f"id {vector}") if named else []
        said = [self._said(each) for each in found]
        vectors = np.array([self._vector(each) for each in found] if with_embeddings else [], dtype=np.float32)
        return Records(
            [id for id, _, _ in said],
            [document for _, document, _ in said],
            [metadata for _, _, metadata in said],
            vectors.reshape(len(found), self._dimension) if with_embeddings else None,
        )

    def ids(self, where: Condition | None, limit: int | None) -> list[str]:
        """Return the ids of the objects that pass; where there are more than a query returns, all are read."""
        if where is not None:
            most = min(limit or _MOST_FOUND, _MOST_FOUND)
            found = self._get(f"limit: {most}, where: {self._properties.where_text(where)}", "id")
            if len(found) < _MOST_FOUND or limit is not None and limit <= _MOST_FOUND:
                return [self._said(each)[0] for each in found]
        ids: list[str] = []
        for page in self._pages(_PAGE):
            said = [self._said(each) for each in page]
            ids += [id for id, _, metadata in said if matches(where, metadata)]
            if limit is not None and len(ids) >= limit:
                break
        return ids[:limit]

    def delete(self, ids: list[str]) -> None:
        """Remove objects."""
        where = {"path": ["id"], "operator": "ContainsAny", "valueTextArray": [_uuid(id) for id in ids]}
        asked = {"match": {"class": self._class, "where": where}, "output": "minimal"}
        found = (self._server.ask("DELETE", "/batch/objects", body=asked) or {}).get("results") or {}
        if found.get("failed"):
            raise StoreError(f"Weaviate did not remove {found['failed']:,} rows of {self._name}. Do it again.")

    def count(self, where: Condition | None) -> int:
        """Return how many objects pass."""
        asked = "" if where is None else f"(where: {self._properties.where_text(where)})"
        found = self._server.query(f"{{ Aggregate {{ {self._class}{asked} {{ meta {{ count }} }} }} }}")
        return int(found["Aggregate"][self._class][0]["meta"]["count"])

    def build_index(self, settings: IndexSettings) -> None:
        """Do nothing: every row is compared from the beginning."""

    def nbytes(self) -> None:
        """Return None: it does not say."""

    def _get(self, arguments: str, additional: str) -> list[dict[str, Any]]:
        """Return what a query finds, in the form that REST has."""
        wanted = "row document metadata " if self._mark else ""
        found = self._server.query(
            f"{{ Get {{ {self._class}({arguments}) {{ {wanted}_additional {{ {additional} }} }} }} }}"
        )
        hits = [{**each.pop("_additional"), "properties": each} for each in found["Get"][self._class]]
        if self._mark:
            return hits
        # GraphQL leaves whole numbers out that take more than 32 bits.
        whole = [self._server.ask("GET", f"/objects/{self._class}/{hit['id']}") for hit in hits]
        return [{**hit, "properties": (each or {}).get("properties")} for hit, each in zip(hits, whole, strict=True)]

    def _pages(self, size: int, **more: str) -> Iterator[list[dict[str, Any]]]:
        after = ""
        while True:
            params = {"class": self._class, "limit": size, "after": after, **more}
            page = (self._server.ask("GET", "/objects", params=params) or {}).get("objects") or []
            if not page:
                return
            yield page
            after = page[-1]["id"]

    def _look_at_one(self) -> int:
        """Return how long the vectors are, which is nowhere said; 0 where there are none, or several an object."""
        first = next(self._pages(1, include="vector"), None)
        vector = self._vector(first[0]) if first else []
        return len(vector) if vector and not isinstance(vector[0], list) else 0

    def _is_searched(self) -> bool:
        """Return whether all vectors are in what is searched; a server may put them there later."""
        found = self._server.ask("GET", f"/nodes/{self._class}", params={"output": "verbose"}) or {}
        shards = [shard for node in found.get("nodes") or [] for shard in node.get("shards") or []]
        return not any(shard.get("vectorQueueLength") for shard in shards)

    def _vector(self, found: dict[str, Any]) -> list[Any]:
        vector = (found.get("vectors") or {}).get(self._using) if self._using else found.get("vector")
        return list(vector or [])

    def _match(self, found: dict[str, Any]) -> Match:
        id, document, metadata = self._said(found)
        return Match(id, 1 - found["distance"], document, metadata)

    def _said(self, found: dict[str, Any]) -> tuple[str, str, Metadata]:
        """Return the id, the text and the metadata of an object."""
        held = found["properties"] or {}
        if self._mark:
            return held["row"], held.get("document") or "", json.loads(held["metadata"])
        text = text_field(held)
        rest = scalars({name: value for name, value in held.items() if name != text})
        return str(found["id"]), str(held[text] or "") if text else "", rest


def _uuid(id: str) -> str:
    return str(uuid.UUID(hex=row_key(id)))


def _is_uuid(id: str) -> bool:
    try:
        return str(uuid.UUID(id)) == id.lower()
    except ValueError:
        return False
