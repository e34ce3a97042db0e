"""LanceDB: a folder with a table for each collection, exact as long as no index is built."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import numpy as np
from filelock import FileLock

from embedlab.errors import MissingDependencyError
from embedlab.stores.contract import (
    MARK,
    Address,
    CollectionInfo,
    Condition,
    IndexSettings,
    Mark,
    Match,
    Records,
    Rows,
    VectorStore,
)
from embedlab.stores.embedded.columns import (
    DOCUMENT,
    ID,
    VECTOR,
    arrow_type,
    as_sql,
    check_kind,
    column_of,
    find_roles,
    from_columns,
    kinds_in,
    kinds_of,
    quoted,
    to_columns,
)
from embedlab.stores.embedded.sizes import folder_bytes

if TYPE_CHECKING:
    from pathlib import Path

    import pyarrow as pa
    from lancedb.table import Table
    from numpy.typing import NDArray

# Our name of an index, and Lance's.
_KINDS = {"hnsw": "IVF_HNSW_FLAT", "ivf": "IVF_FLAT", "ivf_pq": "IVF_PQ"}
# Each write leaves a version behind; after so many the small pieces are joined, and what is older than an hour goes.
_TIDY_EVERY, _KEPT = 50, timedelta(hours=1)


class LanceStore(VectorStore):
    """A folder of LanceDB: ``lancedb:///folder``."""

    failures = (RuntimeError, ValueError, OSError)

    def __init__(self, address: Address) -> None:
        try:
            import lancedb
        except ImportError as error:
            raise MissingDependencyError("lancedb", "lancedb") from error
        super().__init__(address)
        with self.asked():
            address.path.mkdir(parents=True, exist_ok=True)
            # What other processes write is seen at once.
            self._db = lancedb.connect(str(address.path), read_consistency_interval=timedelta(0))

    def _names(self) -> list[str]:
        names, token = list[str](), None
        while True:
            page = self._db.list_tables(page_token=token)
            names, token = names + list(page.tables), page.page_token
            if not token:
                return names

    def _create(self, name: str, mark: Mark) -> None:
        import pyarrow as pa

        columns = [
            pa.field(ID, pa.string(), nullable=False),
            pa.field(DOCUMENT, pa.string()),
            pa.field(VECTOR, pa.list_(pa.float32(), mark.dimension)),
        ]
        self._db.create_table(name, schema=pa.schema(columns, metadata={MARK: mark.to_json()}))

    def _rows(self, name: str) -> Rows:
        return LanceRows(self._db.open_table(name), self.address.path)

    def _delete(self, name: str) -> None:
        self._db.drop_table(name)

    def close(self) -> None:
        """Nothing is held open between two questions."""


