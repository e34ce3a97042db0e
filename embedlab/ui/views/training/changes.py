"""What has moved: two maps that fly into each other, the texts with other neighbours, and the labels confused."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import streamlit as st

from embedlab.gold import labels_in_words
from embedlab.plots import confusion_heatmap
from embedlab.plots.look import color_evenly, color_points
from embedlab.ui.choices import address
from embedlab.ui.parts import is_dark, point_map
from embedlab.ui.training import Lesson, tasks

if TYPE_CHECKING:
    from embedlab.classification import Classification
    from embedlab.verdicts import Verdict

BEFORE, AFTER = "Before", "After"
KEPT_HELP = "Share of the ten nearest texts that are still there, among the embeddings of what was held out."
MAX_LISTED = 1000
MAX_CLASSES = 25


def show_maps(lesson: Lesson, found: Verdict) -> None:
    """Draw what was held out by one model; on a switch to the other, the points fly to their new places."""
    first, second = tasks.maps(lesson, found)
    gold = found.comparison.gold
    texts, labels = gold.corpus, labels_in_words(gold)
    side = address.switch("map_of", "Map", [BEFORE, AFTER])
    coloring = color_evenly(len(texts)) if labels is None else color_points(list(labels), "Label")
    point_map.draw_flying(
        first if side == BEFORE else second,
        texts,
        coloring,
        key="training-map",
        label=f"Map of {len(texts):,} texts that were held out, {side.lower()} the training",
    )
    st.caption(
        "Texts that were held out. The map after the training begins where the other one is and is turned to lie on "
        "it: switch, and see the points fly. Figures are taken of embeddings, not of maps."
    )


def show_moved(lesson: Lesson, found: Verdict) -> None:
    """List the texts whose neighbours have changed most."""
    table = tasks.moved(lesson, found)
    st.markdown(
        f"Of ten nearest texts, **{10 * table['kept'].mean():.1f}** are still there, as a mean.", help=KEPT_HELP
    )
    several = {name: [cell.split("\n") if cell else [] for cell in table[name]] for name in ("gone", "come")}
    st.dataframe(
        table.assign(**several).head(MAX_LISTED).drop(columns="row"),
        hide_index=True,
        row_height=84,
        column_config={
            "text": st.column_config.TextColumn("Text", width="medium"),
            "kept": st.column_config.NumberColumn("Kept", format="percent", width="small", help=KEPT_HELP),
            "gone": st.column_config.ListColumn("No longer near", width="medium"),
            "come": st.column_config.ListColumn("Near now", width="medium"),
        },
        alt="Texts held out, those first whose neighbours have changed most",
    )


def show_confusions(lesson: Lesson, found: Verdict) -> None:
    """Draw which labels are taken for which, before and after, and list what differs most."""
    before, after = tasks.confused(lesson, found)
    shown = before.most_confused(MAX_CLASSES)
    for column, title, each in zip(st.columns(2), (BEFORE, AFTER), (before, after), strict=True):
        n_right = int(np.trace(each.confusion))
        column.markdown(f"**{title}**: {n_right:,} of {int(each.confusion.sum()):,} right")
        column.plotly_chart(
            confusion_heatmap(each.confusion, each.classes, shown, dark=is_dark()),
            key=f"confusion-{title}",
            alt=f"{title} the training: number of texts for each label and prediction; the table has what differs",
        )
    changed = _differences(before, after)
    if changed.empty:
        st.info("No label is taken for another more or less often than before.", icon=":material/check:")
    else:
        st.dataframe(
            changed,
            hide_index=True,
            column_config={"change": st.column_config.NumberColumn("change", format="%+d")},
            alt="Labels taken for others, those first whose number has changed most",
        )
    st.caption(
        "Predicted by a logistic regression on the embeddings of what was held out, each text by one that has not "
        "seen it, before and after."
    )


def _differences(before: Classification, after: Classification) -> pd.DataFrame:
    """Return the labels that are taken for others, those whose number has changed most first."""
    change = after.confusion - before.confusion
    np.fill_diagonal(change, 0)
    given, taken = np.nonzero(change)
    table = pd.DataFrame(
        {
            "label": [before.classes[place] for place in given.tolist()],
            "taken for": [before.classes[place] for place in taken.tolist()],
            "before": before.confusion[given, taken],
            "after": after.confusion[given, taken],
            "change": change[given, taken],
        }
    )
    return table.sort_values("change", key=lambda each: -each.abs(), kind="stable").head(MAX_LISTED)
