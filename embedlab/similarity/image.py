"""The matrix of all cosines as an image: each pixel the mean of a block of cells, without the matrix."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from embedlab.compute import Threads
from embedlab.errors import InvalidInputError
from embedlab.rows import segment_means
from embedlab.validation import as_embeddings, check_integer

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

# Strips of an image, which threads share, and between which progress is told and the work can be stopped.
_STRIPS = 64


def similarity_image(
    embeddings: ArrayLike,
    order: ArrayLike | None = None,
    size: int = 800,
    row_range: tuple[int, int] | None = None,
    column_range: tuple[int, int] | None = None,
    *,
    progress: Callable[[int, int], None] | None = None,
) -> NDArray[np.float32]:
    """Return a picture of the cosines of all rows with all, or of a part of them.

    Parameters
    ----------
    embeddings : array-like of shape (n, d)
    order : int array-like of shape (n,), default=None
        In which order the rows stand in the matrix, as :func:`group_order` returns it; None leaves it as it is.
    size : int, default=800
        Most pixels along each side.
    row_range, column_range : (int, int), default=None
        First place in the order that is shown, and the one behind the last; None shows all.
    progress : callable, default=None
        Called with the pixels done and all of both sides; what it raises ends the work.

    Returns
    -------
    float32 array of shape (min(size, rows), min(size, columns))
        In [-1, 1]. A pixel is the mean cosine of the cells between two :func:`pixel_edges` of its row and two of its
        column, those of a row with itself among them; where there are no more rows than pixels, the cosine itself.

    Raises
    ------
    InvalidInputError
        When the order is no permutation of the rows, or a range is empty or leaves the matrix.

    Notes
    -----
    The mean over a block of cosines is the product of two means: with u of length 1, the mean of ``u_i · u_j`` over i
    in I and j in J is ``mean(u_I) · mean(u_J)``. So the image is exact in O(n d + size² d) time and O(size (size + d))
    memory, whatever n.

    Examples
    --------
    >>> similarity_image([[1, 0], [1, 0], [0, 1], [0, 1]], size=2).tolist()
    [[1.0, 0.0], [0.0, 1.0]]
    """
    x = as_embeddings(embeddings)
    places = _check_order(order, len(x))
    sides = [pixel_edges(part or (0, len(x)), size, len(x)) for part in (row_range, column_range)]
    if np.array_equal(sides[0], sides[1]):
        del sides[1]
    n_pixels = sum(len(edges) - 1 for edges in sides)
    means = np.zeros((n_pixels, x.shape[1]))
    strips, done = [strip for edges in sides for strip in _strips(edges)], 0
    with Threads() as threads:
        for found in threads.each(lambda strip: segment_means(x, places, strip), strips):
            means[done : done + len(found)] = found
            done += len(found)
            if progress is not None:
                progress(done, n_pixels)
        n_rows = len(sides[0]) - 1
        cosines = means[:n_rows] @ means[n_pixels - len(sides[-1]) + 1 :].T
    return np.clip(cosines, -1.0, 1.0).astype(np.float32)


def pixel_edges(part: tuple[int, int], size: int, n: int) -> NDArray[np.int64]:
    """Cut a part of the places 0 … n - 1 into pixels of as even a width as whole rows allow.

    Parameters
    ----------
    part : (int, int)
        First place, and the one behind the last.
    size : int
        Most pixels.
    n : int
        Number of rows.

    Returns
    -------
    int64 array of shape (min(size, rows) + 1,)
        Where each pixel begins, and where the last one ends.

    Raises
    ------
    InvalidInputError
        When the part is empty or leaves the matrix, or ``size`` is below 1.
    """
    start, stop = part
    check_integer(size, "size", 1)
    if not 0 <= start < stop <= n:
        raise InvalidInputError(f"({start}, {stop}) is no part of {n:,} rows; give 0 <= first < last <= {n}.")
    n_pixels = min(size, stop - start)
    return start + np.arange(n_pixels + 1, dtype=np.int64) * (stop - start) // n_pixels


def _strips(edges: NDArray[np.int64]) -> list[NDArray[np.int64]]:
    """Cut pixels into strips; the last edge of one is the first of the next."""
    cuts = np.unique(np.linspace(0, len(edges) - 1, _STRIPS + 1).astype(np.int64))
    return [edges[first : last + 1] for first, last in pairwise(cuts.tolist())]


def _check_order(order: ArrayLike | None, n_rows: int) -> NDArray[np.int64]:
    if order is None:
        return np.arange(n_rows)
    places = np.asarray(order)
    if places.shape != (n_rows,) or not np.array_equal(np.sort(places), np.arange(n_rows)):
        raise InvalidInputError(f"order must hold each of the {n_rows:,} positions 0 … {n_rows - 1} once.")
    return places.astype(np.int64)
