"""The report cards of what is compared: what each can and cannot do, whatever is known of one's texts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from embedlab.ui.candidates import report_cards
from embedlab.ui.tasks import probing

if TYPE_CHECKING:
    from embedlab.comparison import Candidate, Comparison
    from embedlab.probes import ReportCard
    from embedlab.ui.choices import Selection

HOW = (
    "These are the contests that come along, in the languages of your texts; the Probes page has others. The far text "
    "shares more words with the anchor, so that who goes by words alone fails. TF-IDF is fitted to the contests here."
)


def show(selection: Selection, comparison: Comparison) -> None:
    """Probe the candidates of a comparison; only who looks here waits for it."""
    report_cards.show(report_cards.compute(probing.bundled(selection), _full(comparison)), HOW)
    st.caption("*Take away* has the scores in its Markdown from now on.")


def known(selection: Selection, comparison: Comparison) -> dict[str, ReportCard]:
    """Return the cards of a comparison by the titles of its candidates; none where they were not looked at."""
    return report_cards.by_title(probing.known_cards(probing.bundled(selection), _full(comparison)))


def _full(comparison: Comparison) -> list[Candidate]:
    """Return the candidates with their full vectors; of the compressed ones those stand in the comparison, too."""
    return list(dict.fromkeys(result.candidate.full for result in comparison.results))
