"""Embeddings kept on disk, row by row, so that no text is embedded twice in the same way.

Read ``embeddings.py`` first; ``_database.py`` is the file below it, which may be lost at any time.
"""

from embedlab.store.embeddings import EmbeddingStore, StoredEmbeddings
from embedlab.store.removing import remove_model

__all__ = ["EmbeddingStore", "StoredEmbeddings", "remove_model"]
