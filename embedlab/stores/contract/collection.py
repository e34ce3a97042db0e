"""A collection: rows with an id, an embedding, a text and metadata, as every store shows it.

What goes in and comes out is checked here, once for all stores; what a store does in its own way is a :class:`Rows`.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from embedlab.errors import InvalidInputError
from embedlab.rows import sample_positions
from embedlab.spec import EmbeddingSpec
from embedlab.stores.contract.filters import Condition, parse_where
from embedlab.stores.contract.marks import check_same_space
from embedlab.stores.contract.records import DIGEST, Match, Records, check_records, check_vectors, own_left_out
from embedlab.validation import check_integer

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

# Ids that are asked for at once.
_IDS_A_QUESTION = 1_000


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
    index_kinds: ClassVar[tuple[str, ...]] = ("exact",)

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


class Collection:
    """Rows with an id, an embedding, a text and metadata, in a store. Made by a :class:`VectorStore`.

    Parameters
    ----------
    rows : Rows
        What the store does with them.
    """

    def __init__(self, rows: Rows) -> None:
        self._rows = rows
        info = rows.info()
        # These stay what they are, and are not asked for again.
        self.name, self.dimension, self.spec, self._is_ours = info.name, info.dimension, info.spec, info.is_ours

    @property
    def info(self) -> CollectionInfo:
        """What the collection is now, its number of rows among it."""
        return self._rows.info()

    @property
    def batch_rows(self) -> int:
        """Rows that the store takes at once: what is lost at most, of what was not said to be written."""
        return self._rows.batch_rows

    @property
    def index_kinds(self) -> tuple[str, ...]:
        """What :meth:`build_index` can build here."""
        return self._rows.index_kinds

    def upsert(
        self,
        ids: Sequence[str],
        embeddings: ArrayLike,
        documents: Sequence[str],
        metadatas: Sequence[Mapping[str, Any]] | None = None,
        *,
        spec: EmbeddingSpec | None = None,
    ) -> None:
        """Write rows, in place of those that have the same ids; when it returns they are kept.

        Parameters
        ----------
        ids : sequence of str of length n
            Each once.
        embeddings : array-like of shape (n, dimension)
            Of any length; they are kept with length 1, the same in every store.
        documents : sequence of str of length n
        metadatas : sequence of mappings of length n, optional
            Texts, finite numbers and truth values by field; None is left out.
        spec : EmbeddingSpec, optional
            How they were made.

        Raises
        ------
        SpecError
            When they were made otherwise than those of the collection.
        InvalidInputError
            When a row holds what no store could keep (:func:`check_records`), or the collection is somebody else's.
        StoreError
            When the store cannot be reached or refuses.
        """
        check_same_space(self.spec, spec, self.name)
        self.upsert_checked(check_records(ids, embeddings, documents, metadatas, self.dimension).signed())

    def upsert_checked(self, records: Records) -> None:
        """Write rows that :func:`check_records` has checked and that are signed, as :meth:`upsert` does."""
        self._check_ours()
        for start in range(0, len(records), self._rows.batch_rows):
            self._rows.upsert(records.take(range(start, min(start + self._rows.batch_rows, len(records)))))

    def query(
        self,
        embeddings: ArrayLike,
        top_k: int = 10,
        where: Mapping[str, Any] | None = None,
        *,
        spec: EmbeddingSpec | None = None,
        effort: int | None = None,
    ) -> list[list[Match]]:
        """Return the rows nearest to each query.

        Parameters
        ----------
        embeddings : array-like of shape (m, dimension)
            Of any length.
        top_k : int, default=10
        where : mapping, optional
            A condition on the metadata (:func:`parse_where`).
        spec : EmbeddingSpec, optional
            How they were made.
        effort : int, optional
            How far an index that may miss hits looks: ``ef_search`` of HNSW, ``nprobe`` of IVF. The store's own default
            when not given.

        Returns
        -------
        list of list of Match
            For each query at most ``top_k``, highest cosine first, equal ones by id; fewer where fewer rows pass. Which
            of several equally near rows have the last places is the store's choice.

        Raises
        ------
        SpecError
            When the queries are of another model than the rows.
        InvalidInputError, StoreError
            As for :meth:`upsert`.
        """
        check_same_space(self.spec, spec, self.name)
        check_integer(top_k, "top_k", 1)
        if effort is not None:
            check_integer(effort, "effort", 1)
        condition = parse_where(where)
        if not np.size(embeddings):
            return []
        found = self._rows.nearest(check_vectors(embeddings, self.dimension, "queries"), top_k, condition, effort)
        return [_in_order(matches)[:top_k] for matches in found]

    def get(
        self,
        ids: Sequence[str] | None = None,
        *,
        where: Mapping[str, Any] | None = None,
        limit: int | None = None,
        with_embeddings: bool = False,
    ) -> Records:
        """Return rows: those of some ids in their order, without those that are not there, or those that pass.

        Parameters
        ----------
        ids : sequence of str, optional
        where : mapping, optional
            Where no ids are given.
        limit : int, optional
            At most so many.
        with_embeddings : bool, default=False

        Raises
        ------
        InvalidInputError
            When ids and a condition are given.
        """
        if ids is None:
            ids = self._rows.ids(parse_where(where), limit)
        elif where is not None:
            raise InvalidInputError("get takes ids or where, not both.")
        asked = list(ids)[:limit]
        parts = [
            self._rows.fetch(asked[start : start + _IDS_A_QUESTION], with_embeddings=with_embeddings)
            for start in range(0, len(asked), _IDS_A_QUESTION)
        ]
        found = Records(
            [id for part in parts for id in part.ids],
            [document for part in parts for document in part.documents],
            [metadata for part in parts for metadata in part.metadatas],
            self._joined(parts) if with_embeddings else None,
        )
        return found.in_order_of(asked).without_own()

    def ids(self, where: Mapping[str, Any] | None = None) -> list[str]:
        """Return the ids of the rows that pass a condition, sorted."""
        return sorted(self._rows.ids(parse_where(where), None))

    def sample(self, size: int, *, random_state: int = 0) -> Records:
        """Return rows drawn at random with their embeddings, all of them where they fit, in the order of their ids."""
        ids = self.ids()
        chosen = sample_positions(len(ids), check_integer(size, "size", 1), random_state)
        return self.get([ids[position] for position in chosen.tolist()], with_embeddings=True)

    def digests(self, ids: Sequence[str]) -> dict[str, str]:
        """Return what was written last under some ids, as digests; without those that are not there."""
        asked = list(ids)
        found: dict[str, str] = {}
        for start in range(0, len(asked), _IDS_A_QUESTION):
            part = self._rows.fetch(asked[start : start + _IDS_A_QUESTION], with_embeddings=False)
            found |= {id: str(one.get(DIGEST, "")) for id, one in zip(part.ids, part.metadatas, strict=True)}
        return found

    def delete(self, ids: Sequence[str]) -> None:
        """Remove rows; ids that are not there are passed over.

        Raises
        ------
        InvalidInputError
            When the collection is somebody else's.
        """
        self._check_ours()
        asked = list(dict.fromkeys(ids))
        for start in range(0, len(asked), _IDS_A_QUESTION):
            self._rows.delete(asked[start : start + _IDS_A_QUESTION])

    def count(self, where: Mapping[str, Any] | None = None) -> int:
        """Return how many rows pass a condition."""
        return self._rows.count(parse_where(where))

    def build_index(self, settings: IndexSettings) -> None:
        """Build an index in place of the one there is.

        Raises
        ------
        InvalidInputError
            When the store has no such index, or the collection is somebody else's.
        """
        self._check_ours()
        if settings.kind not in self.index_kinds:
            raise InvalidInputError(
                f"This store builds no index of kind {settings.kind!r}; choose from {', '.join(self.index_kinds)}."
            )
        self._rows.build_index(settings)

    @property
    def nbytes(self) -> int | None:
        """What it takes on disk, or None where the store does not say."""
        return self._rows.nbytes()

    def _joined(self, parts: list[Records]) -> NDArray[np.float32]:
        filled = [part.embeddings for part in parts if part.embeddings is not None and len(part)]
        return np.concatenate(filled) if filled else np.zeros((0, self.dimension), dtype=np.float32)

    def _check_ours(self) -> None:
        if not self._is_ours:
            raise InvalidInputError(
                f"{self.name} was not made by EmbedLab, which reads it and never writes to it. Write a new collection."
            )


def _in_order(found: list[Match]) -> list[Match]:
    """Return matches best first, with scores that rounding has not put beyond 1 or -1."""
    clean = [
        replace(match, score=min(1.0, max(-1.0, float(match.score))), metadata=own_left_out(match.metadata))
        for match in found
    ]
    return sorted(clean, key=lambda match: (-match.score, match.id))
