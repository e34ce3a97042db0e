"""From an address to the store that is there."""

from __future__ import annotations

from embedlab.errors import InvalidInputError
from embedlab.stores.contract import VectorStore, parse_address
from embedlab.stores.embedded import STORES as EMBEDDED
from embedlab.stores.servers import STORES as SERVERS

STORES: dict[str, type[VectorStore]] = {**EMBEDDED, **SERVERS}
"""The stores, by how their addresses begin."""


def open_store(address: str) -> VectorStore:
    """Return the store at an address; one that is a folder is made where there is none.

    Parameters
    ----------
    address : str
        ``lancedb:///folder``, ``faiss:///folder``, ``chroma:///folder``, ``chroma+http://host:port``,
        ``postgresql://host:port/database``, ``qdrant+http://host:port``, ``milvus+http://host:port``,
        ``pinecone://index``, ``weaviate+http://host:port``. No password: credentials come from the environment.

    Raises
    ------
    InvalidInputError
        When it is no address, holds a password, or begins as none that is known.
    MissingDependencyError
        When the package of the store is not installed.
    StoreError
        When the store cannot be reached or opened.

    Examples
    --------
    >>> with open_store("lancedb:///tmp/stores") as store:     # doctest: +SKIP
    ...     collection = store.create_collection("reviews", 384)
    ...     collection.upsert(["1"], [embedding], ["The lamp is lovely."], [{"stars": 5}])
    ...     collection.query([query_embedding], 1, {"stars": {"gte": 4}})
    """
    parsed = parse_address(address)
    if parsed.kind not in STORES:
        raise InvalidInputError(f"{parsed.kind} is no store that is known; choose from {', '.join(sorted(STORES))}.")
    return STORES[parsed.kind](parsed)
