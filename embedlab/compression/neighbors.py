"""What a search notices of a compression: which texts are the nearest by codes, rescored or not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from embedlab.neighbors import nearest_neighbors
from embedlab.rows import as_cosines, row_blocks
from embedlab.validation import as_embeddings, check_integer

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from embedlab.compression.fitted import FittedCompression

    Floats = NDArray[np.float32]

SHORTLIST = 4
"""So many times as many texts as are wanted are found by codes, and ordered again by the full vectors."""


def nearest_by_codes(
    fitted: FittedCompression, texts: ArrayLike, queries: ArrayLike, n_neighbors: int = 10
) -> tuple[NDArray[np.int64], Floats]:
    """Return the nearest texts of each query as a store of codes finds them, best first.

    Parameters
    ----------
    fitted : FittedCompression
    texts, queries : array-likes of shape (n, d) and (m, d)
        Full embeddings, of length 1 where these are compared by cosine.
    n_neighbors : int, default=10

    Returns
    -------
    indices : int64 array of shape (m, n_neighbors)
        Equally near ones by position.
    similarities : float32 array of shape (m, n_neighbors)
        What they are ordered by: the products of queries and codes, or of the full vectors where they are rescored.
    """
    rows, asked = as_embeddings(texts), as_embeddings(queries, "queries")
    check_integer(n_neighbors, "n_neighbors", 1, len(rows), f"there are {len(rows)} texts")
    rescores = fitted.compression.rescore
    stored, wanted = fitted.decode(fitted.encode(rows)), fitted.as_queries(asked)
    n_found = min(n_neighbors * SHORTLIST, len(rows)) if rescores else n_neighbors
    every, asked_for = as_cosines(stored, wanted)
    indices, _ = nearest_neighbors(every, n_found, queries=asked_for)
    if rescores:
        stored, wanted = rows, asked
    products = _products(stored, wanted, indices)
    if rescores:
        best = np.argsort(-products, axis=1, kind="stable")[:, :n_neighbors]
        return np.take_along_axis(indices, best, axis=1), np.take_along_axis(products, best, axis=1)
    return indices, products


def nearest_others_by_codes(
    fitted: FittedCompression, embeddings: ArrayLike, rows: NDArray[np.int64], n_neighbors: int = 10
) -> NDArray[np.int64]:
    """Return the nearest other texts of some texts, as a store of codes finds them.

    Parameters
    ----------
    fitted : FittedCompression
    embeddings : array-like of shape (n, d)
        Full embeddings.
    rows : int64 array of shape (m,)
        Whose neighbours are looked for, among all; each is asked for by its own full embedding.
    n_neighbors : int, default=10
        At most n - 1.

    Returns
    -------
    int64 array of shape (m, n_neighbors)
        The nearest first; a row itself is left out by position.
    """
    texts = as_embeddings(embeddings, min_rows=2)
    found, _ = nearest_by_codes(fitted, texts, texts[rows], n_neighbors + 1)
    # Among texts with the same code, the row itself may be missing: the last is left out then.
    others_first = np.argsort(found == rows[:, None], axis=1, kind="stable")
    return np.take_along_axis(found, others_first, axis=1)[:, :n_neighbors]


def _products(stored: Floats, wanted: Floats, indices: NDArray[np.int64]) -> Floats:
    """Return the products of each query with the rows of its indices, shape (m, k)."""
    found = np.empty(indices.shape, np.float32)
    for block in row_blocks(len(indices), indices.shape[1] * stored.shape[1]):
        found[block] = np.einsum("mkj,mj->mk", stored[indices[block]], wanted[block])
    return found
