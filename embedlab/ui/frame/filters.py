"""The filter in the panel on the left: which texts every page looks at."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import numpy as np
import streamlit as st

from embedlab.datasets import Filter, group_column, matching_rows
from embedlab.escape import escape_markdown
from embedlab.tables import Scale, read_scale
from embedlab.ui.choices import address, groups

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from embedlab.datasets import Corpus

CLUSTER, GROUP = "Cluster (found)", "Group (yours)"
MOST_VALUES = 1_000
HELP = (
    "Every page then looks at the texts that pass: maps, tables, search. Clusters and the map itself stay as they are."
)


def choose(corpus: Corpus) -> tuple[str, NDArray[np.int64] | None]:
    """Draw the filter, and return its name and the texts that pass; no name and None while nothing is filtered."""
    with st.expander("Filter", icon=":material/filter_alt:"):
        words = address.type_in("contains", "Text contains", help=HELP)
        chosen = st.multiselect(
            "Columns",
            _names(corpus),
            key=f"filter:{corpus.digest}",
            persist_state="session",
            placeholder="Filter by a column",
        )
        columns = {name: _cells(corpus, name) for name in chosen}
        conditions = [_condition(corpus, name, cells) for name, cells in columns.items()]
        filters = [condition for condition in conditions if condition is not None]
        if words.strip():
            filters.append(Filter(corpus.text_column, contains=words.strip()))
            columns[corpus.text_column] = corpus.texts
    if not filters:
        return "", None
    rows = matching_rows(columns, filters)
    st.caption(f":material/filter_alt: **{len(rows):,}** of {len(corpus.texts):,} texts pass the filter.")
    if not len(rows):
        st.warning("No text passes the filter. Widen it.")
    return f"{filters}{len(rows)}", rows


def keep_clusters(corpus: Corpus, row_names: Sequence[str]) -> None:
    """Let texts be filtered by the cluster they were found in."""
    st.session_state[f"clusters:{corpus.digest}"] = row_names


def _names(corpus: Corpus) -> list[str]:
    found = [CLUSTER] if f"clusters:{corpus.digest}" in st.session_state else []
    yours = [GROUP] if groups.of(corpus) else []
    columns = [name for name in corpus.frame.columns if name != corpus.text_column]
    return [*(name for name in [*found, *yours] if name not in corpus.frame.columns), *columns]


def _cells(corpus: Corpus, name: str) -> Sequence[str]:
    if name in corpus.frame.columns:
        return corpus.frame[name].tolist()
    if name == CLUSTER:
        return st.session_state[f"clusters:{corpus.digest}"]
    return group_column(groups.of(corpus), len(corpus.texts))


def _condition(corpus: Corpus, name: str, cells: Sequence[str]) -> Filter | None:
    """Draw what fits the column: a range for numbers and dates, a list of values for anything else."""
    key, scale = f"filter:{corpus.digest}:{name}", read_scale(cells)
    if scale is not None:
        return _range(key, name, scale)
    values = sorted({str(cell) for cell in cells})[:MOST_VALUES]
    kept = st.multiselect(
        escape_markdown(name),
        values,
        key=key,
        persist_state="session",
        placeholder="Any value",
        format_func=lambda value: value or "(empty)",
    )
    return Filter(name, values=tuple(kept)) if kept else None


def _range(key: str, name: str, scale: Scale) -> Filter | None:
    low, high = float(np.nanmin(scale.numbers)), float(np.nanmax(scale.numbers))
    label = escape_markdown(name)
    if scale.is_date:
        first, last = _day(low), _day(high)
        start, end = st.slider(
            label, first, max(last, first + timedelta(1)), (first, last), key=key, persist_state="session"
        )
        if (start, end) == (first, last):
            return None
        return Filter(name, limits=(_seconds(start), _seconds(end) + 86_399))
    kept = st.slider(label, low, high, (low, high), key=key, persist_state="session")
    return Filter(name, limits=kept) if kept != (low, high) else None


def _day(seconds: float) -> date:
    return datetime.fromtimestamp(seconds, UTC).date()


def _seconds(day: date) -> float:
    return datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp()
