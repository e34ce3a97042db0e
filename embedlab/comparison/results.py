"""What a comparison has found, and which differences are more than noise."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, TypeVar

from embedlab.comparison.measures import MEASURES
from embedlab.errors import InvalidInputError
from embedlab.intervals import Difference, Estimate, difference

if TYPE_CHECKING:
    from embedlab.comparison.candidates import Candidate
    from embedlab.comparison.costs import Cost
    from embedlab.gold import Gold
    from embedlab.spec import EmbeddingSpec


@dataclass(frozen=True, eq=False)
class Result:
    """What is known of one candidate.

    Parameters
    ----------
    candidate : Candidate
        With its pooling named.
    spec : EmbeddingSpec
        How texts were embedded, to the last detail.
    figures : dict of str to Estimate
        Keys of ``MEASURES``.
    cost : Cost
    as_trained : bool
        Whether the model is used the way it was trained.
    neighbors_kept : Estimate or None
        The share of the ten nearest texts of the full vectors that the compressed ones find, too; None for full ones.
    remark : str, default=""
        What has to be known before the figures are believed.
    """

    candidate: Candidate
    spec: EmbeddingSpec
    figures: dict[str, Estimate]
    cost: Cost
    as_trained: bool
    neighbors_kept: Estimate | None = None
    remark: str = ""


class Measured(Protocol):
    """What figures were taken of, all on the same rows."""

    @property
    def figures(self) -> dict[str, Estimate]: ...  # noqa: D102


M = TypeVar("M", bound=Measured)


def ranked(results: Sequence[M], name: str) -> list[M]:
    """Return the results that have a figure, the best first."""
    having = [result for result in results if name in result.figures]
    return sorted(having, key=lambda result: -result.figures[name].value)


def behind_best(results: Sequence[M], name: str) -> list[tuple[M, Difference]]:
    """Return how far each result that has a figure lies below the best one, that one itself left out.

    The best is found by looking, so that every pair of results counts as held against each other.
    """
    best, *others = ranked(results, name)
    n_pairs = len(others) * (len(others) + 1) // 2
    return [(result, difference(result.figures[name], best.figures[name], n_pairs)) for result in others]


@dataclass(frozen=True, eq=False)
class Comparison:
    """Results on the same texts.

    Parameters
    ----------
    gold : Gold
    results : tuple of Result
    n_missing : int, default=0
        Candidates that are still to come, while the comparison is under way.
    """

    gold: Gold
    results: tuple[Result, ...]
    n_missing: int = 0

    @property
    def measures(self) -> list[str]:
        """The figures that were taken, the main one first."""
        return [name for name in MEASURES if any(name in result.figures for result in self.results)]

    def ranked(self, name: str) -> list[Result]:
        """Return the results that have a figure, the best first."""
        return ranked(self.results, name)

    def figure(self, name: str, candidate: Candidate) -> Estimate:
        """Return a figure of one candidate.

        Raises
        ------
        InvalidInputError
            When the candidate is not among the results, or has no such figure.
        """
        for result in self.results:
            if result.candidate == candidate and name in result.figures:
                return result.figures[name]
        raise InvalidInputError(f"There is no figure {name!r} of {candidate.title}. Compare it first.")

    def to_best(self, name: str) -> dict[Candidate, Difference]:
        """Return how far each result lies below the best one, that one itself left out.

        The best is found by looking, so that every pair of candidates counts as held against each other.
        """
        return {result.candidate: behind for result, behind in behind_best(self.results, name)}

    def to_trained(self, name: str) -> dict[Candidate, Difference]:
        """Return what it costs to read a model otherwise than it was trained, for each result with full vectors."""
        having = [result for result in self.results if name in result.figures]
        trained = {_model(result): result for result in having if result.as_trained}
        full = [result for result in having if result.candidate.compression.is_full]
        otherwise = [result for result in full if not result.as_trained and _model(result) in trained]
        return {
            result.candidate: difference(result.figures[name], trained[_model(result)].figures[name], len(otherwise))
            for result in otherwise
        }

    def to_full(self, name: str) -> dict[Candidate, Difference]:
        """Return what it costs to compress vectors, for each result that does; against the same ones in full."""
        having = {result.candidate: result for result in self.results if name in result.figures}
        small = [each for each in having if not each.compression.is_full and each.full in having]
        return {
            each: difference(having[each].figures[name], having[each.full].figures[name], len(small)) for each in small
        }

    def pareto_front(self, name: str) -> list[Result]:
        """Return the results that none beats in both the figure and the texts a second, the quickest first."""
        front: list[Result] = []
        measured = [result for result in self.ranked(name) if result.cost.is_measured]
        for result in sorted(measured, key=lambda result: -result.cost.texts_per_second):
            if not front or result.figures[name].value > front[-1].figures[name].value:
                front.append(result)
        return front


def _model(result: Result) -> tuple[str, str]:
    return result.candidate.model, result.candidate.precision
