"""Report cards to read: a table for each language, probes down and models across."""

from __future__ import annotations

from collections.abc import Mapping

from embedlab.comparison import to_markdown
from embedlab.probes import CHANCE, LANGUAGES, ReportCard, find_probe
from embedlab.reportcards.standings import Standing, standings

_READING = (
    f"Share of contests passed with its 95 % interval; chance is {CHANCE}. A star marks the best of a row, and what "
    "cannot be told apart from it."
)


def cards_markdown(cards: Mapping[str, ReportCard]) -> str:
    """Return the scores of some models as Markdown, a table for each language.

    Parameters
    ----------
    cards : dict of str to ReportCard
        Of the same contests, by the name of the model.

    Returns
    -------
    str
        Each score with its 95 % interval; a star stands behind the best of a probe and what cannot be told from it.
        Empty without cards.
    """
    import pandas as pd

    tables: dict[str, list[dict[str, str]]] = {}
    keys = dict.fromkeys((each.probe, each.language) for card in cards.values() for each in card.scores)
    for probe, language in keys:
        said = {each.model: _said(each) for each in standings(cards, probe, language)}
        row = {"probe": find_probe(probe).title, **{model: said[model] for model in cards}}
        tables.setdefault(LANGUAGES.get(language, "Your texts"), []).append(row)
    return "".join(
        f"\n## Probes: {language}\n\n{_READING}\n\n{to_markdown(pd.DataFrame(rows))}"
        for language, rows in tables.items()
    )


def _said(each: Standing) -> str:
    ends = "{:.2f} to {:.2f}".format(*each.interval) if each.interval else "too few to say"
    return f"{each.score:.2f} ({ends}){'' if each.told_apart == 'yes' else ' ★'}"
