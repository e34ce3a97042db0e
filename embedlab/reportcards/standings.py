"""Who does best in a probe, and whether the others can be told apart from her by the same contests."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from embedlab.probes import ReportCard, card_table

if TYPE_CHECKING:
    import pandas as pd

    from embedlab.intervals import Difference


@dataclass(frozen=True)
class Standing:
    """Where one model stands in a probe.

    Parameters
    ----------
    model : str
    score : float
    interval : (float, float) or None
        The 95 % interval; None where there are too few contests to say.
    to_best : Difference or None
        The score minus that of the best; None for the best itself.
    """

    model: str
    score: float
    interval: tuple[float, float] | None
    to_best: Difference | None

    @property
    def told_apart(self) -> str | None:
        """Whether the difference to the best is more than chance, in a word."""
        return self.to_best.told_apart if self.to_best else None


def standings(cards: Mapping[str, ReportCard], probe: str, language: str) -> list[Standing]:
    """Return where each model stands in a probe, the best first.

    Parameters
    ----------
    cards : dict of str to ReportCard
        Of the same contests, by the name of the model.
    probe, language : str

    Returns
    -------
    list of Standing
        The best is found by looking, so that every pair of models counts as held against each other: 95 % hold for all
        of the probe together.

    Raises
    ------
    InvalidInputError
        When something else was probed, or the cards are of different contests.
    """
    order = sorted(cards, key=lambda model: -cards[model].score(probe, language))
    n_pairs = len(cards) * (len(cards) - 1) // 2
    best = cards[order[0]]
    return [
        Standing(
            model,
            figure.value,
            figure.interval,
            cards[model].difference(best, probe, language, n_pairs) if place else None,
        )
        for place, model in enumerate(order)
        for figure in [cards[model].figure(probe, language)]
    ]


def standings_table(cards: Mapping[str, ReportCard]) -> pd.DataFrame:
    """Return the cards as one table, a row for each model, probe and language.

    Parameters
    ----------
    cards : dict of str to ReportCard
        Of the same contests, by the name of the model.

    Returns
    -------
    DataFrame
        As :func:`embedlab.probes.card_table` returns it, with the further columns ``to_best`` and ``told_apart``.
    """
    table = card_table(cards)
    said = {
        (each.model, probe, language): each
        for probe, language in dict.fromkeys(zip(table["probe"], table["language"], strict=True))
        for each in standings(cards, probe, language)
    }
    found = [said[key] for key in zip(table["model"], table["probe"], table["language"], strict=True)]
    table["to_best"] = [each.to_best.value if each.to_best else np.nan for each in found]
    table["told_apart"] = [each.told_apart for each in found]
    return table
