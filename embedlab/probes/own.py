"""A person's own contests, from a table with three columns."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from embedlab.errors import InvalidInputError
from embedlab.probes.contests import Contest, ContestSets
from embedlab.probes.known import OWN
from embedlab.texts import is_blank

if TYPE_CHECKING:
    import pandas as pd

# What the columns are called, in the order in which they are looked for.
_NAMES = {
    "anchor": ("anchor", "query", "question", "text", "sentence", "anker", "frage", "satz", "기준", "질문", "문장"),
    "near": ("near", "positive", "pos", "same", "match", "nah", "nahe", "gleich", "정답", "가까운"),
    "far": ("far", "negative", "neg", "hard_negative", "other", "different", "fern", "anders", "오답", "먼"),
}


@dataclass(frozen=True)
class OwnContests:
    """Contests of a table.

    Parameters
    ----------
    contests : tuple of Contest
    remarks : tuple of str
        What of the table was set aside, and why, in sentences; the numbers are those of its rows, from 1.
    """

    contests: tuple[Contest, ...]
    remarks: tuple[str, ...] = ()

    @property
    def sets(self) -> ContestSets:
        """The contests as :func:`embedlab.probe` takes them."""
        return {(OWN, OWN): self.contests}


def read_contests(path: str | Path, columns: Mapping[str, str] | None = None) -> OwnContests:
    """Read one's own contests from a file.

    Parameters
    ----------
    path : str or Path
        Any table that :func:`embedlab.read_table` reads.
    columns : dict of str to str, optional
        As for :func:`contests_of_table`.

    Returns
    -------
    OwnContests

    Raises
    ------
    TableError
        When the file cannot be read.
    InvalidInputError
        As for :func:`contests_of_table`.
    """
    from embedlab.reading import read_table

    return contests_of_table(read_table(Path(path)).frame, columns)


def contests_of_table(frame: pd.DataFrame, columns: Mapping[str, str] | None = None) -> OwnContests:
    """Return the contests of a table, without rows that are none.

    Parameters
    ----------
    frame : DataFrame of str
        What is no string, such as NaN, counts as blank.
    columns : dict of str to str, optional
        Columns for ``"anchor"``, ``"near"`` and ``"far"``; those not given are found by their names, such as
        ``positive`` and ``negative``.

    Returns
    -------
    OwnContests

    Raises
    ------
    InvalidInputError
        When a column is missing, or no row is a contest.

    Examples
    --------
    >>> import pandas as pd
    >>> found = contests_of_table(pd.DataFrame({"query": ["a", "d"], "positive": ["b", ""], "negative": ["c", "e"]}))
    >>> found.contests, found.remarks
    ((Contest(anchor='a', near='b', far='c'),), ('1 of 2 rows has a blank text and is set aside: row 2.',))
    """
    chosen = _find_columns([str(name) for name in frame.columns], columns or {})
    contests: dict[Contest, int] = {}
    aside: dict[str, list[int]] = {"a blank text": [], "two equal texts": [], "a contest that came before": []}
    for row, cells in enumerate(zip(*(frame[chosen[role]].tolist() for role in _NAMES), strict=True), 1):
        contest = Contest(*(cell if isinstance(cell, str) else "" for cell in cells))
        if any(map(is_blank, contest)):
            aside["a blank text"].append(row)
        elif len(set(contest)) < 3:
            aside["two equal texts"].append(row)
        elif contests.setdefault(contest, row) != row:
            aside["a contest that came before"].append(row)
    remarks = tuple(_said(rows, len(frame), why) for why, rows in aside.items() if rows)
    if not contests:
        raise InvalidInputError(" ".join(["No row of the table holds three different texts.", *remarks]))
    return OwnContests(tuple(contests), remarks)


def _find_columns(names: list[str], given: Mapping[str, str]) -> dict[str, str]:
    """Return the column of each text: the one named, or the first whose name says it."""
    folded = {name.strip().lower().replace(" ", "_"): name for name in reversed(names)}
    found: dict[str, str] = {}
    for role, usual in _NAMES.items():
        name = given.get(role) or next((folded[each] for each in usual if each in folded), None)
        if name not in names:
            missing = f"no column {name!r}" if name else f"no column that is called {role!r}"
            raise InvalidInputError(
                f"The table has {missing}, only {', '.join(map(repr, names))}. A table of contests has the columns "
                "anchor, near and far."
            )
        found[role] = name
    if len(set(found.values())) < len(found):
        raise InvalidInputError("Anchor, near and far need a column each. Name three different ones.")
    return found


def _said(rows: list[int], n_rows: int, why: str) -> str:
    some = ", ".join(f"{row:,}" for row in rows[:5]) + (f" and {len(rows) - 5:,} more" if len(rows) > 5 else "")
    has, row = ("has", "row") if len(rows) == 1 else ("have", "rows")
    is_are = "is" if len(rows) == 1 else "are"
    return f"{len(rows):,} of {n_rows:,} rows {has} {why} and {is_are} set aside: {row} {some}."
