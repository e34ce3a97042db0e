"""Numbers of a vector in fewer bits, as sentence-transformers' ``quantize_embeddings`` does."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from embedlab.compression.compressions import VECTOR_PRECISIONS
from embedlab.errors import InvalidInputError
from embedlab.validation import as_embeddings

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    Floats = NDArray[np.float32]

# Codes go from 0 to this; those of int8 from -128 to 127.
_LARGEST_CODE = 255
_SIGNED = 128


def quantize(embeddings: ArrayLike, precision: str, ranges: ArrayLike | None = None) -> NDArray:
    """Return embeddings in fewer bits.

    Parameters
    ----------
    embeddings : array-like of shape (n, d)
    precision : str
        A key of ``VECTOR_PRECISIONS``.
    ranges : array-like of shape (2, d), optional
        Smallest and largest number of each dimension, for ``"int8"`` and ``"uint8"``; those of the embeddings
        themselves when not given, so that codes of other calls mean other numbers.

    Returns
    -------
    array of shape (n, d), or (n, ceil(d / 8)) for ``"binary"`` and ``"ubinary"``
        float32, float16, int8 or uint8; int8 for ``"binary"``, uint8 for ``"ubinary"``, eight dimensions a byte, the
        first in the highest bit, 1 for a number above 0.

    Raises
    ------
    InvalidInputError
        For a precision there is not, or a single embedding without ranges.

    Examples
    --------
    >>> quantize([[0.0, -51.0], [25.5, 0.0], [255.0, 204.0]], "uint8").tolist()
    [[0, 0], [25, 51], [255, 255]]
    >>> quantize([[0.3, -0.1, 0.2]], "ubinary").tolist()
    [[160]]
    """
    rows = as_embeddings(embeddings, min_rows=0)
    if precision not in VECTOR_PRECISIONS:
        raise InvalidInputError(f"precision={precision!r} is not one of: {', '.join(VECTOR_PRECISIONS)}.")
    if precision in ("float32", "float16"):
        return rows.astype(precision)
    if precision in ("binary", "ubinary"):
        packed = np.packbits(rows > 0, axis=1)
        return packed if precision == "ubinary" else (packed - np.uint8(_SIGNED)).view(np.int8)
    starts, steps = starts_and_steps(ranges_of(rows) if ranges is None else np.asarray(ranges))
    codes = np.clip(np.floor((rows - starts) / steps), 0, _LARGEST_CODE)
    return codes.astype(np.uint8) if precision == "uint8" else (codes - _SIGNED).astype(np.int8)


def ranges_of(rows: Floats) -> Floats:
    """Return the smallest and the largest number of each dimension, shape (2, d).

    Raises
    ------
    InvalidInputError
        For fewer than two rows: all numbers would get the same code.
    """
    if len(rows) < 2:
        raise InvalidInputError(
            f"Eight bits are calibrated by the smallest and largest number of each dimension; {len(rows)} text has "
            "none. Give all texts at once, or ranges."
        )
    return np.stack([rows.min(axis=0), rows.max(axis=0)])


def starts_and_steps(ranges: NDArray) -> tuple[Floats, Floats]:
    """Return where the codes of each dimension begin, and how far two of them are apart; both of shape (d,)."""
    ranges = ranges.astype(np.float32)
    steps = (ranges[1] - ranges[0]) / np.float32(_LARGEST_CODE)
    return ranges[0], np.where(steps == 0, np.float32(1), steps)


def dequantize(codes: NDArray, ranges: NDArray) -> Floats:
    """Return the numbers in the middle of what has each code of int8 or uint8, shape (n, d)."""
    starts, steps = starts_and_steps(ranges)
    return (starts + steps * (codes.astype(np.float32) + shift_of(codes))).astype(np.float32)


def shift_of(codes: NDArray) -> np.float32:
    """Return what is added to a code so that it counts steps from the smallest number to the middle of its own."""
    return np.float32(_SIGNED + 0.5 if codes.dtype == np.int8 else 0.5)


def unpack_signs(codes: NDArray, n_dimensions: int) -> Floats:
    """Return binary codes as rows of length 1 of equal numbers with the signs they keep, shape (n, n_dimensions)."""
    packed = codes.view(np.uint8) ^ np.uint8(_SIGNED if codes.dtype == np.int8 else 0)
    bits = np.unpackbits(packed, axis=1, count=n_dimensions)
    return (2 * bits.astype(np.float32) - 1) / np.sqrt(np.float32(n_dimensions))
