"""What a store does in its own way: with the rows of one collection, all checked before."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import TYPE_CHECKING

from embedlab.spec import EmbeddingSpec
from embedlab.stores.contract.filters import Condition
from embedlab.stores.contract.records import Match, Records

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


@dataclass(frozen=True)
class IndexSettings:
    """By what a collection is searched.

    Parameters
    ----------
    kind : str, default="exact"
        "exact" compares a query with every row; "hnsw" and "ivf" with some, and may miss hits. A store may know more.
    m, ef_construction : int
        Of HNSW: links of a row, and candidates looked at for them while it is built.
    n_lists : int or None, default=None
        Of IVF: lists the rows are cut into; None for the root of their number.
    """

    kind: str = "exact"
    m: int = 16
    ef_construction: int = 100
    n_lists: int | None = None


@dataclass(frozen=True)
class CollectionInfo:
    """What a collection is.

    Parameters
    ----------
    name : str
    dimension : int
    metric : str
        "cosine" for those EmbedLab made. Scores are cosines whatever it is.
    count : int
        Number of rows.
    spec : EmbeddingSpec or None
        How its embeddings were made, where that was said.
    is_ours : bool
        Whether EmbedLab made it; one of somebody else's is read and never written to.
    index : str, default="exact"
        By what it is searched, a ``kind`` of :class:`IndexSettings`.
    """

    name: str
    dimension: int
    metric: str
    count: int
    spec: EmbeddingSpec | None
    is_ours: bool
    index: str = "exact"

    @property
    def model(self) -> str | None:
        """The model its embeddings are of, where that was said."""
        return None if self.spec is None else self.spec.model


class Rows(ABC):
    """What a store does with the rows of one collection; all it is given has been checked.

    Attributes
    ----------
    batch_rows : int
        Most rows that :meth:`upsert` takes at once.
    index_kinds : tuple of str
        What :meth:`build_index` can build.
    """

    batch_rows: int = 5_000
    index_kinds: tuple[str, ...] = ("exact",)

    @abstractmethod
    def info(self) -> CollectionInfo:
        """Return what the collection is now."""

    @abstractmethod
    def upsert(self, records: Records) -> None:
        """Write rows, each whole: what an id had before is gone, fields of its metadata as well.

        When this returns, they are there whatever happens to the process.
        """

    @abstractmethod
    def nearest(
        self, queries: NDArray[np.float32], top_k: int, where: Condition | None, effort: int | None
    ) -> list[list[Match]]:
        """Return for each query, of length 1, the rows with the highest cosines; in any order."""

    @abstractmethod
    def fetch(self, ids: list[str], *, with_embeddings: bool) -> Records:
        """Return the rows of at most 1,000 ids, in any order; without those that are not there."""

    @abstractmethod
    def ids(self, where: Condition | None, limit: int | None) -> list[str]:
        """Return the ids of the rows that pass; the first ones in the store's own order where there is a limit."""

    @abstractmethod
    def delete(self, ids: list[str]) -> None:
        """Remove rows; ids that are not there are passed over."""

    @abstractmethod
    def count(self, where: Condition | None) -> int:
        """Return how many rows pass."""

    @abstractmethod
    def build_index(self, settings: IndexSettings) -> None:
        """Build an index of one of the kinds in place of the one there is; "exact" removes it."""

    @abstractmethod
    def nbytes(self) -> int | None:
        """Return what the collection takes on disk, or None where the store does not say."""

    def plainly(self) -> Rows | None:
        """Return the rows asked as most programs ask the store, where that finds less; None where it is the same."""
        return None
