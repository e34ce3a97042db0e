"""Checks at the door: what the core accepts, and the plain sentence for what it does not."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from embedlab.errors import InvalidInputError
from embedlab.rows import row_blocks

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray


def as_embeddings(x: ArrayLike, name: str = "embeddings", min_rows: int = 1) -> NDArray[np.float32]:
    """Return embeddings in the one form the core works on.

    Parameters
    ----------
    x : array-like of numbers, shape (n, d)
    name : str, default="embeddings"
        What a message calls them.
    min_rows : int, default=1
        Smallest number of rows the caller can work on.

    Returns
    -------
    float32 array of shape (n, d), C-contiguous
        ``x`` itself where it has that form already: a caller never writes to it.

    Raises
    ------
    InvalidInputError
        When ``x`` is not numeric, not 2-D, has too few rows or no columns, or holds NaN or infinity.
    """
    given = _as_numbers(x, name)
    # A number too large for float32 becomes infinity, which the last check reports.
    with np.errstate(over="ignore"):
        array = np.ascontiguousarray(given, dtype=np.float32)
    if np.ndim(given) != 2 or not array.shape[1]:
        raise InvalidInputError(
            f"{name} has shape {np.shape(given)}; needed is (texts, dimensions). Reshape a single vector with "
            "x[None, :]."
        )
    if len(array) < min_rows:
        raise InvalidInputError(f"{name} has {len(array)} rows; needed are at least {min_rows}. Add texts.")
    # By blocks: rows mapped from disk may be larger than memory.
    if not all(np.isfinite(array[rows]).all() for rows in row_blocks(*array.shape)):
        rows = np.flatnonzero(~np.isfinite(array).all(axis=1))
        raise InvalidInputError(
            f"{name} holds NaN or infinity in {len(rows)} of {len(array)} rows, first row {rows[0]}. Leave them out."
        )
    _check_not_lost(given, array, name)
    return array


def _as_numbers(x: ArrayLike, name: str) -> NDArray:
    """Return real numbers as an array; tensors of torch come along, whatever device or gradient they have."""
    if hasattr(x, "detach"):
        x = x.detach().cpu().float().numpy()
    if hasattr(x, "toarray"):
        raise InvalidInputError(f"{name} is a sparse matrix; needed are all its numbers. Give {name}.toarray().")
    if isinstance(x, np.ma.MaskedArray) and np.ma.is_masked(x):
        n_masked = int(np.ma.getmaskarray(x).any(axis=-1).sum())
        raise InvalidInputError(f"{name} has masked numbers in {n_masked} of {len(x)} rows. Leave these rows out.")
    try:
        array = np.asarray(x)
        if array.dtype.kind == "O":
            array = array.astype(np.float64)
    except (TypeError, ValueError) as error:
        raise InvalidInputError(
            f"{name} must be numbers in rows of equal length, shape (texts, dimensions)."
        ) from error
    if array.dtype.kind not in "fiub":
        kind = {"c": "complex numbers", "U": "texts", "S": "texts"}.get(array.dtype.kind, array.dtype.name)
        raise InvalidInputError(f"{name} must be numbers, shape (texts, dimensions); these are {kind}.")
    return array


def _check_not_lost(given: NDArray, array: NDArray[np.float32], name: str) -> None:
    """Raise ``InvalidInputError`` where rows of small numbers became rows of zeros, which have no direction."""
    if given.dtype != np.float64:
        return
    for block in row_blocks(*array.shape):
        lost = given[block].any(axis=1) & ~array[block].any(axis=1)
        if lost.any():
            raise InvalidInputError(
                f"{name} holds numbers too small for 32 bits: row {block.start + int(lost.argmax())} would be all "
                "zeros. Multiply them by a large number first; directions stay what they are."
            )


def check_same_width(a: NDArray[np.float32], b: NDArray[np.float32]) -> None:
    """Raise ``InvalidInputError`` unless both have the same number of columns."""
    if a.shape[1] != b.shape[1]:
        raise InvalidInputError(
            f"The embeddings have {a.shape[1]} and {b.shape[1]} dimensions. Compare embeddings of one model."
        )


def check_same_length(first: str, n_first: int, second: str, n_second: int) -> None:
    """Raise ``InvalidInputError`` unless two things that belong together have the same length."""
    if n_first != n_second:
        raise InvalidInputError(f"There are {n_first} {first} and {n_second} {second}; give one for each.")


def check_labels(labels: ArrayLike, n_rows: int) -> NDArray[np.int64]:
    """Return cluster labels as integers, -1 for noise.

    Parameters
    ----------
    labels : array-like of int, shape (n_rows,)
    n_rows : int
        Number of texts they belong to.

    Returns
    -------
    int64 array of shape (n_rows,)

    Raises
    ------
    InvalidInputError
        When they are not whole numbers from -1 up, or not one for each text.
    """
    array = np.asarray(labels)
    if array.ndim != 1 or (array.size and not np.issubdtype(array.dtype, np.integer)):
        raise InvalidInputError(f"labels must be whole numbers, one a text; got shape {array.shape} of {array.dtype}.")
    check_same_length("texts", n_rows, "labels", len(array))
    if array.size and array.min() < -1:
        raise InvalidInputError(f"labels must be -1 (noise), 0, 1, 2 …; the smallest is {array.min()}.")
    return array.astype(np.int64)


def check_texts(texts: Sequence[str]) -> list[str]:
    """Return texts as a list; raise ``InvalidInputError`` for a single string, which would be read letter by letter."""
    if isinstance(texts, str):
        raise InvalidInputError("texts is a single string; needed is a list. Put it in brackets: [text].")
    return list(texts)


def check_integer(value: int, name: str, low: int, high: int | None = None, reason: str = "") -> int:
    """Return a whole number within its limits.

    Parameters
    ----------
    value, name : int, str
        The number and what the caller named it.
    low, high : int, int or None
        Smallest and largest allowed value.
    reason : str, default=""
        Where ``high`` comes from, such as ``"there are 12 texts"``.

    Raises
    ------
    InvalidInputError
        When ``value`` is not a whole number or out of its limits.
    """
    if isinstance(value, bool) or not isinstance(value, (int, np.integer)):
        raise InvalidInputError(f"{name} must be a whole number; got {value!r}.")
    if value < low:
        raise InvalidInputError(f"{name}={value} is too small; choose at least {low}.")
    if high is not None and value > high:
        because = f"{reason}; " if reason else ""
        raise InvalidInputError(f"{name}={value} is too large: {because}choose at most {high}.")
    return int(value)


def check_rows(rows: ArrayLike, n_rows: int) -> NDArray[np.int64]:
    """Return the positions of some texts, rising, each once.

    Parameters
    ----------
    rows : int array-like of shape (m,)
        In any order.
    n_rows : int
        Number of texts they are chosen from.

    Raises
    ------
    InvalidInputError
        When there are none, or they are not positions from 0 to ``n_rows - 1``.
    """
    array = np.asarray(rows)
    if array.ndim != 1 or (array.size and not np.issubdtype(array.dtype, np.integer)):
        raise InvalidInputError(
            f"rows must be positions of texts; got shape {array.shape} of {array.dtype}. "
            "Turn a mask into positions with np.flatnonzero."
        )
    if not array.size:
        raise InvalidInputError("rows is empty, so there is no text to search among. Leave rows out to search all.")
    if array.min() < 0 or array.max() >= n_rows:
        raise InvalidInputError(
            f"rows go from {array.min()} to {array.max()}, but there are {n_rows:,} texts; choose 0 to {n_rows - 1}."
        )
    return np.unique(array).astype(np.int64)


def check_random_state(random_state: int) -> int:
    """Return a seed that numpy, scikit-learn and umap all take."""
    return check_integer(random_state, "random_state", 0, 2**32 - 1)
