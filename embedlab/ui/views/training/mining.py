"""Hard negatives: near texts that do not belong, looked for and shown before anything is learned from them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from embedlab.escape import escape_markdown
from embedlab.ui.choices import Selection, address
from embedlab.ui.training import tasks

if TYPE_CHECKING:
    from embedlab.examples import Examples, HardNegatives

# What they are looked for in: pairs that belong together, and labels.
MINED = ("pairs", "labels")
TURN_HELP = (
    "For each text, near ones that do not belong to it: what the model confuses is what it learns most from. What is "
    "known to belong is never one, nor what nearly equals it."
)
NUMBER_HELP = "Negatives of each text, at most."
MARGIN_HELP = (
    "How much farther a negative has to lie than what belongs, in percent of the cosine. With a larger margin fewer "
    "of them belong after all, and less is learned."
)
SKIPPED_HELP = "The nearest are passed over: among them are most of those that belong although nobody has said so."
MAX_LISTED = 1000


def choose(selection: Selection, examples: Examples) -> Examples:
    """Let the person look for hard negatives; return the examples with them, or as they are."""
    if examples.kind not in MINED:
        return examples
    if not address.turn("hard", "Look for hard negatives", scope=selection.dataset.id, help=TURN_HELP):
        return examples
    boxes = st.columns(3)
    with boxes[0]:
        number = address.count("negatives", "Of each text", 1, (1, 10), help=NUMBER_HELP)
    with boxes[1]:
        margin = address.count("margin", "Margin, percent", 5, (0, 50), help=MARGIN_HELP)
    with boxes[2]:
        skipped = address.count("skipped", "Nearest passed over", 0, (0, 40), help=SKIPPED_HELP)
    found = tasks.mined(
        examples,  # type: ignore[arg-type]
        selection,
        num_negatives=number,
        relative_margin=margin / 100,
        range_min=skipped,
    )
    _show(found)
    return found.triplets


def _show(found: HardNegatives) -> None:
    """Say how many there are, and list them: whoever knows the texts sees which of them belong after all."""
    without = f" For {found.n_without:,} texts there is none." if found.n_without else ""
    st.markdown(
        f"**{len(found.table):,} hard negatives.**{without} Read some: where a negative does belong to its text, a "
        "larger margin or more passed over leaves it out."
    )
    number, text = st.column_config.NumberColumn, st.column_config.TextColumn
    st.dataframe(
        found.table.head(MAX_LISTED),
        hide_index=True,
        height=260,
        column_config={
            "anchor": text("Text", width="medium"),
            "positive": text("Belongs to it", width="medium"),
            "negative": text("Hard negative", width="medium"),
            "positive_cosine": number("Cosine of what belongs", format="%.3f"),
            "negative_cosine": number("Of the negative", format="%.3f"),
            "rank": number("Rank", help="Which place the negative had among all texts, by the model as it is."),
        },
        alt="Hard negatives, each beside its text and what belongs to it",
    )
    left_out = [f"{n:,} because {escape_markdown(reason)}" for reason, n in found.left_out.items() if n]
    if left_out:
        st.caption(f":material/filter_alt: Left out: {'; '.join(left_out)}.")
