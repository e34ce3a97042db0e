"""Collections in Pinecone: the namespaces of an index, which has one dimension for all of them."""

from __future__ import annotations

import os
from contextlib import ExitStack, suppress
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from embedlab.errors import InvalidInputError, MissingDependencyError, StoreError
from embedlab.stores.contract import MARK, Address, Mark, Rows, VectorStore, find_secret, wait_until, where_keys_stand
from embedlab.stores.servers.pinecone.rows import MOST_FOUND, PineconeRows

if TYPE_CHECKING:
    from pinecone import Index, Pinecone

KEY = "PINECONE_API_KEY"
# Who says where an index is; said here, since the client would take it from the environment and send the key there.
_CONTROL = "https://api.pinecone.io"
# The namespace in which each collection of ours has a row, by its name, that carries its mark.
_MARKS = "embedlab"


class PineconeStore(VectorStore):
    """Namespaces of an index of Pinecone; see :class:`embedlab.stores.contract.VectorStore`.

    ``pinecone://index`` names an index, ``pinecone+https://…`` is the host of one, ``pinecone+http://…`` an emulator.
    """

    def __init__(self, address: Address) -> None:
        try:
            from pinecone import Pinecone
            from pinecone.errors import NotFoundError, PineconeError
        except ImportError:
            raise MissingDependencyError("pinecone", "pinecone") from None
        super().__init__(address)
        self.failures, self._is_missing = (PineconeError, ValueError, OSError), NotFoundError
        with self.asked(), ExitStack() as opened:
            self._client = opened.enter_context(Pinecone(api_key=_find_key(address), host=_CONTROL))
            self._index = opened.enter_context(_open_index(self._client, address))
            found = self._index.describe_index_stats()
            if not found.dimension:
                raise StoreError(f"The index of {address} keeps no vectors of one dimension. Take one that does.")
            opened.pop_all()  # they stay open where nothing went wrong
        self._dimension, self._metric = found.dimension, str(found.metric or "unknown")

    def _names(self) -> list[str]:
        namespaces = self._index.describe_index_stats().namespaces
        filled = {name for name, summary in namespaces.items() if summary.vector_count}
        return sorted({*filled, *self._marks()} - {_MARKS})

    def _create(self, name: str, mark: Mark) -> None:
        if mark.dimension != self._dimension:
            raise InvalidInputError(
                f"The index of {self.address} keeps vectors of {self._dimension} dimensions, and these have "
                f"{mark.dimension}. Make an index for them, by the cosine, and take its address."
            )
        if self._metric != "cosine":
            raise InvalidInputError(
                f"The index of {self.address} compares by {self._metric}. Make one that compares by the cosine."
            )
        vector = [1.0] + [0.0] * (self._dimension - 1)
        row = {"id": name, "values": vector, "metadata": {MARK: mark.to_json()}}
        self._index.upsert(vectors=[row], namespace=_MARKS)
        wait_until(lambda: name in self._marks(), f"The collection {name} was", "Pinecone")

    def _rows(self, name: str) -> Rows:
        return PineconeRows(self._index, name, self._marks().get(name), self._dimension, self._metric)

    def _delete(self, name: str) -> None:
        # A namespace that nothing was ever written into is none to Pinecone.
        with suppress(self._is_missing):
            self._index.delete(delete_all=True, namespace=name)
        self._index.delete(ids=[name], namespace=_MARKS)
        wait_until(lambda: name not in self._names(), f"The removal of {name} was", "Pinecone")

    def close(self) -> None:
        """End the connections."""
        self._index.close()
        self._client.close()

    def _marks(self) -> dict[str, Mark]:
        vector = [1.0] + [0.0] * (self._dimension - 1)
        found = self._index.query(top_k=MOST_FOUND, vector=vector, namespace=_MARKS, include_metadata=True)
        marks = {each.id: Mark.from_json((each.metadata or {}).get(MARK)) for each in found.matches}
        return {name: mark for name, mark in marks.items() if mark is not None}


def _find_key(address: Address) -> str:
    """Return the key: the one of Pinecone for its own hosts, for others what is set up for them."""
    parts = urlsplit(address.url)
    if not address.transport or (parts.scheme == "https" and f".{parts.hostname}".endswith(".pinecone.io")):
        key = os.environ.get(KEY)
        if not key:
            raise InvalidInputError(f"Pinecone asks who is there. Put your key into {KEY} in the environment.")
        return key
    if parts.scheme == "https":
        key = find_secret(parts.netloc)
        if not key:
            raise InvalidInputError(f"{parts.netloc} asks who is there. {where_keys_stand(parts.netloc)}")
        return key
    return find_secret(parts.netloc) or "none"  # an emulator takes anything, but not nothing


def _open_index(client: Pinecone, address: Address) -> Index:
    return client.index(host=address.url) if address.transport else client.index(address.location)
