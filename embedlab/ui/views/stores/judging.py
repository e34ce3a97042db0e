"""A collection held against exact search: what it finds, how fast, and which setting of its index finds enough."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
import streamlit as st

from embedlab.errors import Cancelled
from embedlab.escape import escape_markdown
from embedlab.plots import recall_curve
from embedlab.stores.contract import check_same_space
from embedlab.stores.judging import WANTED_RECALL, Judged, Sweep, judged_table, judged_verdict
from embedlab.ui.choices import address
from embedlab.ui.stores import tasks
from embedlab.ui.tasks import services, waiting
from embedlab.ui.views.stores import asking

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from embedlab.stores import CollectionInfo
    from embedlab.stores.exchange import Place
    from embedlab.ui.choices import Selection

OWN_ROWS, QUESTIONS = "Its own texts", "My questions"
WANTED = ("0.8", "0.9", "0.95", "0.99", "1.0")
WANTED_HELP = "Share of the ten nearest texts that should be found. Below it the page says so in red."
WITH_HELP = (
    "Its own texts: some of them are asked for their neighbours. Your questions are nearer to what the store will be "
    "asked; twenty and more give an interval worth reading."
)
SWEEP_HELP = (
    "Writes a copy of the rows into the same store, builds its indexes one after another, asks each, and removes the "
    "copy. The collection itself stays as it is."
)
STOPPED = "Stopped. Nothing in the collection has changed."
_JUDGE, _SWEEP = "asked-to-judge", "asked-to-sweep"


def show(selection: Selection, place: Place, info: CollectionInfo) -> None:
    """Let the person say what is asked, judge, and try other settings."""
    left, right = st.columns([3, 1], vertical_alignment="bottom")
    with left:
        way = address.switch("with", "Asked with", [OWN_ROWS, QUESTIONS], help=WITH_HELP)
    with right:
        wanted = address.pick("wanted", "Recall wanted", WANTED, str(WANTED_RECALL), help=WANTED_HELP)
    questions = _type_questions() if way == QUESTIONS else []
    where = asking.choose_condition(place, info)
    asked = str(place.address), info.name, tuple(questions), repr(where)
    with st.container(horizontal=True):
        st.button(
            "Judge", type="primary", icon=":material/fact_check:", on_click=_ask, args=(_JUDGE, asked),
            disabled=not info.count or (way == QUESTIONS and not questions),
        )  # fmt: skip
        st.button(
            "Try other settings", icon=":material/tune:", on_click=_ask, args=(_SWEEP, asked), help=SWEEP_HELP,
            disabled=not info.count or (way == QUESTIONS and not questions),
        )  # fmt: skip
    nonces = {what: st.session_state.get(what, (None, "")) for what in (_JUDGE, _SWEEP)}
    if all(key != asked for key, _ in nonces.values()):
        return
    queries = _embed(selection, info, questions)
    try:
        if nonces[_JUDGE][0] == asked:
            _show_judged(tasks.judged(place, info.name, queries, where, nonces[_JUDGE][1]), float(wanted))
        if nonces[_SWEEP][0] == asked:
            _show_sweep(tasks.swept(place, info.name, queries, where, nonces[_SWEEP][1]), float(wanted))
    except Cancelled:
        st.info(STOPPED, icon=":material/stop_circle:")


def _ask(what: str, asked: tuple[object, ...]) -> None:
    st.session_state[what] = asked, uuid.uuid4().hex
    waiting.start_again()


def _type_questions() -> list[str]:
    typed = st.text_area("Questions, one a line", key="judge-questions", height=140)
    return [line.strip() for line in typed.splitlines() if line.strip()]


def _embed(selection: Selection, info: CollectionInfo, questions: list[str]) -> NDArray[np.float32] | None:
    """Embed the questions by the chosen model, which has to be that of the collection.

    Raises
    ------
    SpecError
    """
    if not questions:
        return None
    encoder = services.encoder(selection)
    check_same_space(info.spec, encoder.spec(pooling_mode=selection.pooling_mode), info.name)
    return services.asked(selection, questions)


def _show_judged(found: Mapping[str, Judged], wanted: float) -> None:
    """Say what was found of each way to ask: in red where it is less than what is wanted."""
    for title, judged in found.items():
        with st.container(border=True):
            st.markdown(f"**{title}**" + (f": {judged.n_kept:,} of {judged.n_rows:,}" if judged.where else ""))
            said = escape_markdown(judged_verdict(judged, wanted))
            if judged.recall < wanted or judged.n_wrong:
                st.error(said, icon=":material/error:")
            else:
                st.success(said, icon=":material/check:")
            size = "not said" if judged.nbytes is None else f"{judged.nbytes / 1e6:,.1f} MB"
            with st.container(horizontal=True):
                st.metric(f"Recall@{judged.top_k}", f"{judged.recall:.3f}", border=True)
                st.metric("Half of the queries within", f"{judged.latency_p50 * 1e3:,.1f} ms", border=True)
                st.metric("95 of 100 within", f"{judged.latency_p95 * 1e3:,.1f} ms", border=True)
                st.metric("On disk", size, border=True)


def _show_sweep(sweep: Sweep, wanted: float) -> None:
    """Say which setting finds enough soonest, and draw all of them."""
    best = sweep.reaching(wanted)
    if best is None:
        top = max(sweep.tried, key=lambda judged: judged.recall)
        st.error(
            f"No setting reaches a recall of {wanted:g}; {escape_markdown(top.title)} comes nearest with "
            f"{top.recall:.3f}.",
            icon=":material/error:",
        )
    else:
        st.success(
            f"**{escape_markdown(best.title)}** is the fastest with a recall of {wanted:g} or more: "
            f"{best.recall:.3f} in {best.latency_p50 * 1e3:,.2f} ms.",
            icon=":material/speed:",
        )
    tried = list(sweep.tried)
    st.plotly_chart(
        recall_curve(
            [judged.title for judged in tried],
            [judged.recall for judged in tried],
            [judged.interval for judged in tried],
            [judged.latency_p50 * 1e3 for judged in tried],
            [judged.index for judged in tried],
            [tried.index(judged) for judged in sweep.front],
            wanted,
        ),
        key="recall-curve",
        alt=f"Recall of {len(tried)} settings over the time of a query; the table below has the numbers",
    )
    _show_table(judged_table(tried))


def _show_table(table: pd.DataFrame) -> None:
    number = st.column_config.NumberColumn
    st.dataframe(
        table.drop(columns=["rows", "kept"]),
        hide_index=True,
        column_config={
            "setting": st.column_config.TextColumn("Setting", pinned=True, width="medium"),
            "recall": number("Recall", format="%.3f"),
            "low": number("from", format="%.3f"),
            "high": number("to", format="%.3f"),
            "p50_ms": number("ms (half)", format="%.2f"),
            "p95_ms": number("ms (95 %)", format="%.2f"),
            "build_s": number("Built in s", format="%.1f"),
            "bytes": number("Bytes", format="localized"),
            "short": number("Short answers", help="Answers with fewer rows than there are, without an error."),
        },
        alt="What each setting finds, how fast, and what it takes",
    )
