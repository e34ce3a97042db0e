"""Where it fails: the rows on which two candidates part, and the figure by a column of the table."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import streamlit as st

from embedlab.comparison import MEASURES, row_lengths, slice_table
from embedlab.errors import InvalidInputError
from embedlab.escape import escape_markdown
from embedlab.plots import score_intervals
from embedlab.ui.choices import address
from embedlab.ui.parts import downloads
from embedlab.ui.tasks import comparing
from embedlab.ui.views.compare.sides import choose_two

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from embedlab.comparison import Candidate, Comparison, Load

MAX_LISTED = 1000
LENGTH = "Length in letters"
ADDS_HELP = (
    "What this row adds to the figure: 1 for a hit, a share, or, for a correlation, how near the pair is to its place "
    "in the order of the scores."
)
DIFFERENCE_HELP = "The first minus the second: above 0 the first does better on this row."
REST_HELP = "The figure of these rows minus that of all others."
WORSE_HELP = (
    "Whether the slice is worse than the rest is more than chance. All slices of a column together are wrong in one "
    "column out of twenty."
)


def show(comparison: Comparison, name: str, frame: pd.DataFrame, load: Load) -> None:
    """Show the rows on which two candidates part most, and one of them by a column."""
    candidates = [result.candidate for result in comparison.results if name in result.figures]
    if len(candidates) < 2:
        st.info("Add another candidate to see where two part.", icon=":material/add:")
        return
    first, second = choose_two(candidates)
    _show_items(comparison, name, first, second, load)
    _show_slices(comparison, name, first, frame, load)


def _show_items(comparison: Comparison, name: str, first: Candidate, second: Candidate, load: Load) -> None:
    unit = comparison.gold.unit
    st.subheader(f"The {unit} on which they part", anchor=False)
    try:
        table = comparing.items_of(comparison, name, (first, second), load)
    except InvalidInputError as error:
        st.info(str(error), icon=":material/rule:")
        return
    number = st.column_config.NumberColumn
    titles = table.columns[-3:-1]
    st.dataframe(
        table.head(MAX_LISTED),
        hide_index=True,
        column_config={
            "row": number("Row", help="The row of the table it stands in, counted from 1."),
            **{said: st.column_config.TextColumn(said.capitalize(), width="medium") for said in table.columns[1:-3]},
            **{title: number(format="%.3f", help=ADDS_HELP) for title in titles},
            "difference": number("Difference", format="%+.3f", help=DIFFERENCE_HELP),
        },
        alt=f"{unit.capitalize()} with what they add to the figure by both candidates, the largest differences first",
    )
    ahead, behind = int((table["difference"] > 0).sum()), int((table["difference"] < 0).sum())
    st.caption(
        f"Of {len(table):,} {unit}, {ahead:,} are better by the first, {behind:,} by the second, "
        f"{len(table) - ahead - behind:,} the same by both."
        + (f" The first {MAX_LISTED:,} are listed; the files have all." if len(table) > MAX_LISTED else "")
    )
    with st.container(horizontal=True):
        downloads.offer(downloads.table_files(f"{unit}-apart", lambda: table), is_primary=False)


def _show_slices(comparison: Comparison, name: str, candidate: Candidate, frame: pd.DataFrame, load: Load) -> None:
    st.subheader("By a column", anchor=False)
    gold = comparison.gold
    rows = frame.iloc[:0] if gold.origin is None else frame.iloc[gold.origin]
    columns = [str(column) for column in rows.columns if rows[column].nunique() > 1]
    few = [column for column in columns if rows[column].nunique() <= len(rows) // 5]
    column = address.pick(
        "by",
        f"Where {candidate.title} is weak, by",
        [*columns, LENGTH],
        few[0] if few else LENGTH,
        scope=gold.digest,
        help="Each value of the column is a slice. Numbers lie in four ranges, rare values together.",
    )
    values: Sequence[Any] = row_lengths(gold) if column == LENGTH else rows[column].tolist()
    found = comparing.slices_of(comparison, name, candidate, column, values, load)
    if len(found) < 2:
        st.info("All rows lie in one slice. Choose another column.", icon=":material/rule:")
        return
    worse = [escape_markdown(each.name) for each in found if each.is_worse == "yes"]
    st.markdown(
        f"Worse than the rest: **{', '.join(worse)}**." if worse else "No slice can be told to be worse than the rest."
    )
    st.plotly_chart(
        score_intervals(
            [each.name for each in found],
            [each.figure.value for each in found],
            [each.figure.interval for each in found],
            MEASURES[name].title,
            colors=[[result.candidate for result in comparison.results].index(candidate)] * len(found),
        ),
        key="slices",
        alt=f"{MEASURES[name].title} of {len(found)} slices with 95 % intervals; the table below has the numbers",
    )
    _show_slice_table(slice_table(found, name), name)


def _show_slice_table(table: pd.DataFrame, name: str) -> None:
    number = st.column_config.NumberColumn
    st.dataframe(
        table,
        hide_index=True,
        placeholder="",
        column_config={
            "slice": st.column_config.TextColumn("Slice", pinned=True),
            "rows": number("Rows", format="localized", help="Different ones; copies count once."),
            MEASURES[name].title: number(format="%.3f", help=MEASURES[name].description),
            "low": number("from", format="%.3f"),
            "high": number("to", format="%.3f"),
            "to the rest": number("To the rest", format="%+.3f", help=REST_HELP),
            "worse than the rest": st.column_config.TextColumn("Worse than the rest", help=WORSE_HELP),
        },
        alt="The figure by slice, the worst first",
    )
    with st.container(horizontal=True):
        downloads.offer(downloads.table_files("slices", lambda: table), is_primary=False)
