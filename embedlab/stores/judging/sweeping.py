"""The settings of an index tried one after another: recall over time, and the fastest that finds what is wanted."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import isqrt
from typing import TYPE_CHECKING, Any

import numpy as np

from embedlab.errors import InvalidInputError
from embedlab.stores import Collection, IndexSettings, Records, VectorStore, write
from embedlab.stores.judging.judged import Judged, Setting, ask
from embedlab.stores.judging.truth import find_truth

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

_EFFORTS_HNSW = (10, 40, 100, 200, 400)


@dataclass(frozen=True, eq=False)
class Sweep:
    """Every setting that was tried. Made by :func:`sweep_store`.

    Parameters
    ----------
    tried : tuple of Judged
        In the order they were tried; each has its ``setting`` and what its index took to build.
    """

    tried: tuple[Judged, ...]

    @cached_property
    def front(self) -> tuple[Judged, ...]:
        """Those that none beats in both time and recall, the fastest first."""
        front: list[Judged] = []
        for each in sorted(self.tried, key=lambda each: (each.latency_p50, -each.recall)):
            if not front or each.recall > front[-1].recall:
                front.append(each)
        return tuple(front)

    def reaching(self, recall: float) -> Judged | None:
        """Return the fastest whose recall is at least what is wanted; None where none is."""
        return next((each for each in self.front if each.recall >= recall), None)


def suggest_settings(collection: Collection, *, is_filtered: bool = False) -> list[Setting]:
    """Return the settings worth a try, those of one index after one another.

    Parameters
    ----------
    collection : Collection
    is_filtered : bool, default=False
        With a filter, what the store answers when it is asked plainly is among them, where that is another thing.
    """
    n = max(1, collection.count())
    found: list[Setting] = []
    for kind in collection.index_kinds:
        if kind == "exact":
            found.append(Setting())
        elif kind == "hnsw":
            for m in (16, 32):
                found += [Setting(IndexSettings(kind, m=m), effort) for effort in _EFFORTS_HNSW]
        else:
            n_lists = max(1, isqrt(n))
            probes = [2**power for power in range(0, 10, 2) if 2**power <= n_lists]
            found += [Setting(IndexSettings(kind, n_lists=n_lists), effort) for effort in probes]
        if is_filtered and kind != "exact" and collection.plainly() is not None:
            found.append(Setting(found[-1].index, is_plain=True))
    return found


def sweep_store(
    store: VectorStore,
    records: Records,
    queries: ArrayLike | None = None,
    *,
    settings: Sequence[Setting] | None = None,
    top_k: int = 10,
    where: Mapping[str, Any] | None = None,
    n_queries: int = 200,
    progress: Callable[[int, int], None] | None = None,
) -> Sweep:
    """Try the settings of a store's index on a copy of the rows, which is deleted afterwards.

    Parameters
    ----------
    store : VectorStore
    records : Records
        What is searched, with embeddings; ``collection.get(with_embeddings=True)`` has what stands in a collection.
    queries, top_k, where, n_queries
        As :func:`judge_store` takes them.
    settings : sequence of Setting, optional
        What is tried, those of one index after one another; :func:`suggest_settings` when not given.
    progress : callable, optional
        Called with the settings tried and their number; what it raises ends the work, and the copy is deleted.

    Returns
    -------
    Sweep

    Raises
    ------
    InvalidInputError
        When the store has no index to choose, or as :func:`judge_store`.

    Notes
    -----
    Her collection is not touched: an index taken away from under a running service would be a fault of ours. What was
    found is applied with ``collection.build_index(judged.setting.index)`` and ``query(effort=judged.setting.effort)``.
    """
    if records.embeddings is not None:  # a row of zeros, of somebody else's, is near to nothing
        records = records.take(np.flatnonzero(records.embeddings.any(axis=1)).tolist())
    truth = find_truth(records, queries, top_k=top_k, where=where, n_queries=n_queries)
    name = f"embedlab_sweep_{uuid.uuid4().hex[:12]}"
    copy = store.create_collection(name, truth.unit.shape[1])
    try:
        if len(copy.index_kinds) < 2 and settings is None:
            raise InvalidInputError(f"{store.address} has no index whose settings can be chosen. Judge it as it is.")
        write(copy, records.ids, truth.unit, records.documents, records.metadatas)
        chosen = suggest_settings(copy, is_filtered=where is not None) if settings is None else list(settings)
        tried: list[Judged] = []
        for number, setting in enumerate(chosen):
            seconds = tried[-1].build_seconds if tried else None
            if not tried or setting.index != chosen[number - 1].index:
                began = time.perf_counter()
                copy.build_index(setting.index)
                seconds = time.perf_counter() - began
            asked = copy.plainly() if setting.is_plain else copy
            if asked is None:
                raise InvalidInputError(f"{store.address} is asked plainly as it is. Leave is_plain out.")
            tried.append(ask(asked, truth, setting, seconds))
            if progress:
                progress(number + 1, len(chosen))
        return Sweep(tuple(tried))
    finally:
        store.delete_collection(name)
