"""Pinecone: namespaces of an index. Read ``store.py`` first; a write is waited for in ``rows.py``."""

from embedlab.stores.servers.pinecone.store import PineconeStore

__all__ = ["PineconeStore"]
