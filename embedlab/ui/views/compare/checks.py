"""What to look at before the figures: a closed box that says how many things there are."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import streamlit as st

from embedlab.checks import check_gold, guess_split
from embedlab.escape import escape_markdown
from embedlab.ui.choices import Selection, address
from embedlab.ui.tasks import comparing

if TYPE_CHECKING:
    from collections.abc import Sequence

    from embedlab.comparison import Candidate, Load
    from embedlab.gold import Gold

SPLIT_HELP = "Which row is for training and which for tests. Texts that stand in several parts are named here."


def show(
    selection: Selection,
    gold: Gold,
    columns: Mapping[str, str],
    candidates: Sequence[Candidate] = (),
    load: Load | None = None,
) -> None:
    """Show what the texts, and the candidates where they are loaded, give reason to look at."""
    dataset, frame = selection.dataset, selection.dataset.table.frame
    guessed, key = guess_split(frame), f"split:{dataset.id}"
    chosen = st.session_state.get(key, guessed or address.NONE)
    split = chosen if chosen in frame.columns else None
    found = dataset.part(("checks", gold.digest, split), lambda: check_gold(gold, frame, columns, split))
    if load is not None:
        found = [*found, *comparing.checks(gold, candidates, load)]
    things = f"{len(found)} {'thing' if len(found) == 1 else 'things'} to look at" if found else "nothing to look at"
    with st.expander(f"Checks: {things}", icon=":material/warning:" if found else ":material/check:"):
        for number, finding in enumerate(found):
            st.markdown(f"**{escape_markdown(finding.title)}.** {escape_markdown(finding.meaning)}")
            st.dataframe(finding.table, hide_index=True, key=f"finding-{number}", alt=finding.title)
        options = [address.NONE, *(str(column) for column in frame.columns)]
        st.selectbox(
            "Split column",
            options,
            options.index(guessed or address.NONE),
            key=key,
            format_func=lambda name: "None" if name == address.NONE else name,
            help=SPLIT_HELP,
        )
