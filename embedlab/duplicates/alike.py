"""Rows that are alike, among those of which the same was not read: copies, and the pairs of highest cosine."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from embedlab.rows import normalize_rows
from embedlab.similarity import best_pairs, different_rows

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from embedlab.texts import Passages

    Floats: TypeAlias = NDArray[np.float32]
    Integers: TypeAlias = NDArray[np.int64]
    Pairs: TypeAlias = tuple[Integers, Integers, Floats]


def first_equal(keys: Iterable[Hashable]) -> Integers:
    """Return for each key the position of the first one that equals it."""
    first: dict[Hashable, int] = {}
    return np.array([first.setdefault(key, position) for position, key in enumerate(keys)], dtype=np.int64)


def find_copies(texts: Sequence[str], rows: Floats, read_alike: Integers) -> Integers:
    """Return for each row the first one with the same text, or with the same embedding and the same left unread."""
    same_text = first_equal(texts)
    kept = np.unique(same_text)
    unit = normalize_rows(rows[kept])
    alike = zip(different_rows(unit)[1].tolist(), read_alike[kept].tolist(), strict=True)
    same_row = np.where(unit.any(axis=1), kept[first_equal(alike)], kept)
    return same_row[np.searchsorted(kept, same_text)]


def overlapping_pairs(passages: Passages | None, numbers: Integers) -> Integers:
    """Return the pairs i < j of different rows whose passages overlap, or copies of theirs, as i n + j, rising.

    ``numbers``, shape (len(passages.texts),), says which of the n different rows each passage is a copy of. There are
    no pairs where the texts are no passages.
    """
    if passages is None:
        return np.zeros(0, dtype=np.int64)
    both = np.stack([numbers[rows] for rows in passages.overlapping()])
    low, high = both.min(axis=0), both.max(axis=0)
    return np.unique((low * (numbers.max(initial=0) + 1) + high)[low < high])


def best_within(
    unit: Floats,
    groups: Integers,
    floor: float,
    max_pairs: int,
    progress: Callable[[int, int], None] | None,
    left_out: Integers,
) -> Pairs:
    """Return the best pairs of rows of one group, as :func:`embedlab.similarity.best_pairs` does for all rows.

    ``left_out`` are pairs i < j of the n rows that do not count, as i n + j.
    """
    most = max_pairs + len(left_out)
    order = np.argsort(groups, kind="stable")
    members = [rows for rows in np.split(order, np.flatnonzero(np.diff(groups[order])) + 1) if len(rows) > 1]
    total, done, n_held = sum(map(_n_pairs, members)), 0, 0
    found: list[Pairs] = [(np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0, np.float32))]
    for rows in members:

        def report(compared: int, of_group: int, before: int = done) -> None:
            if progress is not None:
                progress(before + compared, total)

        whole = len(rows) == len(unit)
        i, j, similarity = best_pairs(unit if whole else unit[rows], floor, most, progress=report)
        done += _n_pairs(rows)
        found.append((rows[i], rows[j], similarity))
        n_held += len(i)
        if n_held > 2 * most:
            found, n_held = [_best(found, most)], most
            floor = float(found[0][2][-1])
    i, j, similarity = _best(found, most)
    stays = np.flatnonzero(~np.isin(i.astype(np.int64) * len(unit) + j, left_out))[:max_pairs]
    return i[stays], j[stays], similarity[stays]


def _n_pairs(rows: Integers) -> int:
    return len(rows) * (len(rows) - 1) // 2


def _best(parts: Sequence[Pairs], max_pairs: int) -> Pairs:
    """Return the best of the pairs, equally similar ones by position."""
    i, j, similarity = (np.concatenate(column) for column in zip(*parts, strict=True))
    best = np.lexsort((j, i, -similarity))[:max_pairs]
    return i[best], j[best], similarity[best]
