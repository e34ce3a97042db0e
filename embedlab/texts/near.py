"""Texts that are nearly the same by their letters, whatever a model makes of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import numpy as np

from embedlab.errors import InvalidInputError
from embedlab.rows import row_blocks
from embedlab.texts.content import fold_text

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from scipy.sparse import csr_array

_LETTERS = 3
# Cells of two sparse matrices that are multiplied with each other at a time.
_CELLS = 1 << 22
_ROUNDING = 1e-9


def near_copies(texts: Sequence[str], threshold: float = 0.9) -> NDArray[np.int64]:
    """Return a number for each text, the same for texts that are nearly the same by their letters.

    Case, spaces and punctuation do not count (:func:`fold_text`). A text is the set of its runs of three letters, and
    the likeness of two texts is the number of runs they share over the geometric mean of the numbers they have, which
    is the cosine of the two sets. Texts are also joined over others, as A and C by a B that is like both.

    Parameters
    ----------
    texts : sequence of str of length n
    threshold : float, default=0.9
        Smallest likeness of two texts that are joined, above 0.5 and at most 1. At 0.9 a wrong letter is allowed in
        about thirty: three runs change by it.

    Returns
    -------
    int64 array of shape (n,)
        From 0, in the order in which the groups begin.

    Raises
    ------
    InvalidInputError
        For a threshold outside of these limits.

    Notes
    -----
    Exact, and no pair depends on the other texts. Two sets that are alike by t share a run among the rarest 1 - t² of
    each, so only pairs that do are compared (R. Bayardo, Y. Ma and R. Srikant, "Scaling up all pairs similarity
    search", WWW 2007). Very long texts share many runs by their language alone.

    Examples
    --------
    The first has 13 different runs, the third 14, and they share 13: 13 / sqrt(13 * 14) = 0.96.

    >>> texts = ["Where is my parcel?", "where is my PARCEL", "Where is my parcell?", "Where is my order?"]
    >>> near_copies(texts).tolist()
    [0, 0, 0, 1]
    """
    if not 0.5 < threshold <= 1:
        raise InvalidInputError(f"threshold={threshold} is no likeness of near copies; choose a number from 0.5 to 1.")
    folded = [fold_text(text) for text in texts]
    places = {text: place for place, text in enumerate(dict.fromkeys(folded))}
    if not places:
        return np.zeros(0, dtype=np.int64)
    joined = _joined(_runs(list(places)), threshold)
    numbers: dict[int, int] = {}
    return np.array([numbers.setdefault(int(joined[places[text]]), len(numbers)) for text in folded], dtype=np.int64)


def _runs(texts: list[str]) -> csr_array:
    """Return which of some different texts has which run of letters, a column a run, the rarest first."""
    from scipy.sparse import csr_array

    filled = [text.ljust(_LETTERS, "\0") for text in texts]  # A shorter text is one run.
    letters = np.frombuffer("".join(filled).encode("utf-32-le", "surrogatepass"), dtype=np.uint32).astype(np.int64)
    owner = np.repeat(np.arange(len(texts)), [len(text) for text in filled])
    inside = owner[2:] == owner[:-2]
    # A character has 21 bits.
    codes = (letters[:-2] << 42 | letters[1:-1] << 21 | letters[2:])[inside]
    numbers, counts = np.unique(codes, return_inverse=True, return_counts=True)[1:]
    by_count = np.argsort(np.argsort(counts, kind="stable"))
    cells = np.unique(owner[2:][inside] * len(counts) + by_count[numbers])
    indptr = np.searchsorted(cells, np.arange(len(texts) + 1) * len(counts))
    ones = np.ones(len(cells), dtype=np.int32)
    return csr_array((ones, cells % len(counts), indptr), shape=(len(texts), len(counts)))


def _joined(runs: csr_array, threshold: float) -> NDArray[np.int64]:
    """Return the number of a group for each text; those whose likeness reaches the threshold are in one."""
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import connected_components

    sizes = np.diff(runs.indptr)
    joined = np.arange(len(sizes))
    for i, j in _candidates(runs, threshold):
        apart = joined[i] != joined[j]  # Of ten thousand copies of one text few pairs have to be looked at.
        i, j = i[apart], j[apart]
        common = np.asarray(runs[i].multiply(runs[j]).sum(axis=1)).ravel()
        alike = common >= (threshold - _ROUNDING) * np.sqrt(sizes[i].astype(np.float64) * sizes[j])
        edges = joined[i[alike]], joined[j[alike]]
        if len(edges[0]):
            graph = csr_array((np.ones(len(edges[0])), edges), shape=(len(sizes), len(sizes)))
            joined = connected_components(graph, directed=False)[1].astype(np.int64)[joined]
    return joined


def _candidates(runs: csr_array, threshold: float) -> Iterator[tuple[NDArray[np.int32], NDArray[np.int32]]]:
    """Give the pairs of texts that may be alike, some at a time."""
    sizes = np.diff(runs.indptr)
    rare = _rarest(runs, sizes - np.ceil(threshold**2 * sizes - _ROUNDING).astype(np.int64) + 1)
    by_run, step = rare.T.tocsr(), max(1, int(_CELLS // sizes.max()))
    for block in row_blocks(len(sizes), len(sizes)):
        shared = (rare[block] @ by_run).tocoo()
        i, j = shared.row + block.start, shared.col
        # Of sets of very different sizes one cannot hold enough of the other.
        fits = np.minimum(sizes[i], sizes[j]) >= (threshold**2 - _ROUNDING) * np.maximum(sizes[i], sizes[j])
        i, j = i[(i < j) & fits], j[(i < j) & fits]
        for start in range(0, len(i), step):
            yield i[start : start + step], j[start : start + step]


def _rarest(runs: csr_array, n_kept: NDArray[np.int64]) -> csr_array:
    """Return the first, which are the rarest, of the runs of each text."""
    from scipy.sparse import csr_array

    place = np.arange(runs.nnz) - np.repeat(runs.indptr[:-1], np.diff(runs.indptr))
    is_kept = place < np.repeat(n_kept, np.diff(runs.indptr))
    indptr = np.concatenate([[0], np.minimum(n_kept, np.diff(runs.indptr)).cumsum()])
    return csr_array((runs.data[is_kept], runs.indices[is_kept], indptr), shape=runs.shape)
