"""Collections in Weaviate: its classes, ours with a schema in which nothing is compared word by word."""

from __future__ import annotations

import re
from contextlib import ExitStack
from typing import Any
from urllib.parse import urlsplit

import httpx2

from embedlab.errors import InvalidInputError, StoreError
from embedlab.stores.contract import Address, Mark, Rows, VectorStore, find_secret
from embedlab.stores.servers.weaviate.rows import WeaviateRows
from embedlab.stores.servers.weaviate.server import Server

# The first that knows conditions on what a row has not (ContainsNone, Not).
_OLDEST = (1, 33)


class WeaviateStore(VectorStore):
    """Classes of Weaviate; see :class:`embedlab.stores.contract.VectorStore`."""

    failures = (httpx2.HTTPError, httpx2.InvalidURL, ValueError, KeyError, OSError)

    def __init__(self, address: Address) -> None:
        super().__init__(address)
        if address.transport not in ("http", "https"):
            raise InvalidInputError(f"{address} is no address of Weaviate. Write it as weaviate+http://host:port.")
        with self.asked(), ExitStack() as opened:
            self._server = Server(address.url, find_secret(urlsplit(address.url).netloc))
            opened.callback(self._server.close)
            self._check_version()
            opened.pop_all()  # it stays open where nothing went wrong

    def _check_version(self) -> None:
        version = str((self._server.ask("GET", "/meta") or {}).get("version", ""))
        found = re.match(r"(\d+)\.(\d+)", version)
        if not found or (int(found[1]), int(found[2])) < _OLDEST:
            raise StoreError(f"{self.address} is Weaviate {version or 'of no version'}; needed is 1.33 or newer.")

    def _classes(self) -> dict[str, Any]:
        """Return the classes by the names of their collections."""
        found = (self._server.ask("GET", "/schema") or {}).get("classes") or []
        return {_name(each): each for each in found}

    def _names(self) -> list[str]:
        return list(self._classes())

    def _create(self, name: str, mark: Mark) -> None:
        kept = {"indexFilterable": False, "indexSearchable": False}
        self._server.ask("POST", "/schema", body={
            "class": _class(name),
            "description": mark.to_json(),
            "vectorizer": "none",
            # Every row is compared, by its whole vector.
            "vectorIndexType": "flat",
            "vectorIndexConfig": {"distance": "cosine", "skipDefaultQuantization": True},
            "properties": [
                {"name": "row", "dataType": ["text"], "tokenization": "field", **kept},
                {"name": "document", "dataType": ["text"], **kept, "indexSearchable": True},
                {"name": "metadata", "dataType": ["text"], "tokenization": "field", **kept},
                {"name": "facts", "dataType": ["text[]"], "tokenization": "field", **kept, "indexFilterable": True},
            ],
        })  # fmt: skip

    def _rows(self, name: str) -> Rows:
        return WeaviateRows(self._server, name, self._classes()[name])

    def _delete(self, name: str) -> None:
        self._server.ask("DELETE", f"/schema/{_class(name)}")

    def close(self) -> None:
        """End the connections."""
        self._server.close()


def _class(name: str) -> str:
    """Return the class of a collection of ours: Weaviate wants a capital letter first."""
    return name[0].upper() + name[1:]


def _name(found: dict[str, Any]) -> str:
    """Return the name of the collection in a class; somebody else's keeps its own."""
    name = str(found["class"])
    return name[0].lower() + name[1:] if Mark.from_json(found.get("description")) else name
