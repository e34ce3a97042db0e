"""The table of a comparison: what its columns are called and mean."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from embedlab.comparison import MEASURES
from embedlab.ui.parts import FIGURE_COLUMNS

if TYPE_CHECKING:
    import pandas as pd

APART_HELP = (
    "Whether the difference to the best is more than chance, taken on the same rows. Where all candidates are "
    "equally good, a “yes” stands in one table out of twenty at most."
)
NEEDED_HELP = "With so many rows, a difference of this size would be seen four times out of five."
CUT_HELP = "Share of the texts that are longer than the model reads; the rest of such a text is not seen."
UNREADABLE_HELP = (
    "Share of the texts of which at least half of the tokens are unknown to the model, such as another script. Such "
    "texts look alike to it."
)
SPEED_HELP = (
    "Measured just now on this machine, nothing taken from the cache. Poolings and layers of one pass cost the same."
)
PRICE_HELP = (
    "What embedding a million texts as long as these costs, by the price on the model's card. Zero for what runs here; "
    "blank where no price is known."
)
LATENCY_HELP = (
    "Half of the requests to a hosted model came back within so many milliseconds, and 19 of 20; each carries many "
    "texts. Of the requests there were: none is made to measure. Blank where all was in the cache."
)


def show_table(table: pd.DataFrame) -> None:
    """Show figures and costs of candidates."""
    number = st.column_config.NumberColumn
    st.dataframe(
        table.drop(columns=["embeddings", "rows"], errors="ignore"),
        hide_index=True,
        placeholder="",
        column_config={
            **FIGURE_COLUMNS,
            "candidate": st.column_config.TextColumn("Candidate", pinned=True, width="medium"),
            **{MEASURES[each].title: number(format="%.3f", help=MEASURES[each].description) for each in MEASURES},
            "to the best": number("To the best", format="%.3f"),
            "told apart": st.column_config.TextColumn("Told apart", help=APART_HELP),
            "rows needed": number("Rows needed", format="localized", help=NEEDED_HELP),
            "texts a second": number("Texts a second", format="localized", help=SPEED_HELP),
            "$ a million texts": number("$ a million texts", format="$%.2f", help=PRICE_HELP),
            "ms a request": number("Milliseconds a request", format="%.0f", help=LATENCY_HELP),
            "ms, 19 of 20": number("19 of 20 within", format="%.0f", help=LATENCY_HELP),
            "dimension": number("Dimension"),
            "GB a million texts": number("GB a million texts", format="%.2f"),
            "texts fitted to": number("Texts fitted to", format="localized"),
            "remark": st.column_config.TextColumn("Remark", width="medium"),
            "parameters": number("Parameters", format="compact"),
            "cut texts": number("Cut texts", format="percent", help=CUT_HELP),
            "texts not read": number("Texts not read", format="percent", help=UNREADABLE_HELP),
        },
        alt="Figures and costs of all candidates, the best first",
    )
