"""The catalog as a page shows it: advice, filters, and a table to select from."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
import streamlit as st

from embedlab.checks import say_languages
from embedlab.escape import escape_markdown
from embedlab.models import RECOMMENDATIONS, ModelCard, is_ready
from embedlab.pooling import POOLING_MODES
from embedlab.texts import LANGUAGES
from embedlab.ui.sessions import sharing

KINDS = {True: "Sentence model", False: "Plain transformer"}
MANY_LANGUAGES = "Many languages"
NORMALIZES = {True: "yes", False: "no", None: "not known"}
YOURS = "Your languages"
YOURS_HELP = "The languages found in the chosen texts that the model was trained for; ✓: all of them."
KIND_HELP = (
    "A plain transformer was never trained to compare texts, or its files do not say how; a pooling is put on top."
)


def show_recommendations() -> None:
    """Say which model to take for what."""
    offered = sharing.offered_cards()
    with st.container(border=True, horizontal=True):
        for use, recommended in RECOMMENDATIONS.items():
            names = [name for name in recommended if name in offered]
            if not names:
                continue
            with st.container(width=190, gap=None):
                st.caption(use)
                st.markdown("  \n".join(names))


def choose_card(found: Mapping[str, float]) -> ModelCard | None:
    """Show the catalog, filtered as asked, and return the card of the selected row.

    Parameters
    ----------
    found : mapping of str to float
        The languages of the texts, which models are marked by.
    """
    cards = _filter(list(sharing.offered_cards().values()))
    if not cards:
        st.info("No model of the catalog fits. Take a filter away, or name another model below.")
        return None
    if said := say_languages(found):
        st.caption(f":material/translate: {escape_markdown(said)}")
    event = st.dataframe(
        _table(cards, found),
        key="catalog",
        hide_index=True,
        height="content" if len(cards) < 9 else 340,
        on_select="rerun",
        selection_mode="single-row",
        column_config={
            "Name": st.column_config.TextColumn(pinned=True),
            YOURS: st.column_config.TextColumn(help=YOURS_HELP),
            "Here": st.column_config.TextColumn(help="Ready on this machine, or about how much would be fetched"),
            "Dimension": st.column_config.NumberColumn(help="Length of an embedding"),
            "Parameters": st.column_config.NumberColumn(format="%.0f M", help="Number of weights"),
            "Tokens": st.column_config.NumberColumn(
                format="localized", help="Longest text it reads; the rest of a longer one is not seen"
            ),
            "Pooling": st.column_config.TextColumn(help="The pooling it was trained with, or that is put on top"),
            "Kind": st.column_config.TextColumn(help=KIND_HELP),
            "Normalised": st.column_config.TextColumn(help="Whether its own files give vectors of length 1"),
        },
        alt="The models EmbedLab knows; select a row to see its card",
    )
    rows = event["selection"]["rows"]
    return cards[rows[0]] if rows and rows[0] < len(cards) else None


def _filter(cards: list[ModelCard]) -> list[ModelCard]:
    languages = [*dict.fromkeys(card.languages for card in cards if not _is_multilingual(card)), MANY_LANGUAGES]
    licenses = list(dict.fromkeys(card.license for card in cards))
    search, language, license_, kind, ready = st.columns([3, 2, 2, 2, 1.4], vertical_alignment="bottom")
    words = search.text_input("Find a model", key="find", type="search", placeholder="papers, clinical, cls …")
    spoken = language.multiselect("Languages", languages, key="languages", placeholder="Any")
    allowed = license_.multiselect("Licence", licenses, key="licenses", placeholder="Any")
    wanted = kind.multiselect("Kind", list(KINDS.values()), key="kinds", placeholder="Any", help=KIND_HELP)
    only_ready = ready.toggle("Ready", key="only_ready")
    return [
        card
        for card in cards
        if all(word in _words_of(card) for word in words.lower().split())
        and (not spoken or _is_multilingual(card) or any(name in card.languages for name in spoken))
        and (not allowed or card.license in allowed)
        and (not wanted or KINDS[card.sentence_head] in wanted)
        and (not only_ready or is_ready(card))
    ]


def _is_multilingual(card: ModelCard) -> bool:
    return card.languages[0].isdigit()


def _words_of(card: ModelCard) -> str:
    words = [card.hub_id, card.name, card.languages, card.license, card.good_for, card.pooling_mode]
    return " ".join([*words, KINDS[card.sentence_head]]).lower()


def _table(cards: list[ModelCard], found: Mapping[str, float]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "Name": [card.name for card in cards],
            "Here": ["ready" if is_ready(card) else about(card) for card in cards],
            **({YOURS: [_known_to(card, found) for card in cards]} if found else {}),
            "Good for": [card.good_for for card in cards],
            "Languages": [card.languages for card in cards],
            "Dimension": [card.embedding_dimension for card in cards],
            "Parameters": [card.parameters for card in cards],
            "Tokens": [card.max_seq_length for card in cards],
            "Licence": [card.license for card in cards],
            "Pooling": [POOLING_MODES[card.pooling_mode].title for card in cards],
            "Kind": [KINDS[card.sentence_head] for card in cards],
            "Prompts": [", ".join(card.prompts) or "none" for card in cards],
            "Normalised": [NORMALIZES[card.normalize] for card in cards],
        }
    )


def _known_to(card: ModelCard, found: Mapping[str, float]) -> str:
    """Name those of the languages that a model was trained for."""
    known = [LANGUAGES[code] for code in found if code in card.language_codes]
    return f"{'✓' if len(known) == len(found) else 'only'} {', '.join(known)}" if known else "no"


def about(card: ModelCard) -> str:
    """Return about how large the files are: four bytes a weight, to two digits."""
    return f"about {size_text(float(f'{card.parameters * 4e6:.2g}'))}"


def size_text(nbytes: float) -> str:
    """Return a number of bytes as people say it."""
    return f"{nbytes / 1e9:.1f} GB" if nbytes >= 1e9 else f"{max(nbytes / 1e6, 1):,.0f} MB"
