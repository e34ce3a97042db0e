"""The cells of a table while it is read: kept by column, since a list for each row would take as much as the file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import overload

# Rows put away at once, while they are still in the cache of the processor: of four times as many each takes longer.
_AT_ONCE = 128
# Cells of a column after which it is known whether many are equal.
_TRIED = 256 * _AT_ONCE


class Cells(Sequence[list[str]]):
    """Rows of cells, kept by column as long as all rows have one width.

    Equal cells of a column share one string where at least half of them are equal to another one.

    Examples
    --------
    >>> cells = Cells()
    >>> cells.append(["a", "1"])
    >>> cells.append(["b", "2"])
    >>> cells.columns, cells[1], list(cells[:1])
    ([['a', 'b'], ['1', '2']], ['b', '2'], [['a', '1']])
    >>> cells.append(["c"])
    >>> cells.columns, cells[2]
    (None, ['c'])
    """

    def __init__(self) -> None:
        self._waiting: list[list[str]] = []
        self._columns: list[list[str]] = []
        self._shared: list[dict[str, str] | None] = []
        self._rows: list[list[str]] | None = None

    @property
    def columns(self) -> list[list[str]] | None:
        """The cells of each column; None where the rows have different widths."""
        self._put_away()
        return self._columns if self._rows is None else None

    def append(self, row: list[str]) -> None:
        """Add a row."""
        self._waiting.append(row)
        if len(self._waiting) == _AT_ONCE:
            self._put_away()

    def _put_away(self) -> None:
        rows, self._waiting = self._waiting, []
        if not rows:
            return
        if {*map(len, rows)} != {len(self._columns) or len(rows[0])}:
            self._keep_rows()
        if self._rows is not None:
            self._rows += rows
            return
        if not self._columns:
            self._columns, self._shared = [[] for _ in rows[0]], [{} for _ in rows[0]]
        for place, cells in enumerate(zip(*rows, strict=True)):
            self._columns[place] += self._share(place, cells)

    def _keep_rows(self) -> list[list[str]]:
        if self._rows is None:
            self._rows, self._columns = [list(row) for row in zip(*self._columns, strict=True)], []
        return self._rows

    def _share(self, place: int, cells: Sequence[str]) -> Sequence[str]:
        """Return some cells of a column as they stand, those known already as the strings that are known."""
        known, n_before = self._shared[place], len(self._columns[place])
        if known is None:
            return cells
        if n_before >= _TRIED and 2 * len(known) > n_before:
            self._shared[place] = None
        return list(map(known.setdefault, cells, cells))

    def __len__(self) -> int:
        self._put_away()
        if self._rows is not None:
            return len(self._rows)
        return len(self._columns[0]) if self._columns else 0

    def __iter__(self) -> Iterator[list[str]]:
        self._put_away()
        return iter(self._rows) if self._rows is not None else map(list, zip(*self._columns, strict=True))

    @overload
    def __getitem__(self, place: int) -> list[str]: ...
    @overload
    def __getitem__(self, place: slice) -> Cells: ...
    def __getitem__(self, place: int | slice) -> list[str] | Cells:
        self._put_away()
        if isinstance(place, int):
            return self._rows[place] if self._rows is not None else [column[place] for column in self._columns]
        if range(len(self))[place] == range(len(self)):
            return self
        part = Cells()
        part._rows = None if self._rows is None else self._rows[place]
        part._columns = [column[place] for column in self._columns]
        part._shared = [None] * len(self._columns)
        return part

    def __setitem__(self, place: int, row: list[str]) -> None:
        """Put another row in the place of one."""
        self._put_away()
        self._keep_rows()[place] = row
