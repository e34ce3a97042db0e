"""Stores that are servers: PostgreSQL with pgvector, Qdrant, Milvus, Pinecone and Weaviate.

Read ``qdrant.py`` first; ``postgres/``, ``pinecone/`` and ``weaviate/`` are rooms of their own. Qdrant and Milvus are
also there without a server, for a trial.
"""

from embedlab.stores.contract import VectorStore
from embedlab.stores.servers.milvus import MilvusStore
from embedlab.stores.servers.pinecone import PineconeStore
from embedlab.stores.servers.postgres import PostgresStore
from embedlab.stores.servers.qdrant import QdrantStore
from embedlab.stores.servers.weaviate import WeaviateStore

STORES: dict[str, type[VectorStore]] = {
    "milvus": MilvusStore,
    "pinecone": PineconeStore,
    "postgresql": PostgresStore,
    "qdrant": QdrantStore,
    "weaviate": WeaviateStore,
}

__all__ = ["STORES"]
