"""A line whose quotation marks do not pair up, cut so that it has as many cells as the others."""

from __future__ import annotations

import heapq
from collections.abc import Iterator

_MAX_STEPS = 200


def cut_to_width(line: str, delimiter: str, width: int) -> list[str]:
    """Cut a line into so many cells, with as few quotation marks as possible taken for plain signs.

    Parameters
    ----------
    line : str
        Without the end of line.
    delimiter : str
        One character.
    width : int

    Returns
    -------
    list of str
        Empty where no way leads to so many cells, or several do that are equally good.

    Examples
    --------
    >>> cut_to_width('1,"A1,"Red, blue",', ",", 4)
    ['1', '"A1', 'Red, blue', '']
    """
    # Ways as far as they have come: quotation marks spent, cells (more first), place, and the cells.
    ways: list[tuple[int, int, int, tuple[str, ...]]] = [(0, 0, 0, ())]
    found: tuple[int, tuple[str, ...]] | None = None
    for _ in range(_MAX_STEPS):
        if not ways or (found and ways[0][0] > found[0]):
            return list(found[1]) if found else []
        spent, _, place, cells = heapq.heappop(ways)
        if place > len(line):
            if found and found[1] != cells:
                return []
            found = (spent, cells)
            continue
        for cost, end, cell in _cells_at(line, place, delimiter):
            n_cells = len(cells) + 1
            if n_cells == width if end == len(line) else n_cells < width:
                heapq.heappush(ways, (spent + cost, -n_cells, end + 1, (*cells, cell)))
    return []


def _cells_at(line: str, place: int, delimiter: str) -> Iterator[tuple[int, int, str]]:
    """Yield the cells that may begin at a place: marks that are plain signs in it, where it ends, and what it holds."""
    end = line.find(delimiter, place)
    end = len(line) if end < 0 else end
    bare = line[place:end]
    n_marks = bare.count('"')
    yield n_marks if bare.startswith('"') else n_marks % 2, end, bare
    if not line.startswith('"', place):
        return
    end = line.find('"', place + 1)
    while end >= 0:
        after = end + 1
        if after == len(line) or line.startswith(delimiter, after):
            quoted = line[place + 1 : end]
            yield quoted.replace('""', "").count('"'), after, quoted.replace('""', '"')
        end = line.find('"', after)
