"""PostgreSQL with the extension vector. Read ``store.py`` first; ``database.py`` is the connection."""

from embedlab.stores.servers.postgres.store import PostgresStore

__all__ = ["PostgresStore"]
