"""What the columns of a table may be: roles by name, which are checked alike wherever a table is read by them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Generic, TypeVar

from embedlab.errors import InvalidInputError

if TYPE_CHECKING:
    import pandas as pd

Read = TypeVar("Read", covariant=True)


@dataclass(frozen=True)
class Layout(Generic[Read]):
    """One way in which a table can say something about its texts.

    Parameters
    ----------
    title, description : str
        In plain words.
    roles : dict of str to str
        What each further column is, beside ``"text"``: a name and what it holds.
    build : callable
        From a table and a column for each role to what it says.
    extras : dict of str to str
        Further roles, which may be left out.
    """

    title: str
    description: str
    roles: Mapping[str, str]
    build: Callable[..., Read]
    extras: Mapping[str, str] = field(default_factory=dict)


def find_layout(
    layouts: Mapping[str, Layout[Read]], name: str, frame: pd.DataFrame, columns: Mapping[str, str]
) -> Layout[Read]:
    """Return a layout by its name when the table has a column for each of its roles, and for ``"group"`` if given.

    Raises
    ------
    InvalidInputError
        For an unknown layout or a missing column.
    """
    if name not in layouts:
        raise InvalidInputError(f"There is no layout {name!r}. Choose one of: {', '.join(layouts)}.")
    found = layouts[name]
    for role in ("text", *found.roles, *(each for each in (*found.extras, "group") if each in columns)):
        if columns.get(role) not in frame.columns:
            raise InvalidInputError(f"The table has no column {columns.get(role)!r} for the {role}. Choose one.")
    return found
