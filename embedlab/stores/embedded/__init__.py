"""Stores that are a folder and need no server; Chroma's server is here too, as it is asked in the same way.

``columns.py`` is what LanceDB and FAISS share: rows as a table with a column for each field.
"""

from embedlab.stores.contract import VectorStore
from embedlab.stores.embedded.chroma import ChromaStore
from embedlab.stores.embedded.faiss import FaissStore
from embedlab.stores.embedded.lance import LanceStore

__all__ = ["STORES"]

STORES: dict[str, type[VectorStore]] = {"chroma": ChromaStore, "faiss": FaissStore, "lancedb": LanceStore}
