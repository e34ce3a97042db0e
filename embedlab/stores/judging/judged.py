"""A collection asked query by query: what it found of what is there, and how long it took."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from embedlab.intervals import MeanEstimate
from embedlab.stores import Collection, IndexSettings, Records
from embedlab.stores.judging.truth import Truth, find_truth

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

# Queries before the clock is looked at: the first open connections and read from disk.
_WARM_UP = 3


@dataclass(frozen=True)
class Setting:
    """One way for a store to look for the nearest rows.

    Parameters
    ----------
    index : IndexSettings
        What the index is built with: another needs another index.
    effort : int or None, default=None
        How far it looks, see :meth:`Collection.query`: another costs nothing. None for the store's own.
    is_plain : bool, default=False
        Whether it is asked as most programs ask it, see :meth:`Collection.plainly`.
    """

    index: IndexSettings = IndexSettings()
    effort: int | None = None
    is_plain: bool = False

    @property
    def title(self) -> str:
        """The setting in one line, in the words of the field."""
        index, far = self.index, "" if self.effort is None else str(self.effort)
        parts = [index.kind]
        if index.kind == "hnsw":
            parts += [f"m={index.m}", f"ef_construction={index.ef_construction}", *([f"ef={far}"] if far else [])]
        elif index.kind != "exact":
            parts += [f"lists={index.n_lists or '√n'}", *([f"nprobe={far}"] if far else [])]
        return ", ".join([*parts, *(["asked plainly"] if self.is_plain else [])])


@dataclass(frozen=True, eq=False)
class Judged:
    """How a collection answers. Made by :func:`judge_store`.

    Parameters
    ----------
    setting : Setting or None
        What it was searched with; None where nobody chose.
    found : MeanEstimate
        The share of the nearest rows that each query found, with the interval of the mean.
    seconds : float64 array of shape (m,)
        What each query took, asked alone.
    n_short : int
        Queries answered with fewer rows than there are.
    n_wrong : int
        Rows answered that the filter excludes, or that were not among those the collection is held against.
    top_k, n_rows, n_kept : int
        Rows asked for, all rows, and those that the filter keeps.
    where : mapping or None
        The filter.
    index : str
        By what the collection is searched, such as "exact" or "hnsw".
    nbytes : int or None
        Of the rows with their index; None where the store does not say.
    build_seconds : float or None, default=None
        What building the index took, where it was built.
    """

    setting: Setting | None
    found: MeanEstimate
    seconds: NDArray[np.float64] = field(repr=False)
    n_short: int
    n_wrong: int
    top_k: int
    n_rows: int
    n_kept: int
    where: Mapping[str, Any] | None
    index: str
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

    @property
    def title(self) -> str:
        """The setting in one line, or the index where nobody chose."""
        return self.setting.title if self.setting else self.index


def judge_store(
    collection: Collection,
    queries: ArrayLike | None = None,
    *,
    records: Records | None = None,
    top_k: int = 10,
    where: Mapping[str, Any] | None = None,
    effort: int | None = None,
    n_queries: int = 200,
    progress: Callable[[int, int], None] | None = None,
) -> Judged:
    """Hold what a collection answers against our exact search on the same rows.

    Parameters
    ----------
    collection : Collection
        ``collection.plainly()`` is asked as most programs ask it.
    queries : array-like of shape (m, d), optional
        Embeddings of questions, by the model of the rows. When not given, some of the rows are asked for their
        neighbours, and do not count themselves.
    records : Records, optional
        What stands in the collection, with embeddings; read from it when not given.
    top_k : int, default=10
    where : mapping, optional
        A filter. Which rows it keeps is found here, too, by the metadata in ``records``.
    effort : int, optional
        How far the index looks; see :meth:`Collection.query`.
    n_queries : int, default=200
        How many are asked at most, drawn evenly.
    progress : callable, optional
        Called with the queries asked and their number; what it raises ends the work.

    Returns
    -------
    Judged

    Raises
    ------
    InvalidInputError
        When there are no rows, the filter keeps nothing that could be found, or the widths differ.
    StoreError
        When the store cannot be reached.

    Notes
    -----
    A row found counts when its cosine, by ``records``, is at least that of the last of the ``top_k`` nearest: of equals
    any will do. An answer that is short misses what it lacks. Queries are asked one after another, each with a clock of
    its own, after three that are not counted.

    Examples
    --------
    >>> judged = judge_store(collection, where={"topic": "late"})                   # doctest: +SKIP
    >>> judged.recall, judged.latency_p50, judged_verdict(judged)                   # doctest: +SKIP
    """
    records = records or collection.get(with_embeddings=True)
    truth = find_truth(records, queries, top_k=top_k, where=where, n_queries=n_queries)
    setting = None if effort is None else Setting(IndexSettings(collection.info.index), effort)
    return ask(collection, truth, setting, progress=progress)


def ask(
    collection: Collection,
    truth: Truth,
    setting: Setting | None,
    build_seconds: float | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Judged:
    """Ask a collection what is known, and say how it did; see :func:`judge_store`."""
    n, effort = len(truth.queries), setting.effort if setting else None
    values, seconds, n_short, n_wrong = np.empty(n), np.empty(n), 0, 0
    for query in truth.queries[:_WARM_UP]:
        collection.query(query[None], truth.n_asked, truth.where, effort=effort)
    for number, query in enumerate(truth.queries):
        began = time.perf_counter()
        matches = collection.query(query[None], truth.n_asked, truth.where, effort=effort)[0]
        seconds[number] = time.perf_counter() - began
        answered = truth.answered(number, (match.id for match in matches))
        values[number] = truth.recall(number, answered)
        n_short += len(answered) < truth.n_wanted[number]
        n_wrong += sum(row < 0 or not truth.is_kept[row] for row in answered)
        if progress:
            progress(number + 1, n)
    groups = np.unique(truth.queries, axis=0, return_inverse=True)[1].ravel()
    info = collection.info
    return Judged(
        setting,
        MeanEstimate(values, groups),
        seconds,
        int(n_short),
        int(n_wrong),
        truth.top_k,
        len(truth.is_kept),
        int(truth.is_kept.sum()),
        truth.where,
        info.index,
        collection.nbytes,
        build_seconds,
    )
