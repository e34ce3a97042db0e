"""Passages of longer texts, with their places in them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Places = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Passages:
    """Passages of some documents, in order.

    Parameters
    ----------
    texts : list of str of length n
        ``texts[i]`` is ``documents[document[i]][start[i]:end[i]]``, white space around it left out.
    document : int64 array of shape (n,)
        Position of the document each is from, rising.
    start, end : int64 arrays of shape (n,)
        Where it begins and ends there, in characters.
    """

    texts: list[str]
    document: Places
    start: Places
    end: Places

    @property
    def number(self) -> Places:
        """Which passage of its document each is, counted from 1, shape (n,)."""
        first = np.searchsorted(self.document, self.document)
        return np.arange(len(self.document)) - first + 1
