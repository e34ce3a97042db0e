"""Passages of longer texts, with their places in them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from hashlib import blake2b
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Places = NDArray[np.int64]


@dataclass(frozen=True)
class Splitting:
    """How long texts are split into passages.

    Parameters
    ----------
    max_tokens : int or None
        Tokens of a passage at most; None for what the model reads.
    overlap : int, default=0
        Tokens at the end of a passage that may come again at the beginning of the next.
    """

    max_tokens: int | None = None
    overlap: int = 0


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

    @cached_property
    def digest(self) -> str:
        """Digest of where they stand, which their texts do not tell."""
        found = blake2b(digest_size=16)
        for places in (self.document, self.start, self.end):
            found.update(places.tobytes())
        return found.hexdigest()

    @property
    def n_siblings(self) -> Places:
        """How many passages the document of each has, shape (n,)."""
        return np.bincount(self.document)[self.document]

    def places(self, numbers: Places) -> dict[str, Places]:
        """Return where each passage stands, as columns of a table: document, passage, of how many, start and end.

        Parameters
        ----------
        numbers : int64 array of shape (m,)
            What stands for each document.
        """
        columns = {"document": numbers[self.document], "passage": self.number, "passages": self.n_siblings}
        return columns | {"start": self.start, "end": self.end}

    def overlapping(self) -> tuple[Places, Places]:
        """Return the pairs of passages of one document that have a piece of it in common.

        Returns
        -------
        i, j : int64 arrays of shape (m,)
            Positions, ``i < j``.

        Examples
        --------
        >>> passages = Passages(["a b", "b c", "d", "a b"], *np.array([[0, 0, 0, 1], [0, 2, 6, 0], [3, 5, 7, 3]]))
        >>> [rows.tolist() for rows in passages.overlapping()]
        [[0], [1]]
        """
        nothing = np.zeros(0, dtype=np.int64)
        found = [(nothing, nothing)]
        for step in range(1, len(self.texts)):
            i = np.flatnonzero((self.document[step:] == self.document[:-step]) & (self.start[step:] < self.end[:-step]))
            if not len(i):
                break  # Passages further apart have nothing in common either.
            found.append((i, i + step))
        return np.concatenate([i for i, _ in found]), np.concatenate([j for _, j in found])
