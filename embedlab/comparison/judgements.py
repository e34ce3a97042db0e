"""Which rows a cell of judgements names, as people write it: ids in lists, in another case, with grades."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from embedlab.texts import is_blank

# Between ids; a slash parts them, too, unless it stands in an id.
_BETWEEN = re.compile(r"[\s,;|]+")
_GRADED = re.compile(r"(.+?)\s*[:=]\s*(\d+(?:\.\d+)?)")
_WHOLE = re.compile(r"(\d+)\.0+")
_QUOTES = "\"'“”’‘`"
_NAMED = 5


@dataclass(frozen=True)
class Judgements:
    """Questions with what answers them, and what could not be understood.

    Parameters
    ----------
    stored : list of int
        Rows that are searched.
    relevant : dict of str to dict of int to float
        For each question, positions in ``stored`` with their grades.
    n_set_aside : int
        Rows that are neither searched nor a question that can be used.
    remarks : tuple of str
        A sentence for each kind of thing that was not understood, with ids and rows, counted from 1.
    asked : list of int
        The first row of each question.
    """

    stored: list[int]
    relevant: dict[str, dict[int, float]]
    n_set_aside: int
    remarks: tuple[str, ...]
    asked: list[int]


def read_judgements(texts: Sequence[str], keys: Sequence[str], cells: Sequence[str]) -> Judgements:
    """Tell the rows that ask from those that are searched, and find the ones that a question names.

    Parameters
    ----------
    texts, keys, cells : sequence of str of length n
        The text of each row, its id, and the ids of the rows that answer it, empty for a row that is searched.
    """
    asking = [row for row, cell in enumerate(cells) if not is_blank(cell)]
    stored = [row for row, cell in enumerate(cells) if is_blank(cell) and not is_blank(texts[row])]
    places: dict[str, list[int]] = {}
    for position, row in enumerate(stored):
        places.setdefault(fold_key(keys[row]), []).append(position)
    relevant: dict[str, dict[int, float]] = {}
    asked: dict[str, int] = {}
    unknown: dict[str, int] = {}
    n_used = 0
    for row in asking:
        named = listed_keys(cells[row], places)
        unknown |= {key: row for key, _ in named if key not in places}
        found = {place: grade for key, grade in named for place in places.get(key, ()) if grade > 0}
        if found and not is_blank(texts[row]):
            relevant.setdefault(texts[row], {}).update(found)
            asked.setdefault(texts[row], row)
            n_used += 1
    several = {key: stored[found[1]] for key, found in places.items() if len(found) > 1 and key}
    remarks = (
        _remark(unknown, "ids name no row that is searched, so they count as no answer"),
        _remark(several, "ids stand in several rows, which all count as the answer"),
        f"{len(asking) - n_used:,} questions name no row that is searched, and are set aside."
        if n_used < len(asking)
        else "",
    )
    n_set_aside = len(texts) - len(stored) - n_used
    return Judgements(
        stored, relevant, n_set_aside, tuple(remark for remark in remarks if remark), list(asked.values())
    )


def fold_key(key: str) -> str:
    """Return an id without its case, quotes, and what a spreadsheet puts behind a whole number.

    Examples
    --------
    >>> fold_key(" D1 "), fold_key("'7.0'")
    ('d1', '7')
    """
    folded = key.strip().strip(_QUOTES).strip().casefold()
    return _WHOLE.fullmatch(folded)[1] if _WHOLE.fullmatch(folded) else folded  # type: ignore[index]


def listed_keys(cell: str, known: Iterable[str]) -> list[tuple[str, float]]:
    """Return the ids that a cell lists, folded, with their grades, 1 where none is given.

    Examples
    --------
    >>> listed_keys("[1, 2.0, '3']", {"1", "2", "3"})
    [('1', 1.0), ('2', 1.0), ('3', 1.0)]
    >>> listed_keys("d1:3 / D2", {"d1", "d2"})
    [('d1', 3.0), ('d2', 1.0)]
    """
    known = set(known)
    if fold_key(cell) in known:
        return [(fold_key(cell), 1.0)]
    found = []
    for part in _BETWEEN.split(cell.strip().strip("[](){}").strip()):
        pieces = [part] if fold_key(part) in known or "/" not in part else part.split("/")
        found += [_graded(piece, known) for piece in pieces if fold_key(piece)]
    return found


def _graded(piece: str, known: set[str]) -> tuple[str, float]:
    graded = _GRADED.fullmatch(piece)
    if graded and fold_key(piece) not in known:
        return fold_key(graded[1]), float(graded[2])
    return fold_key(piece), 1.0


def _remark(rows: dict[str, int], said: str) -> str:
    """Say how many ids something holds for, the first of them with their rows; nothing where there are none."""
    if not rows:
        return ""
    named = ", ".join(f"{key} (row {row + 1})" for key, row in list(rows.items())[:_NAMED])
    more = f" and {len(rows) - _NAMED:,} more" if len(rows) > _NAMED else ""
    return f"{len(rows):,} {said}: {named}{more}."
