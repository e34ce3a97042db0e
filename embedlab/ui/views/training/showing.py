"""What came of a training: the verdict first, then the figures before and after."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import streamlit as st

from embedlab.escape import escape_markdown
from embedlab.plots import change_intervals
from embedlab.ui.training import Lesson, tasks

if TYPE_CHECKING:
    from embedlab.training import Training
    from embedlab.verdicts import Change, Verdict

HELD_OUT_HELP = (
    "Both models on the same rows, none of which was learned from; the new one's figure minus the old one's."
)
NOT_YOURS_HELP = "Probes and sample pairs that come along: what the model could do before, and should still."
TOLD_HELP = "Whether the change is more than chance; the intervals hold for all figures together."


def judge(lesson: Lesson, done: Training) -> Verdict:
    """Hold the two models against each other, and say in one sentence what came of it."""
    found = tasks.verdict(lesson, done)
    kind, icon = (
        (st.success, ":material/trending_up:")
        if found.is_better
        else (st.error, ":material/trending_down:")
        if found.is_worse
        else (st.info, ":material/trending_flat:")
    )
    kind(f"**{escape_markdown(found.sentence)}**", icon=icon)
    return found


def show_figures(found: Verdict) -> None:
    """Draw what has changed, on what was held out and on what is not hers, and list it."""
    left, right = st.columns(2)
    with left:
        st.markdown("**Yours, held out**", help=HELD_OUT_HELP)
        _draw(found.changes, "changes")
    with right:
        st.markdown("**Not yours**", help=NOT_YOURS_HELP)
        if found.forgetting:
            _draw(found.forgetting, "forgetting")
    number = st.column_config.NumberColumn
    st.dataframe(
        found.table.assign(**{"told apart": found.table["told apart"].map({True: "yes", False: "no"})}),
        hide_index=True,
        placeholder="",
        column_config={
            "of": st.column_config.TextColumn("Of"),
            "figure": st.column_config.TextColumn("Figure", width="medium"),
            "before": number("Before", format="%.3f"),
            "after": number("After", format="%.3f"),
            "change": number("Change", format="%+.3f"),
            "low": number("from", format="%+.3f"),
            "high": number("to", format="%+.3f"),
            "told apart": st.column_config.TextColumn("Told apart", help=TOLD_HELP),
        },
        alt="Every figure before and after, with the interval of the change",
    )


def _draw(changes: Sequence[Change], key: str) -> None:
    differences = [change.difference for change in changes]
    ends = [(each.low, each.high) if np.isfinite([each.low, each.high]).all() else None for each in differences]
    st.plotly_chart(
        change_intervals(
            [change.title for change in changes], [each.value for each in differences], ends, "After minus before"
        ),
        key=key,
        alt="; ".join(change.words for change in changes),
    )
