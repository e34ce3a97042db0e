"""Stores that are servers: PostgreSQL with pgvector, Qdrant and Milvus, the last two also without one for a trial.

Read ``qdrant.py`` first; ``postgres/`` is a room of its own.
"""

from embedlab.stores.contract import VectorStore
from embedlab.stores.servers.milvus import MilvusStore
from embedlab.stores.servers.postgres import PostgresStore
from embedlab.stores.servers.qdrant import QdrantStore

STORES: dict[str, type[VectorStore]] = {"milvus": MilvusStore, "postgresql": PostgresStore, "qdrant": QdrantStore}

__all__ = ["STORES"]
