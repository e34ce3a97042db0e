"""Weaviate, by its REST and GraphQL: its client does not install beside ours. Read ``store.py`` first."""

from embedlab.stores.servers.weaviate.store import WeaviateStore

__all__ = ["WeaviateStore"]
