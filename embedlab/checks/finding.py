"""Something that a person should look at, with the rows it is about."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

_NAMED = 5


@dataclass(frozen=True, eq=False)
class Finding:
    """Something to look at.

    Parameters
    ----------
    title : str
        What was found, as the start of a sentence.
    meaning : str
        What it does to the figures, in plain sentences.
    table : DataFrame
        The rows, with their numbers in the column ``row``, counted from 1.
    """

    title: str
    meaning: str
    table: pd.DataFrame = field(repr=False)

    @property
    def line(self) -> str:
        """All of it in one line, the first rows named."""
        numbers = [f"{row:,}" for row in self.table["row"].tolist()]
        more = f" and {len(numbers) - _NAMED:,} more" if len(numbers) > _NAMED else ""
        return f"{self.title} (rows {', '.join(numbers[:_NAMED])}{more}). {self.meaning}"


def plain(text: str) -> str:
    """Return a text as two are compared: white space and case do not count.

    Examples
    --------
    >>> plain(" Where  IS it? ")
    'where is it?'
    """
    return " ".join(text.split()).casefold()


def places_of(keys: Iterable[Hashable]) -> dict[Hashable, list[int]]:
    """Return where each key stands, in the order in which they come first.

    Examples
    --------
    >>> places_of("aba")
    {'a': [0, 2], 'b': [1]}
    """
    places: dict[Hashable, list[int]] = {}
    for place, key in enumerate(keys):
        places.setdefault(key, []).append(place)
    return places