class LanceRows(Rows):
    """A table of Lance; of somebody else's the columns of ids, texts and vectors are found by name and type."""

    index_kinds = ("exact", *_KINDS)

    def __init__(self, table: Table, folder: Path) -> None:
        self._table, self._files = table, folder / f"{table.name}.lance"
        # Of two writers that add one id at once, Lance would keep both rows.
        self._lock = FileLock(folder / f".{table.name}.lock")
        self._mark = Mark.from_json((table.schema.metadata or {}).get(MARK.encode()))
        self._id, self._document, self._vector = find_roles(table.schema)
        self._dimension = table.schema.field(self._vector).type.list_size if self._vector else 0

    def info(self) -> CollectionInfo:
        """Return what the table is now."""
        n_rows, spec = self._table.count_rows(), self._mark.spec if self._mark else None
        dimension = self._table.schema.field(self._vector).type.list_size if self._vector else 0
        return CollectionInfo(
            self._table.name, dimension, "cosine", n_rows, spec, self._mark is not None, self._index()
        )

    def upsert(self, records: Records) -> None:
        """Write rows in one transaction of Lance, columns of new fields before them."""
        import pyarrow as pa

        with self._lock:
            kinds = kinds_of(self._table.schema)
            given = kinds_in(records)
            for field, kind in given.items():
                check_kind(field, kinds.get(field, kind), kind)
            new = [pa.field(column_of(field), arrow_type(kind)) for field, kind in given.items() if field not in kinds]
            if new:
                self._table.add_columns(pa.schema(new))
            rows = pa.table({**to_columns(records, kinds | given), VECTOR: self._vectors(records)})
            merging = self._table.merge_insert(ID).when_matched_update_all().when_not_matched_insert_all()
            merging.execute(rows)
            if self._table.version % _TIDY_EVERY == 0:
                self._table.optimize(cleanup_older_than=_KEPT)

    def nearest(
        self, queries: NDArray[np.float32], top_k: int, where: Condition | None, effort: int | None
    ) -> list[list[Match]]:
        """Compare with every row, or by the index there is."""
        return [self._nearest(query, top_k, where, effort) for query in queries]

    def fetch(self, ids: list[str], *, with_embeddings: bool) -> Records:
        """Return the rows of some ids."""
        named = ", ".join(map(quoted, ids)) if self._id else ", ".join(str(int(id)) for id in ids)
        found = self._scan(f"`{self._id or '_rowid'}` IN ({named})", len(ids), self._shown(with_embeddings))
        vectors = None
        if with_embeddings:
            cells = found.column(self._vector).combine_chunks()
            vectors = np.asarray(cells.flatten(), dtype=np.float32).reshape(len(cells), self._dimension)
        return from_columns(self._named(found), vectors)

    def ids(self, where: Condition | None, limit: int | None) -> list[str]:
        """Return the ids of the rows that pass."""
        n_rows = self.count(where) if limit is None else limit
        found = self._scan(self._sql(where), n_rows, [self._id] if self._id else [])
        return [str(id) for id in found.column(self._id or "_rowid").to_pylist()] if n_rows else []

    def delete(self, ids: list[str]) -> None:
        """Remove rows in one transaction."""
        with self._lock:
            self._table.delete(f"`{ID}` IN ({', '.join(map(quoted, ids))})")

    def count(self, where: Condition | None) -> int:
        """Return how many rows pass."""
        return int(self._table.count_rows(self._sql(where)))

    def build_index(self, settings: IndexSettings) -> None:
        """Build an index of Lance; rows that are written later are compared one by one until it is built anew."""
        with self._lock:
            for index in self._table.list_indices():
                self._table.drop_index(index.name)
            if settings.kind == "exact":
                return
            self._table.create_index(VECTOR, config=_config(settings))

    def nbytes(self) -> int:
        """Return what the table takes on disk, versions of the last hour among it."""
        return folder_bytes(self._files)

    def _nearest(
        self, query: NDArray[np.float32], top_k: int, where: Condition | None, effort: int | None
    ) -> list[Match]:
        question: Any = self._table.search(query, vector_column_name=self._vector)
        question = question.distance_type("cosine").limit(top_k)
        question = question.select([*self._shown(False), "_distance"]).with_row_id(not self._id)
        if where is not None:
            question = question.where(self._sql(where), prefilter=True)
        index = self._index()
        if self._mark is None or index == "exact":
            question = question.bypass_vector_index()
        elif index == "hnsw":
            question = question.ef(max(top_k, effort)) if effort else question
        else:
            # Refined by the rows themselves, what is found has its true cosine, however it was found.
            question = (question.nprobes(effort) if effort else question).refine_factor(1)
        found = question.to_arrow()
        rows = from_columns(self._named(found.drop_columns("_distance")))
        scores = 1 - np.asarray(found.column("_distance"), dtype=np.float64)
        return [Match(*row) for row in zip(rows.ids, scores.tolist(), rows.documents, rows.metadatas, strict=True)]

    def _scan(self, sql: str | None, n_rows: int, columns: Sequence[str]) -> pa.Table:
        question = self._table.search().select(list(columns)).with_row_id(not self._id).limit(n_rows)
        return (question.where(sql) if sql else question).to_arrow()

    def _sql(self, where: Condition | None) -> str | None:
        return None if where is None else as_sql(where, kinds_of(self._table.schema))

    def _shown(self, with_embeddings: bool) -> list[str]:
        """Return the columns to read; vectors are the most of a row."""
        fields = [column_of(field) for field in kinds_of(self._table.schema)]
        shown = [self._id, self._document, *fields, self._vector if with_embeddings else ""]
        return list(dict.fromkeys(filter(None, shown)))

    def _named(self, found: pa.Table) -> pa.Table:
        """Return a table with ids and texts where :func:`from_columns` looks for them."""
        import pyarrow as pa

        ids = found.column(self._id or "_rowid").cast(pa.string())
        texts = found.column(self._document) if self._document else pa.array([""] * found.num_rows)
        others = found.drop_columns([name for name in {self._id or "_rowid", self._document} & set(found.column_names)])
        return others.append_column(ID, ids).append_column(DOCUMENT, texts.cast(pa.string()).fill_null(""))

    def _vectors(self, records: Records) -> pa.Array:
        import pyarrow as pa

        vectors = np.ascontiguousarray(records.embeddings)
        return pa.FixedSizeListArray.from_arrays(pa.array(vectors.ravel()), vectors.shape[1])

    def _index(self) -> str:
        built = [index for index in self._table.list_indices() if index.columns == [self._vector]]
        return next(
            (kind for kind, name in _KINDS.items() for index in built if _same(name, index.index_type)), "exact"
        )


def _config(settings: IndexSettings) -> Any:  # noqa: ANN401 - a class for each kind
    """Return an index as Lance is told of it; one partition makes its graph that of the paper."""
    from lancedb.index import HnswFlat, IvfFlat, IvfPq

    if settings.kind == "hnsw":
        return HnswFlat("cosine", num_partitions=1, m=settings.m, ef_construction=settings.ef_construction)
    return (IvfFlat if settings.kind == "ivf" else IvfPq)("cosine", num_partitions=settings.n_lists)


def _same(name: str, told: str) -> bool:
    """Whether a type of index is the one of a name: Lance writes it as ``IVF_PQ`` and as ``IvfPq``."""
    return name.replace("_", "").lower() == str(told).replace("_", "").lower()
