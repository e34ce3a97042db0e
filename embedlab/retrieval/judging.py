"""What a prompt holds of what a question needs: whole documents, or places in them, at the rank of their passage.

**By document**, where documents are judged: one is found at the rank of its first passage. A further passage of it is
nothing new, but takes up a place, as it takes up room in the prompt. So ways that cut documents differently are judged
by the same thing.

**By place**, where somebody has judged passages: a passage finds a judged place where both have half of the shorter one
in common. So what was judged holds when documents are cut otherwise.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from embedlab.evaluation import CUTOFFS, ranking_figures

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from embedlab.gold import Retrieval
    from embedlab.retrieval.passages import Passage

_COMMON = 0.5


class Needed(NamedTuple):
    """What answers a question: a document, or a place in it.

    Parameters
    ----------
    document : str
    grade : float, default=1
        Above 0; how well it answers.
    start, end : int or None
        In characters; None for the whole document.
    """

    document: str
    grade: float = 1.0
    start: int | None = None
    end: int | None = None

    def is_found_in(self, passage: Passage) -> bool:
        """Whether a passage is of the document and, where there is a place, has half of the shorter one in common."""
        if passage.document != self.document or self.start is None or self.end is None:
            return passage.document == self.document
        return overlap((passage.start, passage.end), (self.start, self.end))


def needed_of(gold: Retrieval) -> list[list[Needed]]:
    """Return the relevant texts of each question; documents are named by their position, as of ``gold.texts``."""
    return [[Needed(str(place), grade) for place, grade in sorted(grades.items())] for grades in gold.grades]


def cutoff_for(top_k: int) -> int:
    """Return how many places of a list count, so that all of a prompt with ``top_k`` passages does."""
    return next(cutoff for cutoff in CUTOFFS if cutoff >= top_k)


def prompt_figures(
    prompts: Sequence[Sequence[Passage]], needed: Sequence[Sequence[Needed]], top_k: int
) -> NDArray[np.float64]:
    """Hold the passages of prompts, best first, against what their questions need.

    Parameters
    ----------
    prompts : sequence of length m of sequences of Passage
    needed : sequence of length m of sequences of Needed
    top_k : int
        How many places count.

    Returns
    -------
    float64 array of shape (m, 6)
        As of :func:`embedlab.evaluation.ranking_figures`. A passage that finds two places at once takes two of the
        list, in either order.

    Examples
    --------
    The first passage is of another document, the second of the one that is needed, the third of it again.

    >>> from embedlab.retrieval.passages import Passage
    >>> found = [Passage("…", name, 0, 9, 0.5) for name in ("a", "b", "b")]
    >>> prompt_figures([found], [[Needed("b"), Needed("c")]], 3).round(3).tolist()  # nDCG: 0.631 / (1 + 0.631)
    [[0.387, 0.5, 0.25, 0.5, 0.333, 1.0]]
    """
    rows = [_ranks(found, wanted) for found, wanted in zip(prompts, needed, strict=True)]
    width = max(len(row) for row in rows)
    scores = np.full((len(rows), width), -np.inf)
    for row, ranks in zip(scores, rows, strict=True):
        row[: len(ranks)] = ranks
    grades = [{place: each.grade for place, each in enumerate(wanted)} for wanted in needed]
    return ranking_figures(scores, grades, top_k)


def _ranks(found: Sequence[Passage], wanted: Sequence[Needed]) -> list[float]:
    """Return minus the rank at which each thing that is needed is found, then those of passages with nothing new."""
    ranks = [-np.inf] * len(wanted)
    nothing_new: list[float] = []
    for rank, passage in enumerate(found, 1):
        new = [place for place, each in enumerate(wanted) if ranks[place] == -np.inf and each.is_found_in(passage)]
        for place in new:
            ranks[place] = -rank
        nothing_new += [] if new else [-rank]
    return [*ranks, *nothing_new]


def overlap(one: tuple[int, int], other: tuple[int, int]) -> bool:
    """Whether two places have half of the shorter one in common."""
    common = min(one[1], other[1]) - max(one[0], other[0])
    return common > 0 and common >= _COMMON * min(one[1] - one[0], other[1] - other[0])
