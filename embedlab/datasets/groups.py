"""Named groups of texts that a person has put together by hand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

SEPARATOR = "; "


def group_column(groups: Mapping[str, NDArray[np.int64]], n: int) -> list[str]:
    """Return the groups that each row is in, as a column of a table.

    Parameters
    ----------
    groups : mapping of str to int64 array
        Rows of each group; a row may be in several.
    n : int
        Number of rows.

    Returns
    -------
    list of str of length n
        Names with a semicolon between them; empty for a row in no group.

    Examples
    --------
    >>> group_column({"urgent": np.array([0, 2]), "to read": np.array([2])}, 3)
    ['urgent', '', 'urgent; to read']
    """
    names: list[list[str]] = [[] for _ in range(n)]
    for name, rows in groups.items():
        for row in rows.tolist():
            names[row].append(name)
    return [SEPARATOR.join(found) for found in names]
