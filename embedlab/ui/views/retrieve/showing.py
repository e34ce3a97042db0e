"""A prompt as the language model gets it: its passages with their numbers, what was left out, and the words."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from embedlab.escape import escape_markdown
from embedlab.texts import texts_digest
from embedlab.ui.views.retrieve import clicks

if TYPE_CHECKING:
    from embedlab.retrieval import Placed, Prompt
    from embedlab.ui.retrieval import Side

_SCORES = {"meaning": "cosine {:.3f}", "words": "BM25 {:.2f}", "both": "fused {:.4f}"}
# Passages that are drawn with their questions; the words of all of them stand below.
_DRAWN = 20
_NAMED = 5
_MIDDLE = (0.25, 0.75)
_PLACE_HELP = (
    "Where the middle of the passage stands among the tokens of all: 0 % is the beginning, 100 % the end. Language "
    "models use best what stands at either end (Liu et al., Lost in the Middle, 2024)."
)


def show(side: Side, prompt: Prompt) -> None:
    """Show a prompt."""
    _facts(prompt)
    _remarks(prompt)
    for placed in prompt.placed[:_DRAWN]:
        _passage(side, prompt, placed)
    if len(prompt.placed) > _DRAWN:
        st.caption(f"{_DRAWN} of {len(prompt.placed)} passages are shown one by one; all stand in the prompt below.")
    _left_out(prompt)
    with st.expander("The prompt, word for word", icon=":material/terminal:"):
        st.code(prompt.text, language=None, height=420, wrap_lines=True)


def _facts(prompt: Prompt) -> None:
    about = "" if prompt.counter.is_exact else "≈ "
    room = prompt.context - prompt.answer_tokens
    with st.container(horizontal=True, gap="large"):
        st.metric(
            "Tokens of the prompt",
            f"{about}{prompt.n_tokens:,}",
            help=f"Of {room:,} there is room for. What the server's chat template puts around it is not counted.",
            width="content",
        )
        st.metric("Share of the context", f"{prompt.n_tokens / prompt.context:.1%}", width="content")
        st.metric("Passages", f"{len(prompt.placed):,}", width="content")
        if prompt.best is not None:
            st.metric("Place of the best", f"{prompt.best.middle:.0%}", help=_PLACE_HELP, width="content")


def _remarks(prompt: Prompt) -> None:
    """Say what harms a prompt."""
    if not prompt.placed:
        found = "What fits best does not fit into the context." if prompt.left_out else "Nothing was found."
        st.warning(f"No passage is in the prompt: the model can only say that it does not know. {found}")
    elif prompt.is_full:
        st.warning("The context is full: passages that were wanted are left out.", icon=":material/content_cut:")
    if prompt.best is not None and len(prompt.placed) > 2 and _MIDDLE[0] < prompt.best.middle < _MIDDLE[1]:
        st.warning(
            f"The best passage stands in the middle, as number {prompt.best.number}: what stands there is used least.",
            icon=":material/vertical_align_center:",
        )
    if twins := prompt.twins:
        said = ", ".join(f"[{each.number}] and [{each.twin}]" for each in twins[:_NAMED])
        st.warning(
            f"Nearly the same: {escape_markdown(said)}. They take up room and say nothing new.",
            icon=":material/content_copy:",
        )
    if cut := [each for each in prompt.placed if each.passage.is_cut]:
        st.caption(
            f":material/content_cut: The cross-encoder did not read {len(cut)} of these passages to the end: question "
            "and passage together are longer than it reads."
        )


def _passage(side: Side, prompt: Prompt, placed: Placed) -> None:
    passage = placed.passage
    # A rank is told where the number does not.
    facts = [escape_markdown(passage.place), f"rank {placed.rank}" if placed.rank != placed.number else ""]
    facts.append(_SCORES[side.way.by].format(passage.score))
    if passage.rerank_score is not None:
        facts.append(f"cross-encoder {passage.rerank_score:.2f}")
    facts += [f"{placed.n_tokens:,} tokens", f"at {placed.middle:.0%}"]
    if placed.twin is not None:
        facts.append(f"nearly the same as \\[{placed.twin}\\]")
    with st.container(border=True):
        st.markdown(f"**\\[{placed.number}\\]** :small[{' · '.join(filter(None, facts))}]")
        st.markdown(escape_markdown(passage.text))
        place = texts_digest([prompt.question, passage.document, f"{passage.start}:{passage.end}"])
        key = f"holds-{side.name}-{place[:12]}"
        clicks.ask(side.panel, prompt.question, passage, key)


def _left_out(prompt: Prompt) -> None:
    if not prompt.left_out:
        return
    with st.expander(f"Found and left out ({len(prompt.left_out):,})", icon=":material/playlist_remove:"):
        st.dataframe(
            {
                "rank": [each.rank for each in prompt.left_out],
                "why": [each.why for each in prompt.left_out],
                "where": [each.passage.place for each in prompt.left_out],
                "text": [each.passage.text for each in prompt.left_out],
            },
            hide_index=True,
            alt="Passages that were found and are not in the prompt, and why",
        )
