"""What an index is built with, what it is searched with, and the collections that let one choose."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol, runtime_checkable

Numbers = Mapping[str, int | str]


@dataclass(frozen=True)
class IndexSetting:
    """One way for a store to look for the nearest rows.

    Parameters
    ----------
    method : str
        ``"exact"`` compares every row; the others, such as ``"hnsw"`` and ``"ivf"``, miss some.
    build : mapping of str to int or str, default={}
        What the index is built with, under the names the store has for it: another needs another index.
    search : mapping of str to int or str, default={}
        What it is searched with: another costs nothing.

    Examples
    --------
    >>> IndexSetting("hnsw", {"m": 16}, {"ef_search": 40}).title
    'hnsw, m=16, ef_search=40'
    """

    method: str
    build: Numbers = field(default_factory=dict)
    search: Numbers = field(default_factory=dict)

    @property
    def title(self) -> str:
        """The setting in one line."""
        return ", ".join([self.method, *(f"{name}={value}" for name, value in {**self.build, **self.search}.items())])

    def is_built_like(self, other: IndexSetting) -> bool:
        """Return whether the same index serves both."""
        return self.method == other.method and dict(self.build) == dict(other.build)


@runtime_checkable
class Indexed(Protocol):
    """A collection whose index can be chosen."""

    @property
    def setting(self) -> IndexSetting:
        """What it is searched with now."""

    @property
    def nbytes(self) -> int | None:
        """Bytes of the rows with their index; None where the store does not say."""

    def settings(self) -> list[IndexSetting]:
        """Return those worth a try for so many rows, the exact one first, those of one index after one another."""

    def tune(self, setting: IndexSetting) -> None:
        """Search with another setting from now on, for which another index is built where it needs one.

        Raises
        ------
        InvalidInputError
            When the store knows no such setting, or the index would take the place of somebody else's.
        """
