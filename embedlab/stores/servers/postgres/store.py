"""Collections in PostgreSQL with the extension vector: any table that has embeddings is one."""

from __future__ import annotations

from embedlab.errors import MissingDependencyError
from embedlab.stores.contract import Address, Mark, Rows, VectorStore
from embedlab.stores.servers.postgres.database import Database, find_tables, knows_vectors
from embedlab.stores.servers.postgres.rows import PostgresRows


class PostgresStore(VectorStore):
    """Tables of PostgreSQL with a column of type ``vector`` and a primary key of one column.

    See :class:`embedlab.stores.contract.VectorStore`.
    """

    def __init__(self, address: Address) -> None:
        super().__init__(address)
        try:
            import pgvector  # noqa: F401
            import psycopg  # noqa: F401
        except ImportError:
            raise MissingDependencyError("psycopg", "postgres") from None
        self._database = Database(address)

    def _names(self) -> list[str]:
        return list(find_tables(self._database))

    def _create(self, name: str, mark: Mark) -> None:
        from psycopg import sql

        with self._database.transaction() as run:
            if not knows_vectors(run):
                run.execute("CREATE EXTENSION vector")
            run.execute(
                sql.SQL(
                    "CREATE TABLE {} (id text PRIMARY KEY, embedding vector({}) NOT NULL, document text NOT NULL, "
                    "metadata jsonb NOT NULL)"
                ).format(sql.Identifier(name), sql.Literal(mark.dimension))
            )
            run.execute(sql.SQL("COMMENT ON TABLE {} IS {}").format(sql.Identifier(name), sql.Literal(mark.to_json())))

    def _rows(self, name: str) -> Rows:
        return PostgresRows(self._database, name, find_tables(self._database)[name])

    def _delete(self, name: str) -> None:
        from psycopg import sql

        with self._database.transaction() as run:
            run.execute(sql.SQL("DROP TABLE {}").format(sql.Identifier(name)))

    def close(self) -> None:
        """End the connection."""
        self._database.close()
