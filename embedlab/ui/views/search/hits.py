"""The hits of a search as a list, and what can be done with one of them: see what carries it, look for more like it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import TYPE_CHECKING

import streamlit as st

from embedlab.escape import escape_markdown
from embedlab.models import is_transformer
from embedlab.search import DEPTH, FusedHit, K
from embedlab.ui.parts import ColumnConfig, match_markdown, plain_errors, show_hits
from embedlab.ui.tasks import services, text_tasks, waiting
from embedlab.ui.views.search import documents

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from embedlab.ui.choices import Selection

MEANING, WORDS, BOTH = "Meaning", "Words", "Both"
BM25_HELP = (
    "BM25: rare words count more than common ones, long texts less. It has no upper limit; compare it in one list."
)
FUSED_HELP = f"The sum of share / ({K} + rank) over both lists. Full where a text comes first in both."
RANK_HELP = (
    f"Place in this list alone; empty beyond the first {DEPTH}, or where no word of the query stands in the text."
)
FOUND_HELP = "Which of the lists, of words and of meaning, holds this text among its first results."


@dataclass(frozen=True, eq=False)
class Asked:
    """What is looked for: what was typed, or a text the person wants more like."""

    text: str
    vector: NDArray[np.float32]
    row: int | None = None


def show_list(
    selection: Selection, asked: Asked, way: str, hits: Sequence[FusedHit], marks: Sequence[str] | None = None
) -> None:
    """List hits, and under them what can be done with the one that is selected.

    With ``marks``, which say where else a hit was found, the list is narrow: it stands beside others.
    """
    extra: dict[str, Sequence[object]] = {}
    columns = {}
    if marks is not None:
        extra = {"found": marks}
        columns = {"found": st.column_config.TextColumn("Found by", width=95, help=FOUND_HELP)}
    elif way == BOTH:
        extra = {"by words": [hit.ranks[0] for hit in hits], "by meaning": [hit.ranks[1] for hit in hits]}
        columns = {
            name: st.column_config.NumberColumn(name.capitalize(), width="small", help=RANK_HELP) for name in extra
        }
    # Another list has another key, so that nothing stays selected in it.
    listed = repr((asked.text, [hit.index for hit in hits])).encode("utf-8", "replace")
    picked = show_hits(
        selection,
        hits,
        key=f"hits-{way}-{blake2b(listed, digest_size=6).hexdigest()}",
        score=_score(way, hits),
        extra=extra,
        columns=columns,
        narrow=marks is not None,
    )
    if picked is None:
        st.caption("Select a row to see what carries the match, and to find more like it.")
        return
    _look_into(selection, asked, picked, way)


def _look_into(selection: Selection, asked: Asked, row: int, way: str) -> None:
    """Show which words of a text carry the match, and offer the search for more like it."""
    corpus = selection.corpus
    text = corpus.texts[row]
    with st.container(border=True), plain_errors():
        with st.container(horizontal=True, vertical_alignment="center"):
            st.button(
                "More like this",
                key=f"like-{way}",
                on_click=like,
                args=(selection, row),
                icon=":material/more_horiz:",
                help="Search with this text in place of the query.",
            )
            documents.offer(corpus, row, key=f"open-{way}")
        if not is_transformer(selection.model):
            st.markdown(escape_markdown(shorten(text, 4000)))
            st.caption(
                f"{escape_markdown(selection.model)} has no token vectors here, so no single word carries the match."
            )
            return
        match = waiting.await_task(text_tasks.match(services.encoder(selection), asked.text, text))
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


def like(selection: Selection, row: int | None) -> None:
    """Search with a text in place of the query from the next run on, or with the query again for None."""
    st.session_state[_like_key(selection)] = row


def liked(selection: Selection) -> int | None:
    """Return the position of the text to find more like, None while there is none."""
    return st.session_state.get(_like_key(selection))


def shorten(text: str, max_chars: int = 160) -> str:
    """Return a text cut at a length that can be read at a glance."""
    return text if len(text) <= max_chars else text[: max_chars - 1] + "…"


def _like_key(selection: Selection) -> str:
    return f"like:{selection.corpus.digest}"
