"""What the similarity of all texts comes to: how the cosines are spread, and how similar the groups are."""

from __future__ import annotations

from math import isfinite
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import streamlit as st

from embedlab.plots import cosine_histogram, named_matrix
from embedlab.ui.parts import is_dark
from embedlab.ui.tasks import overview_tasks, services, waiting

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from streamlit.elements.lib.column_types import ColumnConfig

    from embedlab.similarity import GroupSimilarities
    from embedlab.ui.choices import Selection
    from embedlab.ui.views.similarity.overview import Grouped

MAX_GROUPS_DRAWN = 24
PASSAGES_NOTE = (
    "Texts are passages here. Two of one document have the same label and often the same subject, which brings the "
    "texts of a group nearer than those of different documents are."
)
MEANS_HELP = "The mean cosine of all pairs of different texts of one group, and of all pairs of texts of two groups."


def show_histogram(selection: Selection) -> None:
    """Draw how the cosines of all pairs are spread."""
    st.subheader("How similar two texts are")
    found = waiting.await_task(overview_tasks.count_cosines(services.embedded(selection)))
    st.plotly_chart(
        cosine_histogram(found.counts, found.edges, found.mean),
        key="cosines",
        alt=f"Histogram of the cosines of all pairs; mean {found.mean:.3f}, standard deviation {found.std:.3f}",
    )
    counted = "All of them are counted" if found.exact else f"The bars count {found.n_pairs:,} pairs of a sample"
    n_texts = len(selection.corpus.texts)
    st.caption(
        f"{n_texts * (n_texts - 1) // 2:,} pairs have a mean cosine of {found.mean:.3f} and a standard deviation of "
        f"{found.std:.3f}. {counted}"
        + (
            "."
            if found.exact
            else f", whose mean is right to ± {found.standard_error:.4f}; mean and deviation are of all."
        )
    )


def show_groups(selection: Selection, grouped: Grouped) -> None:
    """List how similar the texts of each group are, and say what that means for all."""
    if len(grouped.runs) < 2:
        return
    st.subheader("Within and between the groups", help=MEANS_HELP)
    if selection.splitting is not None:
        st.caption(f":material/splitscreen: {PASSAGES_NOTE}")
    embedded, codes = services.embedded(selection), grouped.codes
    found = waiting.await_task(overview_tasks.compare_groups(embedded, grouped.key, codes))
    if isfinite(found.gap):
        what = grouped.what
        st.write(
            f"Two texts of the same {what} have a cosine of {found.within:.3f} on average, two texts of different "
            f"{what}s one of {found.between:.3f}: texts of the same {what} are on average "
            f"**{abs(found.gap):.3f} {'nearer' if found.gap >= 0 else 'farther'}**."
        )
    frame, means = _group_frame(grouped, found)
    st.dataframe(
        frame,
        hide_index=True,
        column_config={
            "group": st.column_config.TextColumn(grouped.what.capitalize()),
            "texts": st.column_config.NumberColumn("Texts", width="small"),
            "within": _bar("Within", "Mean cosine of two different texts of the group"),
            "nearest": st.column_config.TextColumn("Nearest other"),
            "between": _bar("To the nearest", "Mean cosine of a text of each of the two groups"),
        },
        alt="The groups with their mean cosine within and to the nearest other group",
    )
    if len(frame) <= MAX_GROUPS_DRAWN:
        st.plotly_chart(
            named_matrix(means, [name for name, _, _ in grouped.runs], what="mean cosine", dark=is_dark()),
            key="group_means",
            alt="Mean cosine of the texts of each group with those of each other",
        )


def _bar(label: str, help: str) -> ColumnConfig:
    return st.column_config.ProgressColumn(label, min_value=0.0, max_value=1.0, format="%.3f", help=help)


def _group_frame(grouped: Grouped, found: GroupSimilarities) -> tuple[pd.DataFrame, NDArray[np.float64]]:
    """Return the groups, the largest first, and their mean cosines in the order of the matrix."""
    places = np.array([grouped.codes[grouped.order[start]] for _, start, _ in grouped.runs])
    means, sizes = found.means[np.ix_(places, places)], found.sizes[places]
    names = [name for name, _, _ in grouped.runs]
    others = np.where(np.eye(len(names), dtype=bool), -np.inf, means)
    nearest = others.argmax(axis=1)
    frame = pd.DataFrame(
        {
            "group": names,
            "texts": sizes,
            "within": np.diag(means),
            "nearest": [names[place] for place in nearest],
            "between": others.max(axis=1),
        }
    )
    return frame.sort_values("texts", ascending=False, kind="stable"), means
