"""Letting go of a kept model together with all that was computed with it."""

from __future__ import annotations

from contextlib import suppress

from embedlab.errors import ModelLoadError
from embedlab.folders import drop_computed
from embedlab.models import find_model
from embedlab.models.kept import remove_kept
from embedlab.store.embeddings import EmbeddingStore


def remove_model(name: str, store: EmbeddingStore | None = None) -> int:
    """Remove a kept model: its files, what was converted and distilled from it, and its vectors in the store.

    Parameters
    ----------
    name : str
        Of a kept model; nothing happens where there is none.
    store : EmbeddingStore, optional
        The store of this machine when not given.

    Returns
    -------
    int
        Embeddings that were dropped.

    Raises
    ------
    ModelLoadError
        When the files cannot be removed.
    """
    store = store or EmbeddingStore()
    revision = None
    with suppress(ModelLoadError):  # Its files may be damaged: what is left goes all the same.
        revision = find_model(name, may_fetch=False).revision
    remove_kept(name)
    if revision is not None:
        drop_computed(revision)
    return sum(store.clear(entry.spec) for entry in store.entries() if entry.spec.model == name)
