"""Report cards of candidates: every probe as a cell of a table, and the contests of the cell that is chosen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import pandas as pd
import streamlit as st

from embedlab.escape import escape_markdown
from embedlab.plots import probe_heatmap
from embedlab.probes import CHANCE, LANGUAGES, ReportCard, find_probe
from embedlab.reportcards import Standing, standings, standings_table
from embedlab.ui.choices import address
from embedlab.ui.parts import downloads, is_dark
from embedlab.ui.tasks import probing

if TYPE_CHECKING:
    from embedlab.comparison import Candidate
    from embedlab.probes import ProbeScore

MAX_LISTED = 1000
KEYS = "card_model", "card_probe", "card_language"
SIDES = {1: "better than chance", 0: "not told from chance", -1: "worse than chance"}
OUTCOMES = {0.0: "failed", 0.5: "tie", 1.0: "passed"}
ALT = (
    "Share of contests passed, {} models and {} probes; choose a cell in the boxes below to read it and its contests, "
    "or take the table along"
)
READING = (
    "Share of contests in which the near text is nearer than the far one; a tie counts half. Blue is better than "
    "chance, orange worse. Click a cell to read its contests."
)
COSINE_HELP = "Cosine of the anchor and this text. The contest is passed where that of the near one is the larger."
TABLE_HELP = (
    "A row for each model, probe and language: score, interval, margin, and whether the best can be told from it."
)
ITEMS_HELP = "Every contest with both cosines by every model, the failed ones first."


def compute(contests: probing.Contests, chosen: Sequence[Candidate]) -> dict[str, ReportCard]:
    """Probe candidates, show their cards as they come, and return all by the titles of the candidates."""
    place = st.empty()

    def meanwhile(found: probing.Cards) -> None:
        with place.container():
            drawn = probe_heatmap(by_title(found), dark=is_dark())
            st.plotly_chart(drawn, key=f"report-cards-{len(found)}", alt=f"The cards of {len(found)} so far")

    found = probing.cards(contests, chosen, meanwhile)
    place.empty()
    return by_title(found)


def by_title(cards: probing.Cards) -> dict[str, ReportCard]:
    """Return cards by the titles of their candidates."""
    return {candidate.title: card for candidate, card in cards.items()}


def show(cards: Mapping[str, ReportCard], how: str) -> None:
    """Draw what each model can and cannot do, and list the contests of the chosen cell.

    Parameters
    ----------
    cards : dict of str to ReportCard
        Of the same contests, by the title of the candidate.
    how : str
        What the contests are like.
    """
    drawing = st.container()
    model, probe, language = _choose_cell(cards)
    with drawing:
        st.plotly_chart(
            probe_heatmap(cards, (model, probe, language), dark=is_dark()),
            key="report-cards",
            on_select=_take_click,
            selection_mode="points",
            alt=ALT.format(len(cards), len(next(iter(cards.values())).probes)),
        )
        st.caption(f"{READING} {how}")
    st.markdown(_summary(model, cards[model], language))
    (score,) = cards[model].of_probe(probe, language)
    st.subheader(find_probe(probe).title, anchor=False, help=find_probe(probe).asks)
    st.markdown(_verdict(score, model, standings(cards, probe, language)))
    st.markdown(_meaning(probe))
    _list(score)


def offer(cards: Mapping[str, ReportCard]) -> None:
    """Offer the scores and the contests as tables."""

    def items() -> pd.DataFrame:
        return pd.concat([card.items.assign(model=model) for model, card in cards.items()], ignore_index=True)

    with st.container(horizontal=True):
        table = downloads.table_files("probes", lambda: standings_table(cards), TABLE_HELP, ["CSV"])
        downloads.offer(table, label="Download scores as")
        contests = downloads.table_files("contests", items, ITEMS_HELP, ["CSV"])
        downloads.offer(contests, label="Download contests as", is_primary=False)


def _take_click() -> None:
    """Choose the cell that was clicked; a second click on it takes nothing back."""
    points = st.session_state["report-cards"]["selection"]["points"]
    for key, value in zip(KEYS, points[0]["customdata"] if points else (), strict=False):
        address.bring(key, value)


def _choose_cell(cards: Mapping[str, ReportCard]) -> tuple[str, str, str]:
    """Let the person choose a cell by its row and column; the weakest one of the first model at first."""
    first = next(iter(cards.values()))
    languages = list(dict.fromkeys(each.language for each in first.scores))
    weakest = min((each for each in first.scores if each.language == languages[0]), key=lambda each: each.score)
    boxes = st.columns(3)
    with boxes[0]:
        model = address.pick(KEYS[0], "Model", list(cards), next(iter(cards)))
    with boxes[1]:
        probe = address.pick(
            KEYS[1], "Probe", list(first.probes), weakest.probe, format_func=lambda key: find_probe(key).title
        )
    with boxes[2]:
        language = address.pick(KEYS[2], "Language", languages, languages[0], format_func=_language)
    return model, probe, language


def _language(key: str) -> str:
    return LANGUAGES.get(key, "Your texts")


def _summary(model: str, card: ReportCard, language: str) -> str:
    """Say in which probes a model is better than chance, and in which worse."""
    titles: dict[int, list[str]] = {1: [], 0: [], -1: []}
    for score in card.scores:
        if score.language == language:
            titles[_side(score.interval)].append(find_probe(score.probe).title.lower())
    parts = [f"{SIDES[side]}: {', '.join(named)}." for side, named in titles.items() if named]
    said = " ".join(part[0].upper() + part[1:] for part in parts)
    return f"**{escape_markdown(model)}**, {_language(language)}. {said}"


def _side(interval: tuple[float, float] | None) -> int:
    """Return 1 for what is better than chance, -1 for what is worse, 0 for what cannot be told from it."""
    low, high = interval or (0.0, 1.0)
    return int(low > CHANCE) - int(high < CHANCE)


def _verdict(score: ProbeScore, model: str, places: list[Standing]) -> str:
    """Say how a model does in a probe, and beside the best."""
    best, *others = places
    ends = "95 %: {:.0%} to {:.0%}".format(*score.interval) if score.interval else "too few for an interval"
    side = SIDES[_side(score.interval)]
    contests = f"{score.n_items:,} contest{'' if score.n_items == 1 else 's'}"
    said = f"**{escape_markdown(model)}** passes {score.score:.0%} of {contests} ({ends}), {side}."
    if not others:
        return said
    if model != best.model:
        own = next(place for place in others if place.model == model)
        known = {"yes": "which is more than chance", "no": "which may be chance"}
        apart = known.get(own.told_apart or "", "with too few contests to say more")
        points = 100 * (best.score - own.score)
        return f"{said} **{escape_markdown(best.model)}** is ahead by {points:.0f} points, {apart}."
    level = [escape_markdown(place.model) for place in others if place.told_apart != "yes"]
    if not level:
        return f"{said} It comes first, and that is more than chance against all the others."
    return f"{said} None does better, but it cannot be told apart from {', '.join(level)}."


def _meaning(probe: str) -> str:
    known = find_probe(probe)
    said = {"Search": known.search, "Duplicates": known.duplicates, "Clusters": known.clusters}
    lines = [f"- **{page}.** {sentence}" for page, sentence in said.items()]
    return "\n".join([f"{known.asks} Where it is not:", "", *lines])


def _list(score: ProbeScore) -> None:
    """List the contests of a cell, the failed ones first."""
    items = ReportCard((score,)).items
    items["passed"] = items["passed"].map(OUTCOMES)
    number = st.column_config.NumberColumn
    words = st.column_config.TextColumn
    st.dataframe(
        items.head(MAX_LISTED)[["passed", "anchor", "near", "far", "cosine_near", "cosine_far"]],
        hide_index=True,
        column_config={
            "passed": words("", width="small"),
            "anchor": words("Anchor", width="medium"),
            "near": words("Near", width="medium"),
            "far": words("Far", width="medium"),
            "cosine_near": number("To near", format="%.3f", width="small", help=COSINE_HELP),
            "cosine_far": number("To far", format="%.3f", width="small", help=COSINE_HELP),
        },
        alt="Contests of the chosen cell with both cosines, the failed ones first",
    )
    if len(items) > MAX_LISTED:
        st.caption(f"The first {MAX_LISTED:,} of {len(items):,} are shown; the file has all.")
