"""What the Probes page is made of: which contests, which candidates, and their report cards."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from embedlab.comparison import Candidate
from embedlab.models import BASELINES
from embedlab.probes import LANGUAGES, PROBES, ReportCard, bundled_sets, find_probe
from embedlab.ui.candidates import choosing, report_cards
from embedlab.ui.choices import Selection, address
from embedlab.ui.tasks import probing

BUNDLED = "Those that come along"
SOURCES = [BUNDLED]
LANGUAGES_HELP = "Nothing chosen: the languages of your texts, where there are contests in them, or English."
PROBES_HELP = "Nothing chosen: all of them."
CANDIDATES_HELP = (
    "Averaged word vectors and TF-IDF stand beside them in any case: what does no better goes by words, too. TF-IDF is "
    "fitted to the texts of the contests."
)


def choose_contests(selection: Selection) -> probing.Contests:
    """Let the person choose in which languages to probe."""
    boxes = st.columns(2)
    known = {name: key for key, name in LANGUAGES.items()}
    with boxes[0]:
        chosen = address.pick_several(
            "languages", "Languages", list(known), scope="", placeholder="As your texts", help=LANGUAGES_HELP
        )
    spoken = [known[name] for name in chosen] or [key for key in LANGUAGES if key in selection.languages] or ["en"]
    titles = {find_probe(key).title: key for key in PROBES}
    with boxes[1]:
        wanted = address.pick_several("probes", "Probes", list(titles), scope="", placeholder="All", help=PROBES_HELP)
    return probing.Contests(bundled_sets([titles[title] for title in wanted] or None, spoken))


def choose_candidates(selection: Selection) -> list[Candidate]:
    """Let the person choose what is probed; the baselines stand beside it in any case."""
    chosen = choosing.choose(selection, "What to probe", CANDIDATES_HELP)
    return list(dict.fromkeys([*(each for each in chosen if each.model not in BASELINES), *map(Candidate, BASELINES)]))


def show(contests: probing.Contests, chosen: Sequence[Candidate]) -> None:
    """Probe the candidates, and show their cards as they come."""
    place = st.empty()

    def meanwhile(found: probing.Cards) -> None:
        with place.container():
            report_cards.show_so_far(by_title(found))

    found = probing.cards(contests, chosen, meanwhile)
    place.empty()
    cards = by_title(found)
    report_cards.show(cards)
    report_cards.offer(cards)


def by_title(cards: probing.Cards) -> dict[str, ReportCard]:
    """Return cards by the titles of their candidates."""
    return {candidate.title: card for candidate, card in cards.items()}
