"""The properties of a class: what conditions are asked of, and those of numbers that a write adds."""

from __future__ import annotations

from typing import Any

from embedlab.errors import StoreError
from embedlab.stores.contract import Condition, Metadata, kind_of
from embedlab.stores.servers.weaviate.server import Server
from embedlab.stores.servers.weaviate.where import number_properties, number_property, where_text


class Properties:
    """The properties of one class, as they were when last looked at.

    Parameters
    ----------
    server : Server
    found : mapping
        The class as the schema has it.
    is_ours : bool
    """

    def __init__(self, server: Server, found: dict[str, Any], *, is_ours: bool) -> None:
        self._server, self._class, self._is_ours = server, str(found["class"]), is_ours
        self._take(found)

    def add_numbers(self, metadatas: list[Metadata]) -> None:
        """Have a property for the numbers of each field."""
        fields = {field for metadata in metadatas for field, value in metadata.items() if kind_of(value) == "number"}
        for field in sorted(fields):
            name = number_property(field)
            if name in self._known:
                continue
            asked = {"name": name, "dataType": ["number"], "description": field, "indexRangeFilters": True}
            try:
                self._server.ask("POST", f"/schema/{self._class}/properties", body=asked)
            except StoreError:
                self._look()
                if name not in self._known:
                    raise  # and nobody else has made it meanwhile
            self._known[name] = asked

    def where_text(self, where: Condition) -> str:
        """Return a condition in GraphQL, by what the class has now."""
        if self._is_ours and not number_properties(where) <= self._known.keys():
            self._look()
        return where_text(where, self._known, is_ours=self._is_ours)

    def _look(self) -> None:
        self._take(self._server.ask("GET", f"/schema/{self._class}") or {})

    def _take(self, found: dict[str, Any]) -> None:
        self._known = {each["name"]: each for each in found.get("properties") or []}
