"""Stores that are a folder and need no server; Chroma's server is here too, as it is asked in the same way."""

from embedlab.stores.contract import VectorStore

__all__ = ["STORES"]

STORES: dict[str, type[VectorStore]] = {}
