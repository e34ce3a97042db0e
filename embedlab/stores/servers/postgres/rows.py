"""The rows of a table with embeddings: copied in, searched with its index, exactly where that would answer short."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from embedlab.errors import InvalidInputError
from embedlab.stores.contract import CollectionInfo, Condition, IndexSettings, Match, Records, Rows, scalars
from embedlab.stores.servers.postgres.tables import Index, find_columns, find_index
from embedlab.stores.servers.postgres.where import where_sql

if TYPE_CHECKING:
    import psycopg
    from numpy.typing import NDArray
    from psycopg.sql import Composable, Composed

    from embedlab.stores.servers.postgres.database import Database, PostgresTable

# What an index of the type "vector" can hold, and the most candidates a search of one may keep.
_LARGEST_INDEXED, _LARGEST_EF = 2_000, 1_000
# The server's own.
_DEFAULT_EF = 40
# Rows that pass a filter below which all of them are compared.
_FEW = 2_000
_NO_INDEX = "SET LOCAL enable_indexscan = off"
_COLUMNS = "(id, embedding, document, metadata)"
_UPSERT = f"""
INSERT INTO {{table}} {_COLUMNS} SELECT id, embedding, document, metadata FROM embedlab_incoming
ON CONFLICT (id) DO UPDATE
SET embedding = excluded.embedding, document = excluded.document, metadata = excluded.metadata
"""
_NEAREST = """
SELECT {id}, 1 - ({embedding} <=> {query}), {document}, {metadata} FROM {table}
WHERE {where} AND {embedding} IS NOT NULL
ORDER BY {embedding} <=> {query}, {id} COLLATE "C" LIMIT {top_k}
"""


class PostgresRows(Rows):
    """The rows of one table; see :class:`embedlab.stores.contract.Rows`.

    Notes
    -----
    An index of pgvector looks for the nearest rows first and drops those that a filter excludes: with one that keeps
    1 % of the rows it answers with next to none of them, and no error. Here it looks on until there are enough
    (``iterative_scan``), and where few rows pass, or it gives up all the same, every one that passes is compared.
    ``is_plain`` leaves both out, as the statement does that most programs send.
    """

    batch_rows = 2_000
    index_kinds = ("exact", "hnsw", "ivf")

    def __init__(self, database: Database, name: str, table: PostgresTable, *, is_plain: bool = False) -> None:
        self._database, self._name, self._table, self._is_plain = database, name, table, is_plain
        with database.transaction() as run:
            self._columns = find_columns(run, table)
            found = find_index(run, table)
        # One for other distances is of no use to a search by cosine.
        self._metric = found.metric if found else "cosine"
        self._index: Index | None = found if self._metric == "cosine" else None

    def plainly(self) -> PostgresRows:
        """Return the rows as most programs ask for them."""
        return PostgresRows(self._database, self._name, self._table, is_plain=True)

    def info(self) -> CollectionInfo:
        """Return what the table is now."""
        mark = self._table.mark
        return CollectionInfo(
            self._name,
            self._columns.dimension,
            self._metric,
            self.count(None),
            mark.spec if mark else None,
            mark is not None,
            self._index.kind if self._index else "exact",
        )

    def upsert(self, records: Records) -> None:
        """Copy rows in beside the table and take them over, in one transaction."""
        from psycopg.types.json import Jsonb

        vectors = records.embeddings if records.embeddings is not None else ()
        rows = zip(records.ids, vectors, records.documents, map(Jsonb, records.metadatas), strict=True)
        with self._database.transaction() as run:
            run.execute(self._sql("CREATE TEMP TABLE embedlab_incoming (LIKE {table}) ON COMMIT DROP"))
            with run.cursor().copy(f"COPY embedlab_incoming {_COLUMNS} FROM STDIN (FORMAT BINARY)") as copy:
                copy.set_types(["text", "vector", "text", "jsonb"])
                for row in rows:
                    copy.write_row(row)
            run.execute(self._sql(_UPSERT))

    def nearest(
        self, queries: NDArray[np.float32], top_k: int, where: Condition | None, effort: int | None
    ) -> list[list[Match]]:
        """Return the nearest rows of each query."""
        with self._database.transaction() as run:
            self._look_far(run, top_k, effort)
            may_miss = self._index is not None and not self._is_plain
            if may_miss and where is not None and self._keeps_few(run, where):
                run.execute(_NO_INDEX)
                may_miss = False
            found = [self._search(run, query, top_k, where) for query in queries]
            if may_miss and (short := [number for number, rows in enumerate(found) if len(rows) < top_k]):
                run.execute(_NO_INDEX)
                for number in short:
                    found[number] = self._search(run, queries[number], top_k, where)
        # A row of zeros, of somebody else's, has no cosine.
        return [
            [Match(row[0], row[1], row[2], scalars(row[3])) for row in rows if not math.isnan(row[1])] for rows in found
        ]

    def fetch(self, ids: list[str], *, with_embeddings: bool) -> Records:
        """Return the rows of some ids."""
        from psycopg import sql

        vector: Composable = self._columns.embedding if with_embeddings else sql.SQL("NULL")
        statement = self._sql(
            "SELECT {id}, {document}, {metadata}, {vector} FROM {table} WHERE {id} = ANY({ids}) "
            "AND {embedding} IS NOT NULL",
            vector=vector,
            ids=sql.Literal(ids),
        )
        with self._database.transaction() as run:
            rows = run.execute(statement).fetchall()
        vectors = np.array([_as_array(row[3]) for row in rows], dtype=np.float32) if with_embeddings else None
        return Records(
            [row[0] for row in rows],
            [row[1] for row in rows],
            [scalars(row[2]) for row in rows],
            vectors.reshape(len(rows), self._columns.dimension) if vectors is not None else None,
        )

    def ids(self, where: Condition | None, limit: int | None) -> list[str]:
        """Return the ids of the rows that pass."""
        statement = "SELECT {id} FROM {table} WHERE {where} AND {embedding} IS NOT NULL"
        with self._database.transaction() as run:
            rows = run.execute(self._sql(statement + ("" if limit is None else f" LIMIT {int(limit)}"), where))
            return [row[0] for row in rows]

    def delete(self, ids: list[str]) -> None:
        """Remove rows."""
        from psycopg import sql

        with self._database.transaction() as run:
            run.execute(self._sql("DELETE FROM {table} WHERE {id} = ANY({ids})", ids=sql.Literal(ids)))

    def count(self, where: Condition | None) -> int:
        """Return how many rows pass."""
        with self._database.transaction() as run:
            statement = self._sql("SELECT count(*) FROM {table} WHERE {where} AND {embedding} IS NOT NULL", where)
            found = run.execute(statement).fetchone()
        return int(found[0]) if found else 0

    def build_index(self, settings: IndexSettings) -> None:
        """Build an index in place of the one there is; until then others search the old one, and writers wait."""
        from psycopg import sql

        if settings.kind != "exact" and self._columns.dimension > _LARGEST_INDEXED:
            raise InvalidInputError(
                f"pgvector indexes at most {_LARGEST_INDEXED:,} dimensions; these have {self._columns.dimension:,}. "
                "Shorten them, or search exactly."
            )
        with self._database.transaction() as run:
            if self._index:
                name = sql.Identifier(self._table.schema, self._index.name)
                run.execute(sql.SQL("DROP INDEX {}").format(name))
            if settings.kind != "exact":
                run.execute(self._sql("CREATE INDEX ON {table} USING ") + sql.SQL(self._built_with(run, settings)))
            run.execute(self._sql("ANALYZE {table}"))
            self._index = find_index(run, self._table)

    def nbytes(self) -> int:
        """Return the bytes of the table with its indexes and the texts that are kept apart."""
        with self._database.transaction() as run:
            found = run.execute("SELECT pg_total_relation_size(%s::oid)", (self._table.oid,)).fetchone()
        return int(found[0]) if found else 0

    def _built_with(self, run: psycopg.Connection[Any], settings: IndexSettings) -> str:
        if settings.kind == "hnsw":
            options = f"m = {int(settings.m)}, ef_construction = {max(int(settings.ef_construction), 2 * settings.m)}"
            return f"hnsw (embedding vector_cosine_ops) WITH ({options})"
        found = run.execute(self._sql("SELECT count(*) FROM {table}")).fetchone()
        n_lists = settings.n_lists or max(1, math.isqrt(found[0] if found else 1))
        return f"ivfflat (embedding vector_cosine_ops) WITH (lists = {int(n_lists)})"

    def _keeps_few(self, run: psycopg.Connection[Any], where: Condition) -> bool:
        """Return whether so few rows pass that all of them are compared sooner than an index finds them."""
        counted = self._sql(
            f"SELECT count(*) FROM (SELECT 1 FROM {{table}} WHERE {{where}} LIMIT {_FEW}) AS first", where
        )
        found = run.execute(counted).fetchone()
        return found is not None and found[0] < _FEW

    def _look_far(self, run: psycopg.Connection[Any], top_k: int, effort: int | None) -> None:
        """Say how far the index looks, for the transaction."""
        if self._index is None:
            return
        if self._index.kind == "hnsw":
            name, candidates = "hnsw.ef_search", effort or (_DEFAULT_EF if self._is_plain else max(_DEFAULT_EF, top_k))
            order = "hnsw.iterative_scan = strict_order"
        else:
            n_lists = int(self._index.options.get("lists", 100))
            name, candidates = "ivfflat.probes", effort or (1 if self._is_plain else math.isqrt(n_lists))
            order = "ivfflat.iterative_scan = relaxed_order"
        run.execute(f"SET LOCAL {name} = {min(max(1, int(candidates)), _LARGEST_EF)}")
        if not self._is_plain:
            run.execute(f"SET LOCAL {order}")

    def _search(
        self, run: psycopg.Connection[Any], query: NDArray[np.float32], top_k: int, where: Condition | None
    ) -> list[tuple[str, float, str, dict[str, Any]]]:
        from psycopg import sql

        # As parts of the statement: signs of per cent in conditions would be taken for places of parameters.
        statement = self._sql(_NEAREST, where, query=sql.Literal(query), top_k=sql.Literal(top_k))
        return run.execute(statement).fetchall()

    def _sql(self, statement: str, where: Condition | None = None, **values: Composable) -> Composed:
        from psycopg import sql

        columns = self._columns
        return sql.SQL(statement).format(
            table=columns.table,
            id=columns.id,
            embedding=columns.embedding,
            document=columns.document,
            metadata=columns.metadata,
            where=where_sql(where, columns.metadata),
            **values,
        )


def _as_array(vector: Any) -> NDArray[np.float32]:  # noqa: ANN401 - a vector of pgvector, or an array already
    return np.asarray(vector.to_numpy() if hasattr(vector, "to_numpy") else vector, dtype=np.float32)
