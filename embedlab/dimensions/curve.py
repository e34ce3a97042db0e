"""Quality over bytes: each compression of a model held against its full vectors."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from embedlab.errors import InvalidInputError

if TYPE_CHECKING:
    from embedlab.comparison import Candidate, Comparison, Result
    from embedlab.intervals import Difference, Estimate

KEPT = 0.95
"""The share of the nearest texts that vectors should keep where nothing else is known of the texts."""


@dataclass(frozen=True, eq=False)
class Point:
    """Vectors of one size.

    Parameters
    ----------
    result : Result
    behind : Difference or None
        From the full vectors; None for these themselves, and where they have no such figure.
    is_full : bool, default=False
        Whether these are the vectors as the model gives them, which the others are held against.
    """

    result: Result
    behind: Difference | None
    is_full: bool = False

    @property
    def n_bytes(self) -> int:
        """What a query reads of each text."""
        return self.result.cost.bytes_per_vector

    @property
    def title(self) -> str:
        """The vectors in words."""
        return self.result.candidate.vectors_title


@dataclass(frozen=True, eq=False)
class Curve:
    """All compressions of one model that were compared; :func:`quality_curve` makes it.

    Parameters
    ----------
    comparison : Comparison
    name : str
        The figure; a key of ``MEASURES``.
    points : tuple of Point
        Those that have the figure, the smallest vectors first, of equal sizes the better first.
    others : tuple of Result, default=()
        Compressions that have no such figure, such as rescored ones beside labels, but keep some neighbours.
    """

    comparison: Comparison
    name: str
    points: tuple[Point, ...]
    others: tuple[Result, ...] = ()

    def figure(self, point: Point) -> Estimate:
        """Return the figure of a point."""
        return point.result.figures[self.name]

    @property
    def full(self) -> Point | None:
        """The full vectors; None where they have no such figure, because the others are held against them."""
        return next((point for point in self.points if point.is_full), None)

    @cached_property
    def front(self) -> tuple[Point, ...]:
        """The points that none beats in both bytes and figure, the smallest first."""
        front: list[Point] = []
        for point in self.points:
            if not front or self.figure(point).value > self.figure(front[-1]).value:
                front.append(point)
        return tuple(front)

    @cached_property
    def smallest(self) -> Point | None:
        """The smallest vectors that are as good as can be told.

        Those whose figure cannot be told from that of the full ones; without such a figure, those that keep ``KEPT``
        of the nearest texts. None where there are too few rows to say, or none is as good.
        """
        if self.full is None:
            level = [point for point in self.points if self.figure(point).value >= KEPT]
        else:
            level = [point for point in self.points if _cannot_be_told(point)]
        return level[0] if level else None


def quality_curve(comparison: Comparison, candidate: Candidate, name: str) -> Curve:
    """Hold the compressions of one candidate, and shorter vectors of a hosted one, against its full vectors.

    Parameters
    ----------
    comparison : Comparison
    candidate : Candidate
        With its pooling named; its compression does not matter.
    name : str
        A key of ``MEASURES``.

    Returns
    -------
    Curve
        Lengths that a hosted model was asked for (``model@256``) are among the points.

    Raises
    ------
    InvalidInputError
        When the candidate's full vectors are not among the results.

    Notes
    -----
    Intervals of the differences are those of :meth:`Comparison.to_full`, 95 % for all of them at once: where no
    compression does harm, one is told apart in one curve out of twenty at most.
    """
    compared, whole = {each.candidate for each in comparison.results}, candidate.full.base
    if whole not in compared:
        whole = candidate.full
    results = [each for each in comparison.results if whole in (each.candidate.base, each.candidate.full)]
    if whole not in compared:
        raise InvalidInputError(f"The full vectors of {whole.title} were not compared. Compare them, too.")
    having, behind = [each for each in results if name in each.figures], comparison.to_full(name)
    behind.pop(whole, None)
    points = [Point(each, behind.get(each.candidate), each.candidate == whole) for each in having]
    points.sort(key=lambda point: (point.n_bytes, -point.result.figures[name].value))
    return Curve(comparison, name, tuple(points), tuple(each for each in results if each not in having))


def _cannot_be_told(point: Point) -> bool:
    if point.behind is None:
        return point.is_full
    return math.isfinite(point.behind.low) and (not point.behind.is_clear or point.behind.value > 0)
