"""Vector stores: what was explored goes to where a product finds it, and what is there comes back.

``opening.py`` gives a store for an address, ``writing.py`` fills a collection; what every store is stands in
``contract/``, and each of them in a room beside it.
"""

from embedlab.stores.contract import Collection, CollectionInfo, IndexSettings, Match, Records, VectorStore
from embedlab.stores.opening import STORES, open_store
from embedlab.stores.writing import Written, stable_ids, write

__all__ = [
    "Collection",
    "CollectionInfo",
    "IndexSettings",
    "Match",
    "Records",
    "STORES",
    "VectorStore",
    "Written",
    "open_store",
    "stable_ids",
    "write",
]
