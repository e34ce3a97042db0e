"""What the store lacks, cut into parts of work, and the parts put together again."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from embedlab.spec import Variant

# What is encoded between two writes, in characters: a second or two of work that a crash would cost.
_CHUNK_CHARACTERS = 100_000
_SEED = 0


def missing_work(
    known: dict[Variant, NDArray[np.int64]], texts: Sequence[str], *, is_kept: bool = False
) -> tuple[list[tuple[list[Variant], NDArray[np.int64]]], int]:
    """Return which rows to encode in which ways, in parts of a few seconds of work, and how many rows lack nothing.

    Where the encoder hands on what it has while it works, nothing is cut into parts.
    """
    lacking = np.ones((len(known), len(texts)), dtype=bool)
    for number, rows in enumerate(known.values()):
        lacking[number, rows] = False
    work: list[tuple[list[Variant], NDArray[np.int64]]] = []
    for pattern in np.unique(lacking, axis=1).T:
        ways = [way for way, is_lacking in zip(known, pattern, strict=True) if is_lacking]
        if ways:
            rows = np.flatnonzero((lacking == pattern[:, None]).all(axis=0))
            parts = [rows] if is_kept else [np.array(chunk) for chunk in _chunks(rows.tolist(), texts)]
            work += [(ways, part) for part in parts]
    return work, int((~lacking.any(axis=0)).sum())


def joined(parts: list[tuple[NDArray[np.int64], NDArray[np.float32]]]) -> NDArray[np.float32]:
    """Return the vectors of some parts in the order of their rows."""
    filled = [(rows, vectors) for rows, vectors in parts if len(rows)]
    order = np.argsort(np.concatenate([rows for rows, _ in filled]))
    return np.concatenate([vectors for _, vectors in filled])[order]


def _chunks(rows: list[int], texts: Sequence[str]) -> Iterator[list[int]]:
    """Cut rows into parts of a few seconds of work, each a draw from all: long texts and short ones, early and late.

    What is done at any time is then a sample of the whole, and the speed so far is that of the rest. The encoder sorts
    the texts of a part by length.
    """
    chunk, size = list[int](), 0
    for row in np.random.default_rng(_SEED).permutation(rows).tolist():
        chunk.append(row)
        size += len(texts[row])
        if size >= _CHUNK_CHARACTERS:
            yield chunk
            chunk, size = [], 0
    if chunk:
        yield chunk
