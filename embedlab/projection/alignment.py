"""Two maps of the same texts, turned so that they can be compared by eye."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from embedlab.compute import one_blas_thread
from embedlab.validation import as_embeddings, check_same_length, check_same_width

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray


@one_blas_thread
def align(coordinates: ArrayLike, reference: ArrayLike) -> NDArray[np.float32]:
    """Turn, mirror, move and scale a map as a whole until it lies on another one as well as it can.

    ``argmin over rotations R, scales s and shifts t of ||s X R + t - Y||`` in the Frobenius norm. Which points are
    neighbours does not change.

    Parameters
    ----------
    coordinates, reference : array-like of shape (n, n_components)
        Maps of the same texts.

    Returns
    -------
    float32 array of shape (n, n_components)

    Raises
    ------
    InvalidInputError
        When the shapes differ.

    References
    ----------
    P. Schönemann, "A generalized solution of the orthogonal Procrustes problem", Psychometrika 1966;
    ``scipy.linalg.orthogonal_procrustes``.

    Examples
    --------
    >>> align([[0.0, 0.0], [0.0, 2.0]], [[5.0, 5.0], [6.0, 5.0]]).round(3).tolist()
    [[5.0, 5.0], [6.0, 5.0]]
    """
    from scipy.linalg import orthogonal_procrustes

    moved, fixed = (
        as_embeddings(each, name) for each, name in ((coordinates, "coordinates"), (reference, "reference"))
    )
    check_same_length("rows of coordinates", len(moved), "of reference", len(fixed))
    check_same_width(moved, fixed)
    center = fixed.mean(axis=0, dtype=np.float64)
    x, y = moved - moved.mean(axis=0, dtype=np.float64), fixed - center
    rotation, scale = orthogonal_procrustes(x, y)
    size = float((x**2).sum())
    return (x @ rotation * (scale / size if size else 1.0) + center).astype(np.float32)
