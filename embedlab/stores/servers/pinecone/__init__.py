"""Pinecone: namespaces of an index. Read ``store.py`` first; ``waiting.py`` says why a write takes its time."""

from embedlab.stores.servers.pinecone.store import PineconeStore

__all__ = ["PineconeStore"]
