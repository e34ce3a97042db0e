"""A collection: rows with an id, an embedding, a text and metadata, as every store shows it.

What goes in and comes out is checked here, once for all stores; what a store does in its own way are its ``Rows``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Any

import numpy as np

from embedlab.errors import InvalidInputError
from embedlab.rows import sample_positions
from embedlab.spec import EmbeddingSpec
from embedlab.stores.contract.filters import parse_where
from embedlab.stores.contract.marks import check_same_space
from embedlab.stores.contract.records import (
    DIGEST,
    Match,
    Records,
    best_first,
    check_records,
    check_vectors,
    join_records,
)
from embedlab.stores.contract.rows import CollectionInfo, IndexSettings, Rows
from embedlab.validation import check_integer

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

# Ids that are asked for at once.
_IDS_A_QUESTION = 1_000


class Collection:
    """Rows with an id, an embedding, a text and metadata, in a store. Made by a :class:`VectorStore`.

    Parameters
    ----------
    rows : Rows
        What the store does with them.
    asked : callable
        Around each question to the store: says what its client raises.

    Attributes
    ----------
    batch_rows : int
        Rows that the store takes at once, and that a killed write loses at most.
    index_kinds : tuple of str
        What :meth:`build_index` can build here.
    """

    def __init__(self, rows: Rows, asked: Callable[[], AbstractContextManager[None]]) -> None:
        self._rows, self._asked = rows, asked
        info = rows.info()
        # These stay what they are, and are not asked for again.
        self.name, self.dimension, self.spec, self._is_ours = info.name, info.dimension, info.spec, info.is_ours
        self.batch_rows, self.index_kinds = rows.batch_rows, rows.index_kinds

    @property
    def info(self) -> CollectionInfo:
        """What the collection is now, its number of rows among it."""
        with self._asked():
            return self._rows.info()

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
        for start in range(0, len(records), self.batch_rows):
            with self._asked():
                self._rows.upsert(records.take(range(start, min(start + self.batch_rows, len(records)))))

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
        """
        check_same_space(self.spec, spec, self.name)
        check_integer(top_k, "top_k", 1)
        if effort is not None:
            check_integer(effort, "effort", 1)
        condition = parse_where(where)
        if not np.size(embeddings):
            return []
        queries = check_vectors(embeddings, self.dimension, "queries")
        with self._asked():
            found = self._rows.nearest(queries, top_k, condition, effort)
        return [best_first(matches)[:top_k] for matches in found]

    def get(
        self,
        ids: Sequence[str] | None = None,
        *,
        where: Mapping[str, Any] | None = None,
        limit: int | None = None,
        with_embeddings: bool = False,
    ) -> Records:
        """Return rows: those of some ids in their order, without those that are not there, or those that pass.

        A limit takes the first ones. Ids and a condition together raise ``InvalidInputError``.
        """
        if ids is None:
            ids = self._found(where, limit)
        elif where is not None:
            raise InvalidInputError("get takes ids or where, not both.")
        asked = list(ids)[:limit]
        parts = self._parts(asked, with_embeddings=with_embeddings)
        return join_records(parts, self.dimension, with_embeddings).in_order_of(asked).without_own()

    def ids(self, where: Mapping[str, Any] | None = None) -> list[str]:
        """Return the ids of the rows that pass a condition, sorted."""
        return sorted(self._found(where, None))

    def sample(self, size: int, *, random_state: int = 0) -> Records:
        """Return rows drawn at random with their embeddings, all of them where they fit, in the order of their ids."""
        ids = self.ids()
        chosen = sample_positions(len(ids), check_integer(size, "size", 1), random_state)
        return self.get([ids[position] for position in chosen.tolist()], with_embeddings=True)

    def digests(self, ids: Sequence[str]) -> dict[str, str]:
        """Return what was written last under some ids, as digests; without those that are not there."""
        return {
            id: str(metadata.get(DIGEST, ""))
            for part in self._parts(list(ids), with_embeddings=False)
            for id, metadata in zip(part.ids, part.metadatas, strict=True)
        }

    def delete(self, ids: Sequence[str]) -> None:
        """Remove rows; ids that are not there are passed over.

        An ``InvalidInputError`` says so where the collection is somebody else's.
        """
        self._check_ours()
        asked = list(dict.fromkeys(ids))
        for start in range(0, len(asked), _IDS_A_QUESTION):
            with self._asked():
                self._rows.delete(asked[start : start + _IDS_A_QUESTION])

    def count(self, where: Mapping[str, Any] | None = None) -> int:
        """Return how many rows pass a condition."""
        condition = parse_where(where)
        with self._asked():
            return self._rows.count(condition)

    def build_index(self, settings: IndexSettings) -> None:
        """Build an index in place of the one there is; an ``InvalidInputError`` says which kinds the store builds."""
        self._check_ours()
        if settings.kind not in self.index_kinds:
            known = f"choose from {', '.join(self.index_kinds)}" if self.index_kinds else "it builds its own"
            raise InvalidInputError(f"This store builds no index of kind {settings.kind!r}; {known}.")
        with self._asked():
            self._rows.build_index(settings)

    def plainly(self) -> Collection | None:
        """Return the collection as most programs ask it, without what is done here so that nothing is missed.

        None where that is the same. It is there to be judged: what a product that asks so would find.
        """
        rows = self._rows.plainly()
        return None if rows is None else Collection(rows, self._asked)

    @property
    def nbytes(self) -> int | None:
        """What it takes on disk, or None where the store does not say."""
        with self._asked():
            return self._rows.nbytes()

    def _found(self, where: Mapping[str, Any] | None, limit: int | None) -> list[str]:
        condition = parse_where(where)
        with self._asked():
            return self._rows.ids(condition, limit)

    def _parts(self, ids: list[str], *, with_embeddings: bool) -> list[Records]:
        with self._asked():
            return [
                self._rows.fetch(ids[start : start + _IDS_A_QUESTION], with_embeddings=with_embeddings)
                for start in range(0, len(ids), _IDS_A_QUESTION)
            ]

    def _check_ours(self) -> None:
        if not self._is_ours:
            raise InvalidInputError(
                f"{self.name} was not made by EmbedLab, which reads it and never writes to it. Write a new collection."
            )
