"""What was understood of the columns, as the Data page says it, and how to say what their cells mean."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import streamlit as st

from embedlab.columns import MISSING_WORDS, ColumnProfile
from embedlab.escape import escape_markdown
from embedlab.ui.parts import plain_errors
from embedlab.ui.tasks import table_tasks, waiting
from embedlab.ui.views.data.rereading import read_again

if TYPE_CHECKING:
    from embedlab.datasets import Dataset

MAX_EXAMPLE_CHARS, MAX_NAMED_WORDS = 60, 5
SPREAD = "Spread"
SPREAD_HELP = (
    "Numbers, dates and times from the least to the largest, labels from the most frequent on, texts by their length. "
    "Beside it stands what the bars are."
)
TABLE_ALT = "Each column with its kind, how much of it is filled, and some of its cells"
MISSING_LABEL = "Words that mean missing"
MISSING_HELP = (
    "With commas between them, in capitals or not. Blank cells are missing in any case. NA and None are values where "
    "their column says so, such as the code of Namibia, as long as this list is left as it is. No cell changes."
)
ORDER_LABEL = "Dates such as 03/04/2024"
ORDER_HELP = "Where no cell such as 31/12/2024 settles it. Holds for all columns of the table; no cell changes."
ORDERS = {None: "As each column decides", True: "Day first: 3 April", False: "Month first: 4 March"}


def show_columns(dataset: Dataset) -> None:
    """Show what each column was taken for, why the texts are where they are, and offer to say what cells mean."""
    st.subheader("Columns", anchor=False)
    with plain_errors():
        _show(dataset, waiting.await_task(table_tasks.look_at_columns(dataset)))


def _show(dataset: Dataset, found: list[ColumnProfile]) -> None:
    frame = dataset.table.frame
    st.dataframe(
        [_row(column) for column in found],
        hide_index=True,
        alt=TABLE_ALT,
        column_config={
            "Kind": st.column_config.TextColumn(width=130),
            SPREAD: st.column_config.BarChartColumn(y_min=0, width=110, help=SPREAD_HELP),
            "Bars": st.column_config.TextColumn(width=210),
            "Filled": st.column_config.NumberColumn(format="percent", width=70),
            "Different": st.column_config.NumberColumn(width=80),
            "Missing": st.column_config.TextColumn(width=130),
            "Examples": st.column_config.TextColumn(width=300),
            "Note": st.column_config.TextColumn(width=380),
        },
    )
    if found and found[0].n_rows < len(frame):
        st.caption(
            f"Counted in {found[0].n_rows:,} of {len(frame):,} rows, drawn at random; the notes on numbers and dates "
            "are of all rows."
        )
    if (guess := dataset.text_guess) is not None:
        column, why = escape_markdown(guess.column), escape_markdown(guess.why)
        st.caption(f":material/notes: The column {column} looks most like texts, because {why}.")
    if dataset.files:
        _offer_meanings(dataset, found)


def _row(column: ColumnProfile) -> dict[str, object]:
    return {
        "Column": column.name,
        "Kind": column.kind,
        SPREAD: list(column.bars.counts) or None,
        "Bars": column.bars.said,
        "Filled": column.filled,
        "Different": column.n_different,
        "Missing": _say_missing(column),
        "Examples": " · ".join(_cut(example) for example in column.examples),
        "Note": " ".join([*column.notes, *_say_kept(column)]),
    }


def _say_missing(column: ColumnProfile) -> str:
    """Say how many cells are missing, and which words stand in them."""
    if not column.n_missing:
        return "0"
    n_blank = column.n_missing - sum(column.missing_words.values())
    named = [f"{word} ({number:,})" for word, number in list(column.missing_words.items())[:MAX_NAMED_WORDS]]
    more = ["…"] if len(column.missing_words) > MAX_NAMED_WORDS else []
    blank = [f"blank ({n_blank:,})"] if n_blank else []
    return f"{column.n_missing:,}: {', '.join([*named, *more, *blank])}"


def _say_kept(column: ColumnProfile) -> list[str]:
    if not column.kept_words:
        return []
    named = ", ".join(f"{word} ({number:,})" for word, number in column.kept_words.items())
    return [f"Taken for values here, not for missing: {named}."]


def _cut(example: str) -> str:
    line = " ".join(example.split())
    return line if len(line) <= MAX_EXAMPLE_CHARS else f"{line[:MAX_EXAMPLE_CHARS]}…"


def _offer_meanings(dataset: Dataset, found: list[ColumnProfile]) -> None:
    """Let a person say which words mean missing and, where no cell settles it, how dates are read."""
    options = dataset.options
    usual = MISSING_WORDS if options.missing is None else options.missing
    is_open = any(column.has_open_order for column in found)
    with (
        st.expander("Say what cells mean", icon=":material/rule:", expanded=is_open),
        st.form(f"meanings-{dataset.id}", border=False),
    ):
        typed = st.text_input(MISSING_LABEL, ", ".join(usual), help=MISSING_HELP, key=f"missing-{dataset.id}")
        day_first = options.day_first
        if is_open or day_first is not None:
            day_first = st.selectbox(
                ORDER_LABEL,
                list(ORDERS),
                index=list(ORDERS).index(day_first),
                format_func=lambda order: ORDERS[order],
                help=ORDER_HELP,
                key=f"day-first-{dataset.id}",
            )
        if st.form_submit_button("Read again with these"):
            words = tuple(dict.fromkeys(filter(None, (word.strip() for word in typed.split(",")))))
            read_again(
                dataset, replace(options, missing=None if words == MISSING_WORDS else words, day_first=day_first)
            )
