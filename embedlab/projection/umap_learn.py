"""UMAP as umap-learn draws it: from our exact neighbours, with its own start and its own layout.

Its layout runs on one core. Where it would draw a bar, it reports its epochs and can be stopped.
"""

from __future__ import annotations

import threading
import warnings
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from embedlab.projection._layouts import Report, Request, nearest_others, start_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

# It uses numba's own threads in places, and of those the plainest kind ends the process when two enter it at once.
_ONE_AT_A_TIME = threading.Lock()


def lay_out(request: Request) -> tuple[NDArray[np.float32], float]:
    """Lay out by umap-learn, on the neighbours given or found."""

    def report(part: int) -> Report | None:
        # Finding neighbours and laying out count for one half each.
        progress = request.progress
        return progress and (lambda done, total: progress((part * total + done) * 500 // total, 1000))

    n = len(request.unit)
    indices, distances, recall = _neighbors(request, report(0))
    # Itself first, at no distance, as umap-learn counts.
    own = np.arange(n)[:, None]
    # Where all is equally dense, densMAP divides nothing by nothing.
    with _umap_learn(request.progress) as umap, np.errstate(divide="ignore", invalid="ignore"):
        drawn = umap(
            n_neighbors=indices.shape[1] + 1,
            n_components=request.n_components,
            metric=request.metric,
            min_dist=request.min_dist,
            # The spectral start needs one more row than directions, and one to spare.
            init=start_of(request) if request.start is not None or request.n_components > n - 3 else "spectral",
            densmap=request.densmap,
            random_state=request.random_state,
            n_jobs=1,
            precomputed_knn=(
                np.hstack([own, indices]).astype(np.int32),
                np.hstack([np.zeros((n, 1)), distances]).astype(np.float32),
            ),
            # Rows that are exactly opposed would have no place else.
            disconnection_distance=np.inf,
            tqdm_kwds={"report": report(1)},
        ).fit_transform(request.unit, request.target)
    return drawn, recall


def _neighbors(request: Request, report: Report | None) -> tuple[NDArray[np.int64], NDArray[np.float32], float]:
    """Return the others nearest to each row, how far they are, and which share of the true ones that is."""
    from embedlab.projection._distances import nearest_by_distance

    if request.metric in ("cosine", "correlation"):
        found, others = nearest_others(request, report)
        return found.indices[:, :others], np.maximum(0, 1 - found.similarities[:, :others]), found.recall
    k = min(request.n_neighbors, len(request.unit) - 1) - 1
    return *nearest_by_distance(request.unit, k, request.metric, report), 1.0


@contextmanager
def _umap_learn(progress: Report | None) -> Iterator[type]:
    """Yield umap-learn's class to one thread at a time; who waits for it can be stopped."""
    while not _ONE_AT_A_TIME.acquire(timeout=0.2):
        if progress:
            progress(500, 1000)
    try:
        import numba

        # What it remarks on (a start that failed, new texts that could not be placed) changes nothing here. The filter
        # stays: taking it back is not safe between threads.
        warnings.filterwarnings("ignore", category=UserWarning, module=r"umap\.")
        n_threads = numba.get_num_threads()
        try:
            yield _adapted()
        finally:
            numba.set_num_threads(n_threads)  # umap-learn leaves them at one where it is stopped
    finally:
        _ONE_AT_A_TIME.release()


@cache
def _adapted() -> type:
    """Return umap-learn's class, which leaves Python's lock to others and reports where it is given ``report``."""
    from umap import UMAP, layouts

    # An epoch over many texts would hold Python's lock, and everybody's page, for as long as it lasts.
    layouts._get_optimize_layout_euclidean_single_epoch_fn().targetoptions["nogil"] = True
    bars = layouts.tqdm

    def bar(epochs: range, report: Report | None = None, **options: object) -> Iterable[int]:
        # tqdm cannot be stopped from what it draws on: it would keep the lock that all bars share.
        return bars(epochs, **options) if report is None else _reported(epochs, report)

    layouts.tqdm = bar
    return UMAP


def _reported(epochs: range, report: Report) -> Iterator[int]:
    for epoch in epochs:
        yield epoch
        report(epoch + 1, len(epochs))
