"""What the Search page is made of: the query, the ways to search, the hits, what carries a match, many queries."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import streamlit as st

from embedlab.escape import escape_markdown
from embedlab.exports import hits_table
from embedlab.search import By, FusedHit, read_queries, search_by
from embedlab.ui.choices import address
from embedlab.ui.parts import downloads, first_look, plain_errors, point_map, warn_of_unread
from embedlab.ui.tasks import first_look as rough
from embedlab.ui.tasks import services, text_tasks, waiting
from embedlab.ui.views.search.hits import BOTH, MEANING, WORDS, Asked, like, liked, shorten, show_list
from embedlab.ui.webgl import Name

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from embedlab.ui.choices import Selection

    Rows = NDArray[np.int64] | None

SIDE_BY_SIDE = "Side by side"
WAYS: dict[str, By] = {WORDS: "words", BOTH: "both", MEANING: "meaning"}
BY_HELP = (
    "Meaning finds texts that say the same in other words. Words finds texts that hold what you typed: names, numbers, "
    "exact ids. Both puts the two lists together."
)
WEIGHT_HELP = (
    "How much each list counts in the one made of both: 0 is words alone, 1 meaning alone. Ranks count, scores do not."
)
LOWEST_HELP = (
    "Hits with a lower cosine are left out. What is high differs from model to model: the Similarity page says under "
    "*What a cosine means here* what each finds among your texts."
)
PLACED_FROM = 15


@dataclass(frozen=True)
class Wanted:
    """How the person wants to search."""

    way: str
    top_k: int
    weight: float
    lowest: float = 0.0


def type_query(selection: Selection) -> tuple[str, Wanted]:
    """Let the person type a query and say how to search."""
    n_texts = selection.corpus.n_documents
    asked, number = st.columns([4, 1], vertical_alignment="bottom")
    query = asked.text_input(
        "What are you looking for?",
        key="query",
        bind="query-params",
        type="search",
        placeholder="Say it in your own words, for example: my parcel is late",
        on_change=like,
        args=(selection, None),
    )
    top_k = number.number_input(
        "Results",
        1,
        min(100, n_texts),
        min(10, n_texts),
        key="top_k",
        bind="query-params",
        help="How many texts to show, best first; of split texts, documents.",
    )
    switch, slider = st.columns([3, 2], vertical_alignment="bottom")
    with switch:
        way = address.switch("by", "Search by", [MEANING, WORDS, BOTH, SIDE_BY_SIDE], help=BY_HELP)
    weight, lowest = 0.5, 0.0
    if way == MEANING:
        lowest = slider.slider("Lowest score", 0.0, 1.0, 0.0, 0.01, key="lowest", bind="query-params", help=LOWEST_HELP)
    if way in (BOTH, SIDE_BY_SIDE):
        weight = slider.slider(
            "Words ↔ Meaning", 0.0, 1.0, 0.5, 0.05, key="weight", bind="query-params", help=WEIGHT_HELP
        )
    return query, Wanted(way, int(top_k), weight, lowest)


def look_first(selection: Selection, query: str) -> Selection | None:
    """Return what is searched while the model reads the texts; None where it has, and while nothing is asked."""
    if not query and liked(selection) is None:
        return None
    return first_look.begin(selection, "Search", services.encoder(selection).document_prompt_name)


def wait_for(selection: Selection) -> None:
    """Wait for what takes the place of a first look."""
    services.search_index(selection)
    services.projection(selection)


def ask(selection: Selection, query: str) -> Asked | None:
    """Return what is looked for, None while nothing is; a text chosen with "More like this" goes before the query."""
    encoder = services.encoder(selection)
    if query:
        warn_of_unread(selection)
    if encoder.query_prompt_name:
        st.caption(f"{escape_markdown(selection.model)} wants a prompt before queries and texts; it is set by itself.")
    row = liked(selection)
    if row is None:
        return Asked(query, services.asked(selection, [query])[0]) if query else None
    text = selection.corpus.texts[row]
    with st.container(horizontal=True, vertical_alignment="center"):
        like_what = selection.corpus.place(row) or f"row {_number(selection, row)}"
        st.markdown(f"**Texts like {like_what}:** {escape_markdown(shorten(text))}")
        st.button(
            "Back to the query", key="unlike", on_click=like, args=(selection, None), icon=":material/arrow_back:"
        )
    return Asked(text, services.searched(selection).vectors[row], row)


def show_found(selection: Selection, asked: Asked, wanted: Wanted, rows: Rows = None) -> list[int]:
    """Search among ``rows``, list what is found, and return the positions of the texts to mark on the map."""
    if wanted.way == SIDE_BY_SIDE:
        return _show_side_by_side(selection, asked, wanted, rows)
    hits = find(selection, asked, wanted, wanted.way, rows)
    if rows is not None and not len(rows):
        st.info("No text passes the filter in the panel on the left. Widen it to search.")
    elif not hits and wanted.lowest:
        st.info(f"No text has a score of {wanted.lowest:.2f} or more. Lower it to see what is nearest.")
    elif not hits and wanted.way != WORDS:
        st.info("There is no other text to search among.")
    elif not hits:
        st.info("No text holds a word of this query. Search by meaning, which needs no word in common.")
    else:
        show_list(selection, asked, wanted.way, hits)
    return [hit.index for hit in hits]


def find(selection: Selection, asked: Asked, wanted: Wanted, way: str, rows: Rows = None) -> list[FusedHit]:
    """Search in one way among ``rows``, all texts when None; a text is not found as being like itself.

    Where texts are split, documents are found, each by its best passage.
    """
    corpus = selection.corpus
    among = np.arange(len(corpus.texts)) if rows is None else rows
    if asked.row is not None:
        numbers = np.arange(len(corpus.texts)) if corpus.document is None else corpus.document
        among = among[numbers[among] != numbers[asked.row]]
    if not len(among):
        return []
    words = None if way == MEANING else services.lexical_index(selection)
    meaning = None if way == WORDS else services.search_index(selection)
    return search_by(
        WAYS[way], words, meaning, asked.text, asked.vector, min(wanted.top_k, len(among)), weight=wanted.weight,
        rows=None if len(among) == len(corpus.texts) else among, documents=corpus.document,
        min_score=wanted.lowest or None,
    )  # fmt: skip


def show_map(selection: Selection, asked: Asked, rows: Sequence[int], *, is_first: bool = False) -> None:
    """Mark the found texts on the map, or on that of the first look, and what was looked for where it would lie."""
    # The two maps stand in one place, so that one becomes the other.
    place = st.container()
    projection = rough.rough_map(selection) if is_first else point_map.compute(selection)
    if asked.row is not None or not asked.vector.any():
        with place:
            point_map.show_highlights(selection, projection, rows)
        return
    near = services.search_index(selection).search(asked.vector, min(PLACED_FROM, len(selection.corpus.texts)))
    x, y = projection.estimate_place([hit.index for hit in near], [hit.score for hit in near]).tolist()
    with place:
        point_map.show_highlights(selection, projection, rows, names=[Name("your query", (x, y))])
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
        corpus = selection.corpus
        table = hits_table(corpus.texts, queries, _find_many(selection, queries, wanted, way, rows), corpus.places)
        st.dataframe(table.head(1000), hide_index=True, alt="What each query has found, best first")
        shown = f"; the first 1,000 of {len(table):,} rows are shown, the download has all" if len(table) > 1000 else ""
        st.caption(f"{len(queries):,} queries, searched by {way.lower()}{shown}.")
        with st.container(horizontal=True):
            downloads.offer(downloads.table_files("hits", lambda: table), is_primary=False)


def _find_many(selection: Selection, queries: list[str], wanted: Wanted, way: str, rows: Rows) -> list[list[FusedHit]]:
    words = None if way == MEANING else services.lexical_index(selection)
    meaning = None if way == WORDS else services.search_index(selection)
    n_rows = len(selection.corpus.texts) if rows is None else len(rows)
    task = text_tasks.search_many(
        selection.corpus, WAYS[way], words, meaning, queries, services.asked(selection, queries),
        services.searched(selection), top_k=min(wanted.top_k, n_rows), weight=wanted.weight, rows=rows,
        min_score=wanted.lowest or None,
    )  # fmt: skip
    return waiting.await_task(task)


def _show_side_by_side(selection: Selection, asked: Asked, wanted: Wanted, rows: Rows) -> list[int]:
    found = {way: find(selection, asked, wanted, way, rows) for way in WAYS}
    # Of a document each way may have found another passage.
    documents = selection.corpus.document
    numbers = np.arange(len(selection.corpus.texts)) if documents is None else documents
    lists = {way: {int(numbers[hit.index]) for hit in found[way]} for way in (WORDS, MEANING)}
    for column, (way, hits) in zip(st.columns(3), found.items(), strict=True):
        with column:
            st.subheader(way)
            places = [int(numbers[hit.index]) for hit in hits]
            marks = [_mark(place in lists[WORDS], place in lists[MEANING]) for place in places]
            if hits:
                show_list(selection, asked, way, hits, marks)
            else:
                st.info("No text holds a word of this query.")
    return list(dict.fromkeys(hit.index for hits in found.values() for hit in hits))


def _mark(by_words: bool, by_meaning: bool) -> str:
    if by_words and by_meaning:
        return "both"
    return "● words only" if by_words else "● meaning only" if by_meaning else "further down"


def _number(selection: Selection, row: int) -> str:
    return f"{selection.corpus.table_rows[row] + 1:,}"
