"""A collection asked question by question: what it found of what is there, and how long it took."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from embedlab.errors import InvalidInputError
from embedlab.intervals import MeanEstimate
from embedlab.rows import sample_positions
from embedlab.stores.indexes import Indexed, IndexSetting
from embedlab.stores.judging.truth import Truth, find_truth
from embedlab.validation import as_embeddings, check_integer, check_same_length, check_same_width

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from embedlab.stores.protocol import Collection

# Questions before the clock is looked at: the first opens connections and reads from disk.
_WARM_UP = 3


@dataclass(frozen=True, eq=False)
class Rows:
    """What stands in a collection, as its owner knows it.

    Parameters
    ----------
    ids : sequence of str of length n
    embeddings : float32 array of shape (n, d)
    metadatas : sequence of mappings of length n
        What a filter looks at.
    documents : sequence of str of length n, optional
        The texts, where the rows are to be written to a store.
    """

    ids: Sequence[str]
    embeddings: NDArray[np.float32] = field(repr=False)
    metadatas: Sequence[Mapping[str, Any]] = field(repr=False)
    documents: Sequence[str] | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        for name, values in (("embeddings", self.embeddings), ("metadatas", self.metadatas)):
            check_same_length("ids", len(self.ids), name, len(values))


@dataclass(frozen=True, eq=False)
class Judged:
    """How a collection answers. Made by :func:`judge_store`.

    Parameters
    ----------
    found : MeanEstimate
        The share of the nearest rows that each query found, with the interval of the mean.
    seconds : float64 array of shape (m,)
        What each query took, asked alone.
    n_short : int
        Queries whose answer had fewer rows than there are.
    n_wrong : int
        Rows answered that the filter excludes, or that the collection does not have.
    top_k : int
    n_rows, n_kept : int
        Rows, and those that the filter keeps.
    where : mapping or None
        The filter.
    setting : IndexSetting or None
        What was searched with; None where the store does not say.
    nbytes : int or None
        Of the rows with their index; None where the store does not say.
    build_seconds : float or None, default=None
        What building the index took, where it was built.
    """

    found: MeanEstimate
    seconds: NDArray[np.float64] = field(repr=False)
    n_short: int
    n_wrong: int
    top_k: int
    n_rows: int
    n_kept: int
    where: Mapping[str, Any] | None
    setting: IndexSetting | None
    nbytes: int | None
    build_seconds: float | None = None

    @property
    def recall(self) -> float:
        """The mean share of the nearest rows that were found, from 0 to 1, which an exact search has."""
        return self.found.value

    @property
    def interval(self) -> tuple[float, float] | None:
        """The 95 % interval of the recall over the queries; None for fewer than two different ones."""
        return self.found.interval

    @cached_property
    def latency_p50(self) -> float:
        """Seconds that half of the queries took at most."""
        return float(np.median(self.seconds))

    @cached_property
    def latency_p95(self) -> float:
        """Seconds that 95 of 100 queries took at most."""
        return float(np.quantile(self.seconds, 0.95))

    def built_in(self, seconds: float | None) -> Judged:
        """Return the same with the time the index took to build."""
        return replace(self, build_seconds=seconds)


def judge_store(
    collection: Collection,
    queries: ArrayLike | None = None,
    *,
    rows: Rows | None = None,
    top_k: int = 10,
    where: Mapping[str, Any] | None = None,
    n_queries: int = 200,
    progress: Callable[[int, int], None] | None = None,
) -> Judged:
    """Hold what a collection answers against our exact search on the same rows.

    Parameters
    ----------
    collection : Collection
    queries : array-like of shape (m, d), optional
        Embeddings of questions, by the model of the rows. When not given, some of the rows are asked for their
        neighbours, and do not count themselves.
    rows : Rows, optional
        What stands in the collection; read from it when not given, which moves all of its embeddings.
    top_k : int, default=10
    where : mapping, optional
        A filter. The rows it keeps are found here, too, in ``rows.metadatas``.
    n_queries : int, default=200
        How many queries are asked at most, drawn evenly.
    progress : callable, optional
        Called with the queries asked and their number.

    Returns
    -------
    Judged

    Raises
    ------
    InvalidInputError
        When the collection is empty, the filter keeps nothing, or the widths differ.

    Notes
    -----
    A row found counts when its cosine, from ``rows``, is at least that of the last of the ``top_k`` nearest: among
    equals any will do. An answer that is short misses what it lacks. Queries are asked one after another, each with a
    clock of its own, after three that are not counted.
    """
    rows = rows or read_rows(collection)
    embeddings, own = as_embeddings(rows.embeddings), None
    check_integer(n_queries, "n_queries", 1)
    if queries is None:
        known = np.flatnonzero(embeddings.any(axis=1))
        own = known[sample_positions(len(known), n_queries, random_state=0)]
        asked = embeddings[own]
    else:
        asked = as_embeddings(queries, "queries")
        check_same_width(embeddings, asked)
        asked = asked[sample_positions(len(asked), n_queries, random_state=0)]
    if not len(asked):
        raise InvalidInputError("All embeddings are zeros, so there is nothing to ask for. Write the rows again.")
    is_kept = _kept(rows, where)
    truth = find_truth(rows.ids, embeddings, is_kept, asked, np.full(len(asked), -1) if own is None else own, top_k)
    values, seconds, n_short, n_wrong = _ask(collection, truth, top_k + (own is not None), where, progress)
    is_indexed = isinstance(collection, Indexed)
    return Judged(
        MeanEstimate(values, np.unique(asked, axis=0, return_inverse=True)[1].ravel()),
        seconds,
        n_short,
        n_wrong,
        top_k,
        len(embeddings),
        int(is_kept.sum()),
        where,
        collection.setting if is_indexed else None,
        collection.nbytes if is_indexed else None,
    )


def _ask(
    collection: Collection,
    truth: Truth,
    top_k: int,
    where: Mapping[str, Any] | None,
    progress: Callable[[int, int], None] | None,
) -> tuple[NDArray[np.float64], NDArray[np.float64], int, int]:
    """Return the recall and seconds of each query, and how many answers were short and rows wrong."""
    n = len(truth.queries)
    values, seconds, n_short, n_wrong = np.empty(n), np.empty(n), 0, 0
    for query in truth.queries[:_WARM_UP]:
        collection.query(query[None], top_k, where)
    for number, query in enumerate(truth.queries):
        began = time.perf_counter()
        matches = collection.query(query[None], top_k, where)[0]
        seconds[number] = time.perf_counter() - began
        answered = truth.answered(number, (match.id for match in matches))
        values[number] = truth.recall(number, answered)
        n_short += len(answered) < truth.n_wanted[number]
        n_wrong += sum(row < 0 or not truth.is_kept[row] for row in answered)
        if progress:
            progress(number + 1, n)
    return values, seconds, int(n_short), int(n_wrong)
