"""A connection to PostgreSQL, and which tables there have embeddings."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from embedlab.errors import InvalidInputError, StoreError, first_line
from embedlab.stores.contract import Address, Mark, find_secret, where_keys_stand

if TYPE_CHECKING:
    import psycopg

# What an address may say; files of this machine and options of the server are not among it.
_PARAMETERS = {"host", "port", "dbname", "user", "sslmode", "connect_timeout", "application_name"}
_SECONDS = 10

_TABLES = """
SELECT c.oid, n.nspname, c.relname, pg_table_is_visible(c.oid), a.attname, a.atttypmod,
obj_description(c.oid, 'pg_class')
FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid JOIN pg_class c ON c.oid = a.attrelid
JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE t.typname = 'vector' AND a.attnum > 0 AND NOT a.attisdropped AND c.relkind IN ('r', 'p')
AND c.relpersistence <> 't'
AND EXISTS (SELECT 1 FROM pg_index k WHERE k.indrelid = c.oid AND k.indisprimary AND k.indnkeyatts = 1)
ORDER BY c.oid, a.attnum
"""


@dataclass(frozen=True)
class PostgresTable:
    """A table with embeddings.

    Parameters
    ----------
    oid : int
        Its number in the catalog.
    schema, table, embedding : str
        Where it stands, and its first column of embeddings.
    dimension : int
        -1 where the column does not say.
    mark : Mark or None
    """

    oid: int
    schema: str
    table: str
    embedding: str
    dimension: int
    mark: Mark | None


class Database:
    """A connection that is made when it is needed, and again where the server was away.

    Parameters
    ----------
    address : Address
    """

    def __init__(self, address: Address) -> None:
        self.address = address
        self._options, self._origin = _options(address)
        self._connection: psycopg.Connection[Any] | None = None
        self._lock = threading.RLock()

    @contextmanager
    def transaction(self) -> Iterator[psycopg.Connection[Any]]:
        """Do several things or none of them.

        Raises
        ------
        StoreError
            When the server cannot be reached, ends, or refuses.
        """
        import psycopg

        failed = ""
        with self._lock:
            try:
                connection = self._connected()
                with connection.transaction():
                    yield connection
            except psycopg.errors.UndefinedObject as error:
                failed = f"has no vectors: {first_line(error)}. Install the extension pgvector there."
            except psycopg.OperationalError as error:
                wants_key = "password" in str(error)
                failed = f"cannot be reached, or has ended: {first_line(error)}."
                failed += f" {where_keys_stand(self._origin)}" if wants_key else " What was said to be written is kept."
            except psycopg.Error as error:
                failed = f"refuses: {first_line(error)}."
        if failed:
            raise StoreError(f"{self.address} {failed}")

    def close(self) -> None:
        """End the connection."""
        with self._lock:
            if self._connection is not None:
                self._connection.close()
                self._connection = None

    def _connected(self) -> psycopg.Connection[Any]:
        import psycopg
        from pgvector.psycopg import register_vector

        if self._connection is None or self._connection.closed:
            self._connection = psycopg.connect(**self._options, autocommit=True)
        if self._connection.adapters.types.get("vector") is None and knows_vectors(self._connection):
            register_vector(self._connection)
        return self._connection


def find_tables(database: Database) -> dict[str, PostgresTable]:
    """Return the tables by name, with their schema in front where they need it."""
    with database.transaction() as run:
        found = run.execute(_TABLES).fetchall()
    tables: dict[str, PostgresTable] = {}
    for oid, schema, table, is_visible, column, dimension, comment in found:
        mark = Mark.from_json(comment)
        tables.setdefault(
            table if is_visible else f"{schema}.{table}", PostgresTable(oid, schema, table, column, dimension, mark)
        )
    return tables


def _options(address: Address) -> tuple[dict[str, Any], str]:
    """Return what the connection is made with, and the host and port that its password belongs to."""
    import os

    import psycopg
    from psycopg.conninfo import conninfo_to_dict

    try:
        said = {name: value for name, value in conninfo_to_dict(str(address)).items() if value}
    except psycopg.Error:
        raise InvalidInputError(f"{address} is no address of a database. Write postgresql://host:port/name.") from None
    if extra := sorted(set(said) - _PARAMETERS):
        raise InvalidInputError(
            f"The address of the database says {', '.join(extra)}, which does not belong there. Leave it out; "
            "passwords and keys come from the environment."
        )
    host = str(said.get("host", ""))
    origin = f"{host}:{said.get('port', 5432)}"
    secret = find_secret(origin)
    # PGPASSWORD belongs to PGHOST: with any other host, an empty one keeps it from being sent there.
    if secret or host and host != os.environ.get("PGHOST"):
        said["password"] = secret or ""
    return {"connect_timeout": _SECONDS, **said}, origin


def knows_vectors(connection: psycopg.Connection[Any]) -> bool:
    """Return whether the extension vector is there."""
    return connection.execute("SELECT 1 FROM pg_type WHERE typname = 'vector'").fetchone() is not None
