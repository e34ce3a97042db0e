"""How alike two texts have to be to count as duplicates, and what each threshold would find."""

from __future__ import annotations

from math import ceil

import streamlit as st

from embedlab.duplicates import FLOORS, DuplicateGroups, Duplicates
from embedlab.plots import duplicate_curve
from embedlab.ui.choices import address

NEAR, SAME, FOLDED = "Nearly the same", "Exactly the same", "Same words"
THRESHOLD = 0.95
STEP = 0.005
ALIKE_HELP = (
    f"{NEAR}: the cosine of the embeddings is at least the threshold. {SAME}: the same text, sign by sign. {FOLDED}: "
    "the same but for capitals, spaces and punctuation."
)
FLOOR_HELP = (
    "Pairs are looked for from this cosine on, so that every threshold above it shows at once. Many models put most "
    "texts below 0.8; some put all of them above. Lower takes more memory, not much more time: of very many pairs the "
    "best two million are kept."
)
THRESHOLD_HELP = (
    "Lowest cosine of two texts that count as the same. What is high differs from model to model: look at the groups "
    "below, those with the lowest similarity first. The Similarity page chooses one from labels or pairs you have."
)


def choose_way(*, is_first: bool = False) -> tuple[str, float]:
    """Let the person choose which texts count as duplicates, and from which cosine on pairs are looked for."""
    left, right = st.columns([3, 2], vertical_alignment="bottom")
    with left:
        way = address.switch("alike", "Which texts count as duplicates?", [NEAR, SAME, FOLDED], help=ALIKE_HELP)
    if way != NEAR or is_first:
        return way, FLOORS[0]
    with right:
        return way, float(address.switch("floor", "Looked for from", [str(each) for each in FLOORS], help=FLOOR_HELP))


def choose_groups(found: Duplicates, way: str, floor: float) -> DuplicateGroups:
    """Let the person say how alike two texts must be, and show what each threshold would find."""
    if way != NEAR:
        return found.exact(fold=way == FOLDED)
    slider, figure = st.columns([2, 3], vertical_alignment="center")
    # The floor may have risen to where pairs are known; a step is never below it.
    lowest = min(ceil(round(found.floor / STEP, 6)) * STEP, 1.0 - STEP) if found.floor <= 1.0 - STEP else found.floor
    start = max(THRESHOLD, lowest)
    is_out_of_reach = st.session_state.get("threshold", start) < lowest
    if is_out_of_reach:  # Pairs were looked for from lower on before.
        st.session_state["threshold"] = start
    threshold = slider.slider(
        "Threshold",
        lowest,
        1.0,
        None if is_out_of_reach else start,
        STEP,
        format="%.3f",
        key="threshold",
        bind="query-params",
        help=THRESHOLD_HELP,
    )
    if lowest > floor:
        slider.caption(f"More pairs are alike than are kept: they are known from {lowest:.3f} on.")
    figure.plotly_chart(
        duplicate_curve(found.curve(), threshold),
        key="duplicate_curve",
        alt="Rows removed and groups for each threshold; the numbers below are those of the threshold in use",
    )
    return found.at(threshold)
