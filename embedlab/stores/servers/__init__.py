"""Stores that are servers: PostgreSQL with pgvector.

Read ``postgres.py`` first: a store, whose rows are ``postgres_rows.py``. ``credentials.py`` says which key goes where.
"""

from embedlab.stores.contract import VectorStore
from embedlab.stores.servers.postgres import PostgresStore

STORES: dict[str, type[VectorStore]] = {"postgresql": PostgresStore}

__all__ = ["STORES"]
