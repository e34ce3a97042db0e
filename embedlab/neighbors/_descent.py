"""The loops of neighbours of neighbours: lists of the best so far, who names whom, and one round for a range of rows.

A list holds row numbers in ``indices``, best first, their cosines in ``values``, and in ``fresh`` whether they came in
the last round. A round reads what the one before has left, and a row writes to its own list alone, so that ranges of
rows can be shared out among threads and the result stays the same.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from embedlab.compute import compiled

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats: TypeAlias = NDArray[np.float32]
    Integers: TypeAlias = NDArray[np.int32]
    Flags: TypeAlias = NDArray[np.bool_]


@compiled
def offer_all(rows: Integers, scores: Floats, indices: Integers, values: Floats, fresh: Flags) -> None:
    """Offer some rows to one another; ``scores`` are their cosines, shape (len(rows), len(rows))."""
    for a in range(len(rows)):
        for b in range(len(rows)):
            if a != b and scores[a, b] > values[rows[a], -1]:
                _insert_new(rows[a], rows[b], scores[a, b], indices, values, fresh)


@compiled
def name_back(first: int, last: int, k: int, near: Integers, is_fresh: Flags) -> None:
    """Add to what stands near each row from ``first`` to ``last`` those whose lists it is in, the highest first.

    The first ``k`` columns of ``near`` are the lists; the others are filled, and are -1 where nobody is left.
    """
    n_near = np.full(last - first, k)
    for rank in range(k):
        for i in range(len(near)):
            j = near[i, rank]
            if first <= j < last and n_near[j - first] < near.shape[1]:
                near[j, n_near[j - first]], is_fresh[j, n_near[j - first]] = i, is_fresh[i, rank]
                n_near[j - first] += 1


@compiled
def visit_round(
    first: int, last: int, unit: Floats, near: Integers, is_fresh: Flags,
    indices: Integers, values: Floats, fresh: Flags,
) -> None:  # fmt: skip
    """Have each row from ``first`` to ``last`` look at those near to the rows that are near to it."""
    width = near.shape[1]
    n_bits = np.int64(np.ceil(np.log2(2 * width * (width + 1))))  # a table that is never more than half full
    met, found = np.empty(2**n_bits, np.int32), np.empty(width * (width + 1), np.int32)
    for i in range(first, last):
        fresh[i] = False
        met[:] = -1
        _meet(met, n_bits, i)
        for place in range(indices.shape[1]):
            _meet(met, n_bits, indices[i, place])
        n_found = 0
        for place in range(width):
            other = near[i, place]
            if other >= 0 and _meet(met, n_bits, other):
                found[n_found] = other
                n_found += 1
            for at in range(width if other >= 0 else 0):
                # Two that have both been there for a round have met already.
                if (is_fresh[i, place] or is_fresh[other, at]) and _meet(met, n_bits, near[other, at]):
                    found[n_found] = near[other, at]
                    n_found += 1
        for at in range(n_found):
            score = cosine(unit, i, found[at])
            if score > values[i, -1]:
                _insert_new(i, found[at], score, indices, values, fresh)


@compiled
def _meet(met: Integers, n_bits: int, number: int) -> bool:
    """Remember a number in a table of ``2**n_bits`` places; whether it is one and was met for the first time."""
    if number < 0:
        return False
    slot = np.int64(np.uint64(number) * np.uint64(0x9E3779B97F4A7C15) >> np.uint64(64 - n_bits))
    while met[slot] >= 0:
        if met[slot] == number:
            return False
        slot = (slot + 1) & (len(met) - 1)
    met[slot] = number
    return True


@compiled
def cosine(unit: Floats, i: int, j: int) -> np.float32:
    """Return the cosine of two rows of length 1."""
    total = np.float32(0)
    for d in range(unit.shape[1]):
        total += unit[i, d] * unit[j, d]
    return total


@compiled
def _insert_new(row: int, number: int, value: float, indices: Integers, values: Floats, fresh: Flags) -> None:
    """Put a number into the list of a row, after its equals, unless it stands there; the last one drops out."""
    at = values.shape[1] - 1
    for place in range(at + 1):
        if indices[row, place] == number:
            return
    while at > 0 and values[row, at - 1] < value:
        values[row, at], indices[row, at] = values[row, at - 1], indices[row, at - 1]
        fresh[row, at] = fresh[row, at - 1]
        at -= 1
    values[row, at], indices[row, at], fresh[row, at] = value, number, True


@compiled
def measure(first: int, last: int, unit: Floats, indices: Integers, values: Floats) -> None:
    """Write the cosine of each row from ``first`` to ``last`` with those of its list."""
    for i in range(first, last):
        for place in range(indices.shape[1]):
            values[i, place] = cosine(unit, i, indices[i, place])
