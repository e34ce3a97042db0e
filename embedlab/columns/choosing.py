"""Which column holds the texts, and which the labels: by what stands in it, how much of it is filled, and its name."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from embedlab.columns.labels import are_few, has_several_labels, read_labels
from embedlab.columns.likeness import lack_letters, mean_likeness
from embedlab.columns.missing import find_missing
from embedlab.errors import TableError
from embedlab.rows import sample_positions
from embedlab.tables import LABEL_NAMES, LESSER_TEXT_NAMES, TEXT_NAMES

if TYPE_CHECKING:
    import pandas as pd

_ROWS = 1000
# With one of these a name says something about a text, and not the text.
_ABOUT = frozenset(
    {"id", "ids", "uuid", "key", "hash", "url", "link", "count", "length", "len", "num", "number", "date", "time", "at"}
    | {"type", "lang", "language", "author", "user", "email", "status", "score", "rating", "source", "path", "file"}
    | {"agent", "ip", "version", "raw", "json", "html", "metadata", "meta"}
)
_NO_LABELS = _ABOUT | {"split", "country", "gender", "name", "city", "region", "fold", "subset"}
_WORDS = re.compile(r"[^\W\d_]+\d*")
_CAMEL = re.compile(r"(?<=[a-zà-ÿ])(?=[A-Z])")
_LONG, _MAX_NUMBERED = 200, 20
_YES_OR_NO = frozenset({"true", "false", "yes", "no", "0", "1", "y", "n", "ja", "nein"})


class ColumnGuess(NamedTuple):
    """A column, and why it was chosen: what follows "because", without a full stop."""

    column: str
    why: str


@dataclass(frozen=True)
class _Looked:
    """What was seen of a column."""

    column: str
    cells: list[str]
    filled: float

    @property
    def words(self) -> set[str]:
        """The words of the last part of its name, as in `review_text`, `Open-Ended Response` or `data.message`."""
        name = self.column.replace("[]", "").rsplit(".", 1)[-1]
        return {word.casefold() for word in _WORDS.findall(_CAMEL.sub(" ", name))}


def guess_text_column(frame: pd.DataFrame) -> ColumnGuess:
    """Return the column that looks most like texts, and why.

    Parameters
    ----------
    frame : DataFrame of str

    Returns
    -------
    ColumnGuess

    Raises
    ------
    TableError
        When no column holds words.

    Notes
    -----
    A column counts by how much its cells are language (words, and no JSON, addresses, ids, paths or names of
    programs), how long they are, how many of them differ, and the share of rows that are filled; a usual name counts
    three times as much.

    Examples
    --------
    >>> import pandas as pd
    >>> frame = pd.DataFrame({"id": ["a1", "b2"], "answer": ["The parcel never came.", "It came too late."]})
    >>> guess_text_column(frame).column
    'answer'
    """
    seen = [_look_at(frame, column) for column in frame.columns]
    best = max(seen, key=_text_score)
    if _text_score(best) <= 0:
        raise TableError(
            "No column of this table holds words, only numbers, dates or nothing. Choose a table with texts."
        )
    length = sum(map(len, best.cells)) / len(best.cells)
    named = "it is called as texts usually are, and " if _name_weight(best) > 1 else ""
    share = "all of its cells are" if best.filled == 1 else f"{best.filled:.0%} of its cells are"
    return ColumnGuess(best.column, f"{named}{share} filled, with about {length:,.0f} characters of language each")


def guess_label_column(frame: pd.DataFrame, text_column: str) -> str | None:
    """Return the column that looks most like labels, a few short names that come back, or None.

    Parameters
    ----------
    frame : DataFrame of str
    text_column : str
        Is not a label column.
    """
    seen = [_look_at(frame, column) for column in frame.columns if column != text_column]
    best = max(seen, key=_label_score, default=None)
    return best.column if best is not None and _label_score(best) > 0 else None


def _look_at(frame: pd.DataFrame, column: str) -> _Looked:
    """Look at the cells of some rows from all over the table: the first ones are often of one kind."""
    rows = sample_positions(len(frame), _ROWS, random_state=0)
    cells = [cell.strip() for cell in frame[column].to_numpy(dtype=object)[rows].tolist()]
    missing = find_missing(cells, name=str(column)).rows.tolist()
    known = [cell for cell, out in zip(cells, missing, strict=True) if not out]
    return _Looked(str(column), known, len(known) / max(len(cells), 1))


def _name_weight(seen: _Looked) -> float:
    words = seen.words
    if not words & _ABOUT and words & TEXT_NAMES:
        return 3.0
    return 1.2 if not words & _ABOUT and words & LESSER_TEXT_NAMES else 1.0


def _text_score(seen: _Looked) -> float:
    cells = seen.cells
    if not cells or sum(lack_letters(cells)) > 0.5 * len(cells):
        return 0.0
    length = sum(min(_LONG, len(cell)) for cell in cells) / len(cells)
    # One sentence in all rows says nothing of any; a remark here and there is no column to work on.
    varied = 0.1 + len(set(cells)) / len(cells) if len(set(cells)) > 1 or len(cells) == 1 else 0.01
    return mean_likeness(cells) * length * varied * seen.filled**2 * _name_weight(seen)


def _label_score(seen: _Looked) -> float:
    """More than one and few different, short, not numbers or dates; a usual name decides between several."""
    listed = (
        [read_labels(cell) for cell in seen.cells] if has_several_labels(seen.cells) else [(c,) for c in seen.cells]
    )
    different = list({label for labels in listed for label in labels})
    if len(different) < 2 or not are_few(len(different), len(seen.cells), sum(map(len, different)) / len(different)):
        return 0.0
    is_named = bool(seen.words & LABEL_NAMES) and not seen.words & _NO_LABELS
    if all(lack_letters(different)) and not (is_named and len(different) <= _MAX_NUMBERED):
        return 0.0
    if is_named:
        return 10 + 1 / len(different)
    is_weak = bool(seen.words & _NO_LABELS) or {label.casefold() for label in different} <= _YES_OR_NO
    return (0.1 if is_weak else 1) * seen.filled + 0.01 / len(different)
