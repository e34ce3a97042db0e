"""What the Duplicates page is made of: how alike, what that finds, which row of each group stays, the tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import streamlit as st

from embedlab.checks import say_not_compared
from embedlab.duplicates import FLOORS, KEEP_POLICIES, MAX_COMPARED, DuplicateGroups, Duplicates, sortable
from embedlab.escape import escape_markdown
from embedlab.exports import cleaned_table, removed_table
from embedlab.ui.frame import selecting
from embedlab.ui.parts import (
    COSINE,
    PLACE,
    SELECTED,
    downloads,
    places_of,
    rows_of,
    selected_marks,
    warn_of_unread,
)
from embedlab.ui.tasks import first_look as rough
from embedlab.ui.tasks import services
from embedlab.ui.views.alike import NEAR, SAME, choose_way

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from embedlab.datasets import Corpus
    from embedlab.ui.choices import Selection

MAX_SHOWN = 1000
NOTHING_FOUND = (
    "No duplicates here. Lower the threshold, or choose another way to compare; otherwise the table can stay as it is."
)
MEANWHILE = (
    "What is nearly the same the model has to say, which is still reading the texts. Meanwhile these are the rows that "
    "are the same but for capitals, spaces and punctuation."
)
ALREADY = "For these no model is needed. What there is to choose and to take along comes when it has read the texts."
PAIRS_HELP = "Pairs of rows that are alike."
GROUPS_HELP = "Rows joined by such pairs, directly or over others."
REMOVED_HELP = "Rows that go when one row of each group is kept."
LOWEST_HELP = (
    "Lowest cosine between two texts of the group. Far below the threshold it tells of a chain: A is like B, B is like "
    f"C, but A and C are not alike. Of groups with more than {MAX_COMPARED} rows that many are compared."
)
PASSAGES_NOTE = (
    "Passages are compared, and rows are passages. Two that overlap in one document have a piece of it in common, and "
    "do not count as alike unless they are the same."
)
KEPT_HELP = "Which row of each group stays. The most typical text is the one most like the others of its group."
REMOVED_FILE_HELP = "The rows that go, each with the number of its group and the text that stays for it."
CLEANED_HELP = "The whole table without the rows that go; rows with a blank text stay."


def find(selection: Selection, floor: float) -> Duplicates:
    """Return the pairs of the chosen texts that are alike."""
    unread = services.unread(selection)  # of all texts: a sample of them need not be counted before
    warn_of_unread(selection)
    found = services.duplicates(selection, floor)
    if selection.splitting is not None:
        st.caption(f":material/splitscreen: {PASSAGES_NOTE}")
    if said := say_not_compared(unread):
        st.caption(f":material/visibility_off: {escape_markdown(said)}")
    return found


def show_equal(look: Selection) -> None:
    """Show the rows that are equal while the model, which alone can say what is nearly the same, reads the texts."""
    way, _ = choose_way(is_first=True)
    st.caption(f":material/hourglass_top: {MEANWHILE if way == NEAR else ALREADY}")
    groups = rough.equal(look, fold=way != SAME)
    show_counts(groups)
    if groups.n_groups:
        show_groups(look.corpus, groups, groups.keep(), are_equal=True)


def wait_for(selection: Selection) -> None:
    """Wait for what takes the place of a first look."""
    services.unread(selection)
    services.duplicates(selection, FLOORS[0])


def show_counts(groups: DuplicateGroups) -> None:
    """Say what was found, in four numbers."""
    numbers = {
        "Rows": (len(groups.labels), "Rows with a text; blank ones are set aside."),
        "Pairs": (groups.n_pairs, PAIRS_HELP),
        "Groups": (groups.n_groups, GROUPS_HELP),
        "Rows removed": (groups.n_removed, REMOVED_HELP),
    }
    for column, (label, (number, words)) in zip(st.columns(len(numbers)), numbers.items(), strict=True):
        column.metric(label, f"{number:,}", border=True, help=words)


def choose_kept(selection: Selection, groups: DuplicateGroups) -> NDArray[np.bool_]:
    """Let the person choose which row of each group stays."""
    way, by = st.columns(2)
    policy = way.selectbox(
        "Keep",
        list(KEEP_POLICIES),
        format_func=lambda name: KEEP_POLICIES[name].title,
        key="keep",
        bind="query-params",
        help=KEPT_HELP,
    )
    if not KEEP_POLICIES[policy].needs_values:
        return groups.keep(policy)
    frame = selection.corpus.frame
    columns = [column for column in frame.columns if column != selection.corpus.text_column]
    column = by.selectbox("Column", columns, key=f"by:{selection.dataset.id}", persist_state="session")
    values = sortable(frame[column].tolist()) if column is not None else None
    if values is None:
        by.caption("This needs a column of numbers, or of dates as 2026-11-21. The first row is kept meanwhile.")
        return groups.keep("first")
    return groups.keep(policy, values)


def show_groups(
    corpus: Corpus, groups: DuplicateGroups, kept: NDArray[np.bool_], *, are_equal: bool = False
) -> int | None:
    """List the groups, the largest first, and return the one the person has selected; equal rows have no cosines."""
    shown = groups.groups[:MAX_SHOWN]
    staying = [int(rows[kept[rows]][0]) for rows in shown]
    table = pd.DataFrame(
        {
            "group": range(1, len(shown) + 1),
            "rows": [len(rows) for rows in shown],
            **({} if are_equal else {"lowest": groups.lowest_similarities(MAX_SHOWN)}),
            **places_of(corpus, staying),
            "kept": [groups.texts[row] for row in staying],
        }
    )
    event = st.dataframe(
        table,
        # Other groups, another table: a row selected among the old ones means nothing.
        key=f"groups-{hash(groups.labels.tobytes())}",
        hide_index=True,
        on_select="rerun",
        selection_mode="single-row",
        column_config={
            "group": st.column_config.NumberColumn("Group", width="small"),
            "rows": st.column_config.NumberColumn("Rows", width="small", format="localized"),
            "lowest": st.column_config.NumberColumn(
                "Lowest similarity", width="small", format="%.3f", help=LOWEST_HELP
            ),
            "place": PLACE,
            "kept": st.column_config.TextColumn("Kept", width="large"),
        },
        alt="Groups of duplicates, the largest first, with the text that is kept",
    )
    if groups.n_groups > MAX_SHOWN:
        st.caption(f"The {MAX_SHOWN:,} largest of {groups.n_groups:,} groups are shown; the downloads hold all.")
    selected = [row for row in event["selection"]["rows"] if row < len(shown)]
    return selected[0] if selected else None


def show_members(selection: Selection, groups: DuplicateGroups, kept: NDArray[np.bool_], chosen: int | None) -> None:
    """List the rows of one group, the kept one first."""
    if chosen is None:
        st.caption("Select a group to read its rows here.")
        return
    rows = groups.groups[chosen]
    rows = rows[np.argsort(~kept[rows], kind="stable")]
    st.subheader(f"Group {chosen + 1}: {len(rows):,} rows")
    shown = rows[:MAX_SHOWN]
    marks = selected_marks(selection, shown)
    own = {"stays": kept[shown], "to the kept": groups.similarities_to(rows[0], shown), **marks}
    st.dataframe(
        rows_of(selection.corpus, shown, own),
        column_config={
            "stays": st.column_config.CheckboxColumn("Kept", width="small"),
            "to the kept": COSINE,
            "place": PLACE,
            **dict.fromkeys(marks, SELECTED),
        },
        alt="The rows of the selected group, the kept one first, with their cosine to it",
    )
    selecting.offer(selection.corpus, rows, key="select-group-rows", label="Select this group")


def offer_downloads(selection: Selection, groups: DuplicateGroups, kept: NDArray[np.bool_]) -> None:
    """Offer the table without the duplicates, and what was removed."""
    frame, rows = selection.corpus.whole, selection.corpus.summary.kept
    cleaned = downloads.with_groups(selection.corpus, lambda: cleaned_table(frame, rows, kept))
    removed = downloads.with_groups(selection.corpus, lambda: removed_table(frame, rows, groups, kept))
    with st.container(horizontal=True):
        downloads.offer(downloads.table_files("cleaned", cleaned, CLEANED_HELP), label="Download cleaned")
        downloads.draw(
            "Download removed rows", downloads.table_files("removed", removed, REMOVED_FILE_HELP, ["CSV"])["CSV"]
        )
        selecting.offer(selection.corpus, np.flatnonzero(~kept), key="select-removed", label="Select the rows that go")
