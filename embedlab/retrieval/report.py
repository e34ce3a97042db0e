"""Ways that were judged: their figures, which of them are more than chance apart, and the table to take along."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from embedlab.comparison import MEASURES, behind_best, ranked

if TYPE_CHECKING:
    import pandas as pd

    from embedlab.gold import Retrieval
    from embedlab.intervals import Difference, Estimate
    from embedlab.retrieval.counting import TokenCounter
    from embedlab.retrieval.ways import Way


@dataclass(frozen=True, eq=False)
class WayResult:
    """What is known of one way.

    Parameters
    ----------
    way : Way
    figures : dict of str to Estimate
        Keys of ``MEASURES``, of what stands in the prompts.
    n_passages : int
        That are searched.
    mean_passages, mean_tokens : float
        In a prompt.
    n_full : int
        Questions for which the context was full before all passages that were wanted had a place.
    n_twins : float
        Near-duplicates in a prompt, as a mean.
    cut_share : float
        Share of the pairs that the cross-encoder did not read to their end; NaN without one.
    seconds : float
        To search and rerank for a question, as a mean of the clock on this machine; the question is embedded before.
    """

    way: Way
    figures: dict[str, Estimate]
    n_passages: int
    mean_passages: float
    mean_tokens: float
    n_full: int
    n_twins: float
    cut_share: float
    seconds: float


@dataclass(frozen=True, eq=False)
class RetrievalComparison:
    """Ways on the same questions.

    Parameters
    ----------
    gold : Retrieval
        Its ``top_k`` is how many places of a list count: all of the longest prompt.
    results : tuple of WayResult
    by_place : bool
        Whether places in documents are what was needed, or whole documents.
    counter : TokenCounter
    """

    gold: Retrieval
    results: tuple[WayResult, ...]
    by_place: bool
    counter: TokenCounter

    @property
    def measures(self) -> list[str]:
        """The figures that were taken, the main one first."""
        return [name for name in MEASURES if name in self.results[0].figures]

    def ranked(self, name: str) -> list[WayResult]:
        """Return the results, the best first."""
        return ranked(self.results, name)

    def to_best(self, name: str) -> dict[Way, Difference]:
        """Return how far each way lies below the best one, that one itself left out; all pairs of ways count."""
        return {result.way: behind for result, behind in behind_best(self.results, name)}


def retrieval_table(comparison: RetrievalComparison, name: str) -> pd.DataFrame:
    """Return a row for each way, the best first.

    Parameters
    ----------
    comparison : RetrievalComparison
    name : str
        The figure that orders the rows and is given with its interval; a key of ``MEASURES``.
    """
    import pandas as pd

    to_best = comparison.to_best(name)
    rows = []
    for result in comparison.ranked(name):
        figure, behind = result.figures[name], to_best.get(result.way)
        row: dict[str, object] = {"way": result.way.title, MEASURES[name].title: figure.value}
        row["low"], row["high"] = figure.interval or (None, None)
        row["to the best"] = behind.value if behind else None
        row["told apart"] = behind.told_apart if behind else None
        row["questions needed"] = behind.n_needed if behind and not behind.is_clear else None
        for other in (each for each in comparison.measures if each != name):
            row[MEASURES[other].title] = result.figures[other].value if other in result.figures else None
        row |= {
            "passages searched": result.n_passages,
            "passages in the prompt": result.mean_passages,
            "tokens of the prompt": round(result.mean_tokens),
            "questions with a full context": result.n_full,
            "near-duplicates in the prompt": result.n_twins,
            "pairs not read to the end": None if math.isnan(result.cut_share) else result.cut_share,
            "ms a question": 1000 * result.seconds,
            "key": result.way.key,
        }
        rows.append(row)
    return pd.DataFrame(rows).astype({"questions needed": "Int64"})
