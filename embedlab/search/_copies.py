"""Texts that repeat: each is searched by its first row."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from embedlab.rows import ROUNDING, normalize_rows, row_blocks

if TYPE_CHECKING:
    from numpy.typing import NDArray


def first_rows(texts: list[str], rows: NDArray[np.float32]) -> NDArray[np.int64] | None:
    """Return for each text the row it is searched by, shape (n,); None where no text repeats.

    A text that stands in an earlier row is searched by that one, so that copies rank by position: embedded in another
    batch they differ in the last digit, and that decided between them. Copies with vectors of their own keep these.
    """
    first: dict[str, int] = {}
    places = np.fromiter((first.setdefault(text, row) for row, text in enumerate(texts)), np.int64, len(texts))
    repeated = np.flatnonzero(places != np.arange(len(texts)))
    if not len(repeated):
        return None
    for block in row_blocks(len(repeated), rows.shape[1]):
        own = repeated[block]
        apart = np.abs(normalize_rows(rows[own]) - normalize_rows(rows[places[own]])).max(axis=1) > ROUNDING
        places[own[apart]] = own[apart]
    return places
