"""Collections in Pinecone: the namespaces of an index, which has one dimension for all of them."""

from __future__ import annotations

import os
import re
from contextlib import ExitStack, suppress
from math import isclose
from typing import TYPE_CHECKING, Any, NoReturn
from urllib.parse import urlsplit

from embedlab.errors import InvalidInputError, MissingDependencyError, StoreError
from embedlab.stores.contract import MARK, Address, Mark, Rows, VectorStore, find_secret, wait_until, where_keys_stand
from embedlab.stores.servers.pinecone.rows import MOST_FOUND, PineconeRows
from embedlab.stores.servers.pinecone.where import FAILED, PASSED, PROBE

if TYPE_CHECKING:
    from pinecone import Index, Pinecone, QueryResponse

KEY = "PINECONE_API_KEY"
# Who says where an index is; said here, since the client would take it from the environment and send the key there.
_CONTROL = "https://api.pinecone.io"
_HOSTS = re.compile(r"([a-z0-9-]+\.)*pinecone\.io")
# The namespace in which each collection of ours has a row that carries its mark; no collection can be named so.
_MARKS = "embedlab-collections"


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
            self._dimension = found.dimension
            # Not every version of the interface says it.
            self._metric = str(found.metric or self._measured())
            opened.pop_all()  # they stay open where nothing went wrong
        self._conditions_are_checked = False

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
        if self._metric not in ("cosine", "unknown"):
            self._refuse_metric()
        row = {"id": name, "values": self._vector(2.0, 0.0), "metadata": {MARK: mark.to_json(), **PROBE}}
        self._index.upsert(vectors=[row], namespace=_MARKS)
        wait_until(lambda: name in self._marks(), f"The collection {name} was", "Pinecone")
        if self._metric == "unknown":
            self._metric = self._measured()
        if self._metric != "cosine":
            self._index.delete(ids=[name], namespace=_MARKS)
            self._refuse_metric()

    def _rows(self, name: str) -> Rows:
        return PineconeRows(
            self._index, name, self._marks().get(name), self._dimension, self._metric, self._check_conditions
        )

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
        found = self._ask_marks(include_metadata=True).matches
        marks = {each.id: Mark.from_json((each.metadata or {}).get(MARK)) for each in found}
        return {name: mark for name, mark in marks.items() if mark is not None}

    def _ask_marks(self, asked: dict[str, Any] | None = None, *, include_metadata: bool = False) -> QueryResponse:
        return self._index.query(
            top_k=MOST_FOUND, vector=self._vector(0.6, 0.8), namespace=_MARKS, filter=asked,
            include_metadata=include_metadata,
        )  # fmt: skip

    def _vector(self, first: float, second: float) -> list[float]:
        return [first, second, *[0.0] * (self._dimension - 2)][: self._dimension]

    def _measured(self) -> str:
        """Return by what the index compares, seen from a vector of length 2; "unknown" where there is none yet."""
        found = self._ask_marks().matches
        if not found:
            return "unknown"
        cosine = 0.6 if self._dimension > 1 else 1.0
        return "cosine" if isclose(found[0].score, cosine, abs_tol=1e-3) else "something else"

    def _refuse_metric(self) -> NoReturn:
        raise InvalidInputError(
            f"The index of {self.address} compares by {self._metric}. Make one that compares by the cosine."
        )

    def _check_conditions(self) -> None:
        """See once that conditions are answered as they are meant: that has changed before, without a word."""
        if self._conditions_are_checked:
            return
        marks, passed, failed = self._marks(), self._ask_marks(PASSED).matches, self._ask_marks(FAILED).matches
        if {each.id for each in passed} != set(marks) or failed:
            raise StoreError(
                f"{self.address} answers conditions otherwise than it is described: rows without a field, or with a "
                "value of another kind. Ask without a condition."
            )
        self._conditions_are_checked = bool(marks)


def _find_key(address: Address) -> str:
    """Return the key: the one of Pinecone for its own hosts, for others what is set up for them."""
    parts = urlsplit(address.url)
    if not address.transport or (parts.scheme == "https" and _HOSTS.fullmatch(parts.hostname or "")):
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
