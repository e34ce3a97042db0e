"""What the Search page is made of: the query, the ways to search, the hits, what carries a match, many queries."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import TYPE_CHECKING

import numpy as np
import streamlit as st

from embedlab.baselines import is_baseline
from embedlab.escape import escape_markdown
from embedlab.exports import hits_table, to_csv
from embedlab.fusion import DEPTH, By, FusedHit, K, search_by
from embedlab.queries import read_queries
from embedlab.ui import address, point_map, services, tasks, webgl
from embedlab.ui.messages import plain_errors
from embedlab.ui.tables import ColumnConfig, show_hits
from embedlab.ui.tokens import match_markdown

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from embedlab.ui.frame import Selection

    Rows = NDArray[np.int64] | None

MEANING, WORDS, BOTH, SIDE_BY_SIDE = "Meaning", "Words", "Both", "Side by side"
WAYS: dict[str, By] = {WORDS: "words", BOTH: "both", MEANING: "meaning"}
BY_HELP = (
    "Meaning finds texts that say the same in other words. Words finds texts that hold what you typed: names, numbers, "
    "exact ids. Both puts the two lists together."
)
WEIGHT_HELP = "How much each list counts in the one made of both: 0 is words alone, 1 meaning alone. Only ranks count, not scores."
BM25_HELP = (
    "BM25: rare words count more than common ones, long texts less. It has no upper limit; compare it in one list."
)
FUSED_HELP = f"The sum of share / ({K} + rank) over both lists. Full where a text comes first in both."
RANK_HELP = (
    f"Place in this list alone; empty beyond the first {DEPTH}, or where no word of the query stands in the text."
)
FOUND_HELP = "Which of the lists, of words and of meaning, holds this text among its first results."
PLACED_FROM = 15


@dataclass(frozen=True)
class Wanted:
    """How the person wants to search."""

    way: str
    top_k: int
    weight: float


@dataclass(frozen=True, eq=False)
class Asked:
    """What is looked for: what was typed, or a text the person wants more like."""

    text: str
    vector: NDArray[np.float32]
    row: int | None = None


def type_query(selection: Selection) -> tuple[str, Wanted]:
    """Let the person type a query and say how to search."""
    n_texts = len(selection.corpus.texts)
    asked, number = st.columns([4, 1], vertical_alignment="bottom")
    query = asked.text_input(
        "What are you looking for?",
        key="query",
        bind="query-params",
        type="search",
        placeholder="Say it in your own words, for example: my parcel is late",
        on_change=_like,
        args=(selection, None),
    )
    top_k = number.number_input(
        "Results",
        1,
        min(100, n_texts),
        min(10, n_texts),
        key="top_k",
        bind="query-params",
        help="How many texts to show, best first.",
    )
    switch, slider = st.columns([3, 2], vertical_alignment="bottom")
    with switch:
        way = address.switch("by", "Search by", [MEANING, WORDS, BOTH, SIDE_BY_SIDE], help=BY_HELP)
    weight = 0.5
    if way in (BOTH, SIDE_BY_SIDE):
        weight = slider.slider(
            "Words ↔ Meaning", 0.0, 1.0, 0.5, 0.05, key="weight", bind="query-params", help=WEIGHT_HELP
        )
    return query, Wanted(way, int(top_k), weight)


def ask(selection: Selection, query: str) -> Asked | None:
    """Return what is looked for, None while nothing is; a text chosen with "More like this" goes before the query."""
    encoder = services.encoder(selection)
    if encoder.query_prompt_name:
        st.caption(f"{escape_markdown(selection.model)} wants a prompt before queries and texts; it is set by itself.")
    row = st.session_state.get(_like_key(selection))
    if row is None:
        return Asked(query, encoder.encode_query(query, pooling_mode=selection.pooling_mode)[0]) if query else None
    text = selection.corpus.texts[row]
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f"**Texts like row {_number(selection, row)}:** {escape_markdown(_short(text))}")
        st.button(
            "Back to the query", key="unlike", on_click=_like, args=(selection, None), icon=":material/arrow_back:"
        )
    return Asked(text, services.searched(selection).vectors[row], row)


def show_found(selection: Selection, asked: Asked, wanted: Wanted, rows: Rows = None) -> list[int]:
    """Search among ``rows``, list what is found, and return the positions of the texts to mark on the map."""
    if wanted.way == SIDE_BY_SIDE:
        return _show_side_by_side(selection, asked, wanted, rows)
    hits = find(selection, asked, wanted, wanted.way, rows)
    if not hits:
        st.info("No text holds a word of this query. Search by meaning, which needs no word in common.")
    else:
        extra = _ranks(hits) if wanted.way == BOTH else {}
        _show_list(selection, asked, wanted.way, hits, extra=extra)
    return [hit.index for hit in hits]


def find(selection: Selection, asked: Asked, wanted: Wanted, way: str, rows: Rows = None) -> list[FusedHit]:
    """Search in one way among ``rows``, all texts when None; a text is not found as being like itself."""
    among = np.arange(len(selection.corpus.texts)) if rows is None else rows
    among = among if asked.row is None else among[among != asked.row]
    if not len(among):
        return []
    words = None if way == MEANING else services.lexical_index(selection)
    meaning = None if way == WORDS else services.search_index(selection)
    top_k = min(wanted.top_k, len(among))
    chosen = None if len(among) == len(selection.corpus.texts) else among
    return search_by(WAYS[way], words, meaning, asked.text, asked.vector, top_k, weight=wanted.weight, rows=chosen)


def show_map(selection: Selection, asked: Asked, rows: Sequence[int]) -> None:
    """Mark the found texts on the map, and what was looked for where it would lie."""
    projection = point_map.compute(selection)
    if asked.row is not None or not asked.vector.any():
        point_map.show_highlights(selection, projection, rows)
        return
    near = services.search_index(selection).search(asked.vector, min(PLACED_FROM, len(selection.corpus.texts)))
    x, y = projection.estimate_place([hit.index for hit in near], [hit.score for hit in near]).tolist()
    point_map.show_highlights(selection, projection, rows, names=[webgl.Name("your query", x, y)])
    st.caption(
        f"“your query” stands at the mean of its nearest {len(near)} texts, nearer ones counting more. This is an "
        "estimate: a UMAP map has no exact place for a text it was not made from."
    )


def offer_many(selection: Selection, wanted: Wanted, rows: Rows = None) -> None:
    """Let the person search for all queries of a file."""
    with st.expander("Many queries at once", icon=":material/playlist_add_check:"), plain_errors():
        file = st.file_uploader(
            "A file of queries",
            type=["txt", "csv"],
            key="queries_file",
            help="One query a line, or a CSV with a column of queries. They are searched as set above.",
        )
        if file is None:
            st.caption("Load a file to search for all its queries, and download what is found.")
            return
        queries = read_queries(file.getvalue(), name=file.name)
        way = BOTH if wanted.way == SIDE_BY_SIDE else wanted.way
        table = hits_table(selection.corpus.texts, queries, _find_many(selection, queries, wanted, way, rows))
        st.dataframe(table.head(1000), hide_index=True, alt="What each query has found, best first")
        shown = f"; the first 1,000 of {len(table):,} rows are shown, the download has all" if len(table) > 1000 else ""
        st.caption(f"{len(queries):,} queries, searched by {way.lower()}{shown}.")
        st.download_button(
            "Download CSV", lambda: to_csv(table), "hits.csv", "text/csv", on_click="ignore", icon=":material/download:"
        )


def _find_many(selection: Selection, queries: list[str], wanted: Wanted, way: str, rows: Rows) -> list[list[FusedHit]]:
    words = None if way == MEANING else services.lexical_index(selection)
    meaning = None if way == WORDS else services.search_index(selection)
    n_rows = len(selection.corpus.texts) if rows is None else len(rows)
    task = tasks.search_many(
        WAYS[way], words, meaning, queries, services.searched(selection), services.encoder(selection),
        pooling_mode=selection.pooling_mode, top_k=min(wanted.top_k, n_rows), weight=wanted.weight, rows=rows,
    )  # fmt: skip
    return services.await_task(task)


def _show_side_by_side(selection: Selection, asked: Asked, wanted: Wanted, rows: Rows) -> list[int]:
    found = {way: find(selection, asked, wanted, way, rows) for way in WAYS}
    lists = {way: {hit.index for hit in found[way]} for way in (WORDS, MEANING)}
    columns = {"found": st.column_config.TextColumn("Found by", width="small", help=FOUND_HELP)}
    for column, (way, hits) in zip(st.columns(3), found.items(), strict=True):
        with column:
            st.subheader(way)
            marks = [_mark(hit.index in lists[WORDS], hit.index in lists[MEANING]) for hit in hits]
            if hits:
                _show_list(selection, asked, way, hits, {"found": marks}, columns, with_others=False)
            else:
                st.info("No text holds a word of this query.")
    return list(dict.fromkeys(hit.index for hits in found.values() for hit in hits))


def _mark(by_words: bool, by_meaning: bool) -> str:
    if by_words and by_meaning:
        return "both"
    return "● words only" if by_words else "● meaning only" if by_meaning else "further down"


def _show_list(
    selection: Selection,
    asked: Asked,
    way: str,
    hits: Sequence[FusedHit],
    extra: dict[str, list[object]],
    columns: dict[str, ColumnConfig] | None = None,
    *,
    with_others: bool = True,
) -> None:
    """List hits, and under them what can be done with the one that is selected."""
    shown = columns or {name: st.column_config.NumberColumn(width="small", help=RANK_HELP) for name in extra}
    # Another list has another key, so that nothing stays selected in it.
    name = blake2b(
        repr((asked.text, [hit.index for hit in hits])).encode("utf-8", "replace"), digest_size=6
    ).hexdigest()
    picked = show_hits(
        selection,
        hits,
        key=f"hits-{way}-{name}",
        score=_score(way, hits),
        extra=extra,
        columns=shown,
        with_others=with_others,
    )
    if picked is None:
        st.caption("Select a row to see what carries the match, and to find more like it.")
        return
    _look_into(selection, asked, picked, way)


def _look_into(selection: Selection, asked: Asked, row: int, way: str) -> None:
    """Show which words of a text carry the match, and offer the search for more like it."""
    text = selection.corpus.texts[row]
    with st.container(border=True), plain_errors():
        st.button(
            "More like this",
            key=f"like-{way}",
            on_click=_like,
            args=(selection, row),
            icon=":material/more_horiz:",
            help="Search with this text in place of the query.",
        )
        if is_baseline(selection.model):
            st.markdown(escape_markdown(_short(text, 4000)))
            st.caption(f"{selection.model} has no token vectors, so no single word carries the match.")
            return
        match = services.await_task(tasks.match(services.encoder(selection), asked.text, text))
        st.markdown(match_markdown(match))
        best = max(match.words(), key=lambda word: word.score)
        st.caption(
            f"The stronger a word is marked, the nearer it is to a word of the query. Nearest: "
            f"“{escape_markdown(text[best.start : best.end])}” to “{escape_markdown(best.query_word)}” "
            f"({best.score:.2f}).",
            help="Cosine of their token vectors in the last layer of the model, where each has taken in its sentence.",
        )


def _score(way: str, hits: Sequence[FusedHit]) -> ColumnConfig:
    if way == WORDS:
        top, digits, said = hits[0].score, "%.2f", BM25_HELP
    elif way == BOTH:
        top, digits, said = 1 / (K + 1), "%.4f", FUSED_HELP
    else:
        top, digits, said = 1.0, "%.3f", "Cosine similarity to the query"
    return st.column_config.ProgressColumn(
        "Score", min_value=0.0, max_value=top, format=digits, width="small", help=said
    )


def _ranks(hits: Sequence[FusedHit]) -> dict[str, list[object]]:
    return {
        "by words": [hit.ranks[0] for hit in hits],
        "by meaning": [hit.ranks[1] for hit in hits],
    }


def _like(selection: Selection, row: int | None) -> None:
    st.session_state[_like_key(selection)] = row


def _like_key(selection: Selection) -> str:
    return f"like:{selection.dataset.id}:{selection.text_column}"


def _number(selection: Selection, row: int) -> str:
    return f"{selection.corpus.summary.kept[row] + 1:,}"


def _short(text: str, max_chars: int = 160) -> str:
    return text if len(text) <= max_chars else text[: max_chars - 1] + "…"
