"""The settings of an index tried one after another: recall over time, and the fastest that finds what is wanted."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from embedlab.errors import InvalidInputError
from embedlab.stores.indexes import Indexed, IndexSetting
from embedlab.stores.judging.judged import Judged, Rows, judge_store

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

    from embedlab.stores.protocol import VectorStore


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


def sweep_store(
    store: VectorStore,
    rows: Rows,
    queries: ArrayLike | None = None,
    *,
    settings: Sequence[IndexSetting] | None = None,
    top_k: int = 10,
    where: Mapping[str, Any] | None = None,
    n_queries: int = 200,
    progress: Callable[[int, int], None] | None = None,
) -> Sweep:
    """Try the settings of a store's index on a copy of the rows, which is deleted afterwards.

    Parameters
    ----------
    store : VectorStore
    rows : Rows
        What is searched; what stands in a collection is had by :func:`read_rows`.
    queries, top_k, where, n_queries
        As :func:`judge_store` takes them.
    settings : sequence of IndexSetting, optional
        What is tried, those of one index after one another; what the store suggests when not given.
    progress : callable, optional
        Called with the settings tried and their number.

    Returns
    -------
    Sweep

    Raises
    ------
    InvalidInputError
        When the store has no index to choose, or as :func:`judge_store`.

    Notes
    -----
    Her collection is not touched: an index taken away from under a running service would be a fault of ours. What a
    setting found is applied with ``collection.tune(setting)``.
    """
    name = f"embedlab_sweep_{uuid.uuid4().hex[:12]}"
    copy = store.create_collection(name, rows.embeddings.shape[1], spec=None, model=None)
    try:
        if not isinstance(copy, Indexed):
            raise InvalidInputError("This store has no index whose settings can be chosen. Judge it as it is.")
        _write(copy, rows)
        wanted = copy.settings() if settings is None else list(settings)
        tried: list[Judged] = []
        for number, setting in enumerate(wanted):
            is_new = not number or not setting.is_built_like(wanted[number - 1])
            began = time.perf_counter()
            copy.tune(setting)
            seconds = time.perf_counter() - began if is_new else tried[-1].build_seconds
            judged = judge_store(copy, queries, rows=rows, top_k=top_k, where=where, n_queries=n_queries)
            tried.append(judged.built_in(seconds))
            if progress:
                progress(number + 1, len(wanted))
        return Sweep(tuple(tried))
    finally:
        store.delete_collection(name)
