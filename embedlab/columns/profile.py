"""What a person wants to know of a column before she works with it: its kind, how much is filled, and some cells."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

import numpy as np

from embedlab.columns.bars import Bars, date_bars, label_bars, number_bars, time_bars
from embedlab.columns.labels import are_few, read_labels
from embedlab.columns.likeness import lack_letters, mean_likeness
from embedlab.columns.scale import Scale, read_scale
from embedlab.rows import sample_positions

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from embedlab.columns.meaning import Meanings

# A million rows of five columns take two seconds so, and twelve when all are looked at.
_MOST_CELLS = 1_000_000
_LOOKED_AT = 500
_EXAMPLES = 3
# A word of language alone counts 0.2.
_LEAST_LIKENESS = 0.15
ColumnKind = Literal[
    "empty", "number", "date", "time of day", "several labels", "label", "JSON", "text", "id, code or address"
]
_SCALES: Mapping[str, ColumnKind] = {"number": "number", "date": "date", "time": "time of day"}
_SCALE_BARS: Mapping[ColumnKind, Callable[[NDArray[np.float64]], Bars]] = {
    "number": number_bars,
    "date": date_bars,
    "time of day": time_bars,
}
_FEW_NUMBERS = "Numbers or dates, but so few different ones that each is a label."


@dataclass(frozen=True)
class ColumnProfile:
    """What was seen of a column.

    Parameters
    ----------
    name : str
    kind : str
        What it is taken for.
    n_rows, n_missing, n_different : int
        Rows that were looked at; those of them that are blank or hold a word that means missing; different cells among
        the others.
    missing_words : dict of str to int
        Words that were taken for missing, and how often, the most frequent first.
    kept_words : dict of str to int
        Words that often mean missing and are values here, and how often.
    examples : tuple of str
        Frequent cells of labels; of anything else the first cells that differ.
    notes : tuple of str
        What was decided without being certain, and what does not fit; a sentence each.
    has_open_order : bool
        Whether no cell settles if the day or the month stands first.
    bars : Bars
        How its numbers, dates, labels or lengths of texts are spread.
    """

    name: str
    kind: ColumnKind
    n_rows: int
    n_missing: int
    n_different: int
    missing_words: Mapping[str, int] = field(default_factory=dict)
    kept_words: Mapping[str, int] = field(default_factory=dict)
    examples: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    has_open_order: bool = False
    bars: Bars = Bars()

    @property
    def filled(self) -> float:
        """Share of the rows that are not missing, in [0, 1]."""
        return 1 - self.n_missing / self.n_rows if self.n_rows else 0.0


def profile_columns(meanings: Meanings, progress: Callable[[int, int], None] | None = None) -> list[ColumnProfile]:
    """Say what was understood of each column of a table.

    Parameters
    ----------
    meanings : Meanings
    progress : callable, optional
        Called with the columns that are done and all columns.

    Returns
    -------
    list of ColumnProfile
        In the order of the table. Of a table of more than a million cells so many rows are looked at, drawn at random
        and the same every time; what is said of numbers and dates is of all rows.

    Examples
    --------
    >>> import pandas as pd
    >>> from embedlab.columns import Meanings
    >>> topics = pd.DataFrame({"topic": ["late", "N/A", "late", "broken", "late"]})
    >>> found = profile_columns(Meanings(topics))[0]
    >>> found.kind, found.filled, found.missing_words, found.examples
    ('label', 0.8, {'N/A': 1}, ('late', 'broken'))
    """
    frame = meanings.frame
    most = max(1_000, _MOST_CELLS // max(1, len(frame.columns)))
    rows = sample_positions(len(frame), most, random_state=0)
    looked_at = meanings if len(rows) == len(frame) else meanings.of(frame.iloc[rows])
    found = []
    for column in frame.columns:
        found.append(_profile(meanings, looked_at, str(column)))
        if progress is not None:
            progress(len(found), len(frame.columns))
    return found


def _profile(meanings: Meanings, looked_at: Meanings, column: str) -> ColumnProfile:
    import pandas as pd

    missing = looked_at.missing(column)
    codes, found = pd.factorize(looked_at.labels(column)[~missing.rows])
    counts = np.bincount(codes, minlength=len(found))
    # What a few rows settle, such as the order of day and month, has to be told from all of them.
    scale = meanings.scale(column) if looked_at.scale(column) is not None else None
    kind = _kind(looked_at, column, scale, found, len(codes))
    order = np.argsort(-counts, kind="stable") if kind == "label" else np.arange(len(counts))
    return ColumnProfile(
        column,
        kind,
        len(missing.rows),
        int(missing.rows.sum()),
        len(found),
        missing.words,
        missing.kept,
        tuple(str(found[place]).strip() for place in order[:_EXAMPLES].tolist()),
        _notes(kind, scale, found),
        scale is not None and scale.is_date and bool(scale.note),
        _bars(kind, column, scale, found, counts),
    )


def _bars(
    kind: ColumnKind, column: str, scale: Scale | None, found: NDArray[np.object_], counts: NDArray[np.int64]
) -> Bars:
    """Return how a column is spread; ``found`` are its different cells, ``counts`` how often each comes."""
    if kind in _SCALE_BARS:
        few = None if scale is not None else read_scale(found, name=column, missing=(), least_different=1)
        numbers = scale.numbers if scale is not None else np.repeat(few.numbers, counts) if few is not None else None
        return Bars() if numbers is None else _SCALE_BARS[kind](numbers)
    if kind == "label":
        return label_bars(found.tolist(), counts.tolist())
    if kind == "several labels":
        listed = [read_labels(cell) for cell in found.tolist()]
        named = [(label, count) for cells, count in zip(listed, counts.tolist(), strict=True) for label in cells]
        return label_bars([label for label, _ in named], [count for _, count in named])
    if kind == "text":
        return number_bars(np.repeat(np.array([len(cell) for cell in found], dtype=np.float64), counts), "characters, ")
    return Bars()


def _kind(meanings: Meanings, column: str, scale: Scale | None, found: NDArray[np.object_], n_cells: int) -> ColumnKind:
    """Return what a column is taken for; ``found`` are its different cells, the first ones first."""
    if not len(found):
        return "empty"
    if scale is not None:
        return _SCALES[scale.kind]
    if meanings.label_sets(column) is not None:
        return "several labels"
    drawn = [str(cell).strip() for cell in found[sample_positions(len(found), _LOOKED_AT, random_state=0)]]
    if len(found) < n_cells and are_few(len(found), n_cells, sum(map(len, drawn)) / len(drawn)):
        return "label"
    if (few := read_scale(drawn, name=column, missing=(), least_different=1)) is not None:
        return _SCALES[few.kind]
    if 2 * sum(map(_is_json, drawn)) > len(drawn):
        return "JSON"
    return "text" if mean_likeness(drawn) >= _LEAST_LIKENESS else "id, code or address"


def _notes(kind: ColumnKind, scale: Scale | None, found: NDArray[np.object_]) -> tuple[str, ...]:
    if scale is not None:
        return tuple(filter(None, (scale.note, scale.remark)))
    if kind == "label" and len(found) == 1:
        return ("The same in every row that is filled.",)
    if kind == "label" and all(lack_letters([str(cell) for cell in found])):
        return (_FEW_NUMBERS,)
    return ()


def _is_json(cell: str) -> bool:
    if not cell.startswith(("{", "[")):
        return False
    try:
        json.loads(cell)
    except (ValueError, RecursionError):
        return False
    return True
