"""How a row of a table becomes the text that is embedded: which columns make it, and what is taken out of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from embedlab.cleaning import CLEANING_STEPS, in_order
from embedlab.errors import InvalidInputError
from embedlab.tables import free_name
from embedlab.texts import is_blank

if TYPE_CHECKING:
    import pandas as pd

PREPARED = "prepared_text"
"""The column that holds the texts where they are not those of one column as they stand."""

# A title is no part of the first sentence; models read an end of a line as a space, what cuts sentences sees an end.
_BETWEEN = "\n\n"
# Cells that are cleaned between two looks at whether somebody has stopped it.
_BLOCK = 1_000


@dataclass(frozen=True)
class Preparation:
    """What makes the texts.

    Parameters
    ----------
    columns : tuple of str
        The text column, and those that are joined to it, with an empty line between them.
    cleaning : tuple of str, default=()
        Keys of ``CLEANING_STEPS``; each cell is cleaned before it is joined.

    Raises
    ------
    InvalidInputError
        Without columns, or for an unknown step.

    Examples
    --------
    >>> Preparation(("title", "body", "title"), ("links", "html"))
    Preparation(columns=('title', 'body'), cleaning=('html', 'links'))
    """

    columns: tuple[str, ...]
    cleaning: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not self.columns:
            raise InvalidInputError("There is no text column. Name the column whose texts are embedded.")
        object.__setattr__(self, "columns", tuple(dict.fromkeys(self.columns)))
        object.__setattr__(self, "cleaning", in_order(self.cleaning))

    @classmethod
    def of(cls, text: str | Preparation) -> Preparation:
        """Return the texts of a column as they stand, where it is the name of one."""
        return cls((text,)) if isinstance(text, str) else text

    @property
    def is_plain(self) -> bool:
        """Whether the texts are those of one column as they stand."""
        return len(self.columns) == 1 and not self.cleaning


def prepare(
    frame: pd.DataFrame, preparation: Preparation, progress: Callable[[int, int], None] | None = None
) -> tuple[pd.DataFrame, str]:
    """Make the texts of a table.

    Parameters
    ----------
    frame : DataFrame of str
        Must have the columns.
    preparation : Preparation
    progress : callable, optional
        Called with the cells that are cleaned by a step, and all of them.

    Returns
    -------
    frame : DataFrame
        The same where nothing is prepared; else with a column for the texts, and for what cleaning has taken out of
        them where that means something. The columns of the file stay as they are.
    text_column : str
        The column of the texts.
    """
    if preparation.is_plain:
        return frame, preparation.columns[0]
    import pandas as pd

    cells = [frame[column].tolist() for column in preparation.columns]
    taken_out: dict[str, list[str]] = {}
    n_done, n_all = 0, len(frame) * len(cells) * len(preparation.cleaning)
    for step in map(CLEANING_STEPS.__getitem__, preparation.cleaning):
        if step.find is not None:
            taken_out[step.column] = list(map(step.find, join_texts(cells)))
        for place, column in enumerate(cells):
            cells[place] = []
            for start in range(0, len(column), _BLOCK):
                cells[place] += map(step.clean, column[start : start + _BLOCK])
                n_done += len(column[start : start + _BLOCK])
                if progress is not None:
                    progress(n_done, n_all)
    prepared, names = frame.copy(), []
    for name, column in {PREPARED: join_texts(cells), **taken_out}.items():
        names.append(free_name(name, list(prepared.columns)))
        prepared[names[-1]] = pd.Series(column, prepared.index, dtype=object)  # as the others: no copy of each text
    return prepared, names[0]


def join_texts(columns: list[list[str]]) -> list[str]:
    r"""Join the cells of each row, with an empty line between them; blank ones leave nothing behind.

    Examples
    --------
    >>> join_texts([["Late", " "], ["Where is it?", "Hello"]])
    ['Late\n\nWhere is it?', 'Hello']
    """
    if len(columns) == 1:
        return columns[0]
    return [_BETWEEN.join(cell for cell in row if not is_blank(cell)) for row in zip(*columns, strict=True)]
