"""The filter in the panel on the left: which texts every page looks at."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import UTC, date, datetime, timedelta
from math import ceil, floor
from typing import TYPE_CHECKING, Any

import numpy as np
import streamlit as st

from embedlab.datasets import Filter, group_column, matching_rows
from embedlab.escape import escape_markdown
from embedlab.plots.look import MISSING_NAME
from embedlab.ui.choices import address, groups

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from embedlab.columns import Scale
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
        asked = {name: _condition(corpus, name) for name in chosen}
        columns = {name: cells for name, (_, cells) in asked.items()}
        filters = [condition for condition, _ in asked.values() if condition is not None]
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


def _condition(corpus: Corpus, name: str) -> tuple[Filter | None, Any]:
    """Draw what fits the column, and return what is asked of it and its cells as they are filtered."""
    key = f"filter:{corpus.digest}:{name}"
    if name not in corpus.frame.columns:
        cells: Sequence[Any] = (
            st.session_state[f"clusters:{corpus.digest}"]
            if name == CLUSTER
            else group_column(groups.of(corpus), len(corpus.texts))
        )
        return _values(key, name, {str(cell) for cell in cells}), cells
    scale, sets = corpus.scale(name), corpus.label_sets(name)
    labels = corpus.labels(name)
    if scale is not None:
        condition = _others(key, name, scale, labels) or _range(key, name, scale)
        return condition, labels if condition is None or condition.limits is None else scale.numbers
    if sets is None:
        return _values(key, name, set(labels.tolist())), labels
    return _values(key, name, {label for found in sets for label in (found or ("",))}), sets


def _values(key: str, name: str, values: Collection[str]) -> Filter | None:
    kept = st.multiselect(
        escape_markdown(name),
        sorted(values)[:MOST_VALUES],
        key=key,
        persist_state="session",
        placeholder="Any value",
        format_func=lambda value: value or MISSING_NAME,
    )
    return Filter(name, values=tuple(kept)) if kept else None


def _others(key: str, name: str, scale: Scale, labels: NDArray[np.object_]) -> Filter | None:
    """Offer the cells that are missing, or do not fit, in place of a range."""
    n_missing = int(np.count_nonzero(labels == ""))
    others = {"": n_missing, **scale.unread} if n_missing else dict(scale.unread)
    if not others:
        return None
    kind = {"number": "number", "date": "date", "time": "time"}[scale.kind]
    kept = st.multiselect(
        f"{escape_markdown(name)}: cells without a {kind}",
        list(others)[:MOST_VALUES],
        key=f"{key}:others",
        persist_state="session",
        placeholder="None",
        format_func=lambda value: f"{value or MISSING_NAME} · {others[value]:,}",
        help="What is chosen here takes the place of the range.",
    )
    return Filter(name, values=tuple(kept)) if kept else None


def _range(key: str, name: str, scale: Scale) -> Filter | None:
    low, high = float(np.nanmin(scale.numbers)), float(np.nanmax(scale.numbers))
    label = escape_markdown(name)
    if scale.kind == "date":
        first, last = _day(low), _day(high)
        start, end = st.slider(
            label, first, max(last, first + timedelta(1)), (first, last), key=key, persist_state="session"
        )
        if (start, end) == (first, last):
            return None
        return Filter(name, limits=(_seconds(start), _seconds(end) + 86_399.999))
    if scale.kind == "time":
        first_hour, last_hour = floor(low / 3600), ceil(high / 3600)
        hours = first_hour, max(last_hour, first_hour + 1)
        kept_hours = st.slider(f"{label} (hours)", *hours, hours, key=key, persist_state="session")
        limits = kept_hours[0] * 3600.0, kept_hours[1] * 3600.0
        return Filter(name, limits=limits) if kept_hours != hours else None
    kept = st.slider(label, low, high, (low, high), key=key, persist_state="session")
    return Filter(name, limits=kept) if kept != (low, high) else None


def _day(seconds: float) -> date:
    return datetime.fromtimestamp(seconds, UTC).date()


def _seconds(day: date) -> float:
    return datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp()
