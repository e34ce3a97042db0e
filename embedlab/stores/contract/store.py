"""A store: named collections, somewhere. What every store does the same is done here."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import Self

from embedlab.errors import EmbedLabError, InvalidInputError, StoreError, first_line
from embedlab.spec import EmbeddingSpec
from embedlab.stores.contract.addresses import Address
from embedlab.stores.contract.collection import Collection
from embedlab.stores.contract.marks import Mark
from embedlab.stores.contract.rows import CollectionInfo, Rows
from embedlab.validation import check_integer

# What every store takes as it is; some would change capitals, and Postgres would cut what is longer.
_NAME = re.compile(r"[a-z][a-z0-9_]{2,62}")
# What the indexes of the stores take.
_LARGEST_DIMENSION = 16_000


class VectorStore(ABC):
    """Named collections in one place. Opened by :func:`embedlab.stores.open_store`; close it, or use ``with``.

    Parameters
    ----------
    address : Address
        Where it is; shown as it is, and holds no password.

    Attributes
    ----------
    failures : tuple of exceptions
        What the client of the store raises; a :class:`StoreError` says it.
    """

    failures: tuple[type[Exception], ...] = ()

    def __init__(self, address: Address) -> None:
        self.address = address

    def create_collection(
        self, name: str, dimension: int, metric: str = "cosine", *, spec: EmbeddingSpec | None = None
    ) -> Collection:
        """Make an empty collection.

        Parameters
        ----------
        name : str
            3 to 63 small letters, digits and underscores, a letter first: what every store takes.
        dimension : int
            Length of the embeddings.
        metric : {"cosine"}
        spec : EmbeddingSpec, optional
            How they are made; embeddings of another model are then refused.

        Raises
        ------
        InvalidInputError
            When there is a collection of that name, or the name, dimension or metric is none.
        StoreError
            When the store cannot be reached or refuses.
        """
        if not _NAME.fullmatch(name):
            raise InvalidInputError(
                f"{name!r} is no name for a collection. Take 3 to 63 small letters of a to z, digits and underscores, "
                "a letter first: what every store keeps as it is."
            )
        if metric != "cosine":
            raise InvalidInputError(f"metric={metric!r}: scores are cosines here. Choose cosine.")
        check_integer(dimension, "dimension", 1, _LARGEST_DIMENSION)
        if self.has_collection(name):
            raise InvalidInputError(f"There is a collection {name} already. Open it, or choose another name.")
        with self.asked():
            self._create(name, Mark(dimension, spec))
        return self.open_collection(name)

    def open_collection(self, name: str) -> Collection:
        """Return a collection that is there, somebody else's too.

        Raises
        ------
        InvalidInputError
            When there is none of that name, or it holds no vectors.
        """
        if not self.has_collection(name):
            names = [info.name for info in self.list_collections()]
            there = f"There are: {', '.join(names[:20])}." if names else "There is none yet."
            raise InvalidInputError(f"{self.address} has no collection {name!r}. {there}")
        with self.asked():
            return Collection(self._rows(name), self.asked)

    def delete_collection(self, name: str) -> None:
        """Remove a collection with all its rows.

        Raises
        ------
        InvalidInputError
            When there is none of that name, or it is somebody else's.
        """
        if not self.open_collection(name).info.is_ours:
            raise InvalidInputError(f"{name} was not made by EmbedLab, and is left alone.")
        with self.asked():
            self._delete(name)

    def list_collections(self) -> list[CollectionInfo]:
        """Return what collections there are, by name; what holds no vectors is left out."""
        with self.asked():
            found = [self._rows(name).info() for name in sorted(self._names())]
        return [info for info in found if info.dimension]

    def has_collection(self, name: str) -> bool:
        """Return whether there is a collection of that name."""
        with self.asked():
            return name in self._names()

    @contextmanager
    def asked(self) -> Iterator[None]:
        """Say in a :class:`StoreError` what the client of the store raises inside."""
        try:
            yield
        except EmbedLabError:
            raise
        except self.failures as error:
            raise StoreError(f"{self.address} could not do it: {first_line(error)}") from error

    @abstractmethod
    def _names(self) -> list[str]:
        """Return the names of all collections."""

    @abstractmethod
    def _create(self, name: str, mark: Mark) -> None:
        """Make an empty collection that carries a mark."""

    @abstractmethod
    def _rows(self, name: str) -> Rows:
        """Return the rows of a collection that is there."""

    @abstractmethod
    def _delete(self, name: str) -> None:
        """Remove a collection that is there."""

    @abstractmethod
    def close(self) -> None:
        """Let go of connections and files; what was written stays."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
