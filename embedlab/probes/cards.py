"""The report card of a model: how it does in each probe, how sure that is, and in which contests it fails."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from embedlab.errors import InvalidInputError
from embedlab.intervals import Difference, MeanEstimate, difference
from embedlab.probes.contests import Contest, ContestSets, texts_of
from embedlab.probes.scores import CHANCE, ProbeScore, mean_passed
from embedlab.similarity import paired_cosine_similarity

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import ArrayLike


@dataclass(frozen=True, eq=False)
class ReportCard:
    """How a model does in every probe that was asked for.

    Parameters
    ----------
    scores : tuple of ProbeScore
        One for each probe and language.

    Examples
    --------
    >>> sets = {("own", "own"): (Contest("a", "b", "c"), Contest("b", "a", "c"))}
    >>> card = ReportCard.of(sets, lambda texts: [[1.0, 0.0], [0.8, 0.6], [0.0, 1.0]])
    >>> card.score("own"), round(card.scores[0].margin, 2)
    (1.0, 0.5)
    """

    scores: tuple[ProbeScore, ...]

    @classmethod
    def of(cls, sets: ContestSets, embed: Callable[[list[str]], ArrayLike]) -> ReportCard:
        """Return the card of whatever turns texts into embeddings.

        Parameters
        ----------
        sets : dict of (str, str) to tuple of Contest
            By probe and language, as :func:`bundled_sets` returns them.
        embed : callable
            Given every text of the contests once, it returns their embeddings, shape (n_texts, d).

        Raises
        ------
        InvalidInputError
            Where there are no contests, or the embeddings are not one row of numbers for each text.
        """
        if not sets or not all(sets.values()):
            raise InvalidInputError("There are no contests. Each needs an anchor, a near and a far text.")
        texts = texts_of(sets)
        embeddings = np.asarray(embed(texts))
        if embeddings.ndim != 2 or len(embeddings) != len(texts):
            raise InvalidInputError(f"{len(texts):,} texts need a row each; the embeddings are {embeddings.shape}.")
        if embeddings.dtype.kind in "iub":
            raise InvalidInputError(
                f"The embeddings are codes ({embeddings.dtype}), whose cosines are not those of what they stand for. "
                "Turn them into numbers first."
            )
        row_of = {text: row for row, text in enumerate(texts)}
        scores = []
        for (probe, language), contests in sets.items():
            anchor, near, far = (embeddings[[row_of[text] for text in side]] for side in zip(*contests, strict=True))
            cosines = (paired_cosine_similarity(anchor, other).astype(np.float64) for other in (near, far))
            scores.append(ProbeScore(probe, language, tuple(contests), *cosines))
        return cls(tuple(scores))

    def of_probe(self, probe: str, language: str | None = None) -> tuple[ProbeScore, ...]:
        """Return the scores of a probe in a language, or in each.

        Raises
        ------
        InvalidInputError
            If it was not probed.
        """
        found = tuple(each for each in self.scores if each.probe == probe and language in (None, each.language))
        if not found:
            asked = f"{probe!r}" if language is None else f"{probe!r} in {language!r}"
            raise InvalidInputError(f"{asked} was not probed. This card has: {', '.join(self.probes)}.")
        return found

    @property
    def probes(self) -> tuple[str, ...]:
        """What was probed, each once, in order."""
        return tuple(dict.fromkeys(each.probe for each in self.scores))

    def figure(self, probe: str, language: str | None = None) -> MeanEstimate:
        """Return the score of a probe with its contests, in a language or in all of them together."""
        return mean_passed(self.of_probe(probe, language))

    def score(self, probe: str, language: str | None = None) -> float:
        """Return the share of contests passed, in a language or in all of them together."""
        return self.figure(probe, language).value

    def difference(
        self, other: ReportCard, probe: str, language: str | None = None, n_comparisons: int = 1
    ) -> Difference:
        """Hold the score of a probe against that of another card, contest by contest.

        Parameters
        ----------
        other : ReportCard
            Of the same contests.
        probe, language, n_comparisons
            As for :meth:`figure` and :func:`embedlab.intervals.difference`.

        Returns
        -------
        Difference
            The score here minus the other one, with an interval that takes into account that the contests are the same.

        Raises
        ------
        InvalidInputError
            When the contests are others.
        """
        mine, others = self.of_probe(probe, language), other.of_probe(probe, language)
        if [(each.language, each.contests) for each in mine] != [(each.language, each.contests) for each in others]:
            raise InvalidInputError(f"The two cards are of different contests of {probe!r}. Probe both with the same.")
        return difference(mean_passed(mine), mean_passed(others), n_comparisons)

    @property
    def table(self) -> pd.DataFrame:
        """One row for each probe and language: its score, the interval, chance, the mean margin, and how many contests.

        ``low`` and ``high`` are NaN where there are too few contests to say.
        """
        return card_table({"": self}).drop(columns="model")

    @property
    def items(self) -> pd.DataFrame:
        """One row for each contest with both cosines and whether it was passed (1, 1/2 or 0), failed first."""
        import pandas as pd

        parts = [
            pd.DataFrame(
                {
                    "probe": each.probe,
                    "language": each.language,
                    **dict(zip(Contest._fields, map(list, zip(*each.contests, strict=True)), strict=True)),
                    "cosine_near": each.near,
                    "cosine_far": each.far,
                    "passed": each.passed,
                }
            )
            for each in self.scores
        ]
        frame = pd.concat(parts, ignore_index=True)
        margins = frame["cosine_near"] - frame["cosine_far"]
        return frame.iloc[np.lexsort((margins, frame["passed"]))].reset_index(drop=True)


def card_table(cards: Mapping[str, ReportCard]) -> pd.DataFrame:
    """Return the cards of several models as one table, a row for each model, probe and language.

    Parameters
    ----------
    cards : dict of str to ReportCard
        By the name of the model.

    Returns
    -------
    DataFrame
        With the columns ``model``, ``probe``, ``language``, ``score``, ``low``, ``high``, ``chance``, ``margin`` and
        ``n_items``.
    """
    import pandas as pd

    rows = [
        {
            "model": model,
            "probe": each.probe,
            "language": each.language,
            "score": each.score,
            **dict(zip(("low", "high"), each.interval or (np.nan, np.nan), strict=True)),
            "chance": CHANCE,
            "margin": each.margin,
            "n_items": each.n_items,
        }
        for model, card in cards.items()
        for each in card.scores
    ]
    return pd.DataFrame(rows)
