"""What to look at before the figures: a closed box that says how many things there are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

import streamlit as st

from embedlab.checks import Finding, check_gold, guess_split
from embedlab.escape import escape_markdown
from embedlab.ui.candidates import choosing
from embedlab.ui.choices import Selection, address
from embedlab.ui.tasks import comparing

if TYPE_CHECKING:
    from collections.abc import Sequence

    from embedlab.comparison import Candidate, Comparison, Load
    from embedlab.gold import Gold

SPLIT_HELP = "Which row is for training and which for tests. Texts that stand in several parts are named here."


def show(selection: Selection, gold: Gold, columns: Mapping[str, str]) -> None:
    """Show what the texts and what is known of them give reason to look at, before any figure."""
    dataset, frame = selection.dataset, selection.corpus.whole
    guessed, key = guess_split(frame), f"split:{dataset.id}"
    chosen = st.session_state.get(key, guessed or address.NONE)
    split = chosen if chosen in frame.columns else None
    found = dataset.part(("checks", gold.digest, split), lambda: check_gold(gold, frame, columns, split))
    with st.expander(f"Checks: {_things(found)}", icon=":material/warning:" if found else ":material/check:"):
        _list(found)
        options = [address.NONE, *(str(column) for column in frame.columns)]
        st.selectbox(
            "Split column",
            options,
            options.index(guessed or address.NONE),
            key=key,
            format_func=lambda name: "None" if name == address.NONE else name,
            help=SPLIT_HELP,
        )


def show_of_models(gold: Gold, compared: Sequence[Candidate], load: Load) -> None:
    """Show what the models cannot read of the texts; nothing where they read all."""
    found = comparing.checks(gold, compared, load)
    if found:
        with st.expander(f"Models: {_things(found)}", icon=":material/warning:"):
            _list(found)


def offer_passages(comparison: Comparison, chosen: Sequence[Candidate]) -> None:
    """Offer the mean of passages of each model that cuts texts, where it is not compared yet."""
    cutting = [result.candidate.as_trained() for result in comparison.results if result.cost.cut_share]
    keys = dict.fromkeys(replace(model, long_texts="mean").key for model in cutting)
    new = [key for key in keys if key not in {candidate.key for candidate in chosen}]
    if new:
        st.button(
            "Compare the mean of passages too",
            icon=":material/splitscreen:",
            help=choosing.PASSAGES_HELP,
            on_click=choosing.add,
            args=(new,),
            key="offer-passages",
        )


def _things(found: Sequence[Finding]) -> str:
    return f"{len(found)} {'thing' if len(found) == 1 else 'things'} to look at" if found else "nothing to look at"


def _list(found: Sequence[Finding]) -> None:
    for finding in found:
        st.markdown(f"**{escape_markdown(finding.title)}.** {escape_markdown(finding.meaning)}")
        number = st.column_config.NumberColumn("Row", width="small", help="The row of the table, counted from 1.")
        headings = {name: name.capitalize() for name in finding.table.columns}
        st.dataframe(
            finding.table,
            hide_index=True,
            column_config={**headings, "row": number},
            key=f"finding-{finding.title}",
            alt=finding.title,
        )
