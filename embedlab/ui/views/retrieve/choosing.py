"""The question, what the language model reads, and one setting or two."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

import streamlit as st

from embedlab.comparison import Candidate
from embedlab.escape import escape_markdown
from embedlab.models import BASELINES, OWN_VECTORS, catalog, check_model_folder, is_baseline, is_ready
from embedlab.reranking import rerankers_on_disk
from embedlab.retrieval import ESTIMATE, MAX_PASSAGES, ORDERS, TokenCounter, Way
from embedlab.texts import Splitting
from embedlab.ui.choices import Selection, address
from embedlab.ui.retrieval import Side, tasks
from embedlab.ui.sessions import sharing
from embedlab.ui.tasks import services

if TYPE_CHECKING:
    from embedlab.search import By

WAYS: dict[str, By] = {"Meaning": "meaning", "Both": "both", "Words": "words"}
_TITLES = {"a": "Setting A", "b": "Setting B"}
PANEL, NO_RERANKER = "As in the panel", "None"
QUESTION_HELP = "What somebody would ask the language model; passages are looked for with the same words."
CONTEXT_HELP = "Tokens that the language model reads and writes: what does not fit any more is left out, and said."
ANSWER_HELP = "Tokens of the context that are kept free for the answer."
TOKENIZER_HELP = (
    "The folder of the language model, or its tokenizer.json: its tokens are counted then. Otherwise they are "
    "estimated as a token for three bytes, which is on the safe side for English and German."
)
BY_HELP = (
    "Meaning finds passages that say the same in other words, words those that hold the names, numbers and ids of the "
    "question; both puts the two lists together by ranks."
)
K_HELP = "Passages that are wanted in the prompt."
RERANK_HELP = (
    "A cross-encoder reads the question and each passage together and orders them anew. Listed are those on this "
    "machine: of the hub's cache, and of the folders in EMBEDLAB_MODEL_FOLDERS."
)
DEPTH_HELP = "Passages that are found for it to read."
ORDER_HELP = (
    "Language models use what stands in the middle of a long prompt least. At both ends: the best first, the second "
    "best last, the weakest in the middle."
)
DISTINCT_HELP = "A passage that is nearly the same as a better one is left out, and the next one taken."
MODEL_HELP = "Another model than the panel's for this setting, of those on this machine."
LENGTH_HELP = "Tokens of a passage at most, for this setting; 0 is as in the panel."


@dataclass(frozen=True)
class Context:
    """What the language model reads, and who counts it."""

    tokens: int
    answer_tokens: int
    counter: TokenCounter


def type_question() -> str:
    """Let the person type a question."""
    return st.text_input(
        "Question",
        key="query",
        bind="query-params",
        type="search",
        placeholder="What somebody would ask, for example: how do I send a parcel back?",
        help=QUESTION_HELP,
    )


def choose_context() -> Context:
    """Let the person say what the language model reads."""
    with st.expander("The language model's context", icon=":material/width:"):
        left, middle, right = st.columns([1, 1, 2])
        with left:
            tokens = address.count("context", "Context, in tokens", 8192, (256, 10_000_000), help=CONTEXT_HELP)
        with middle:
            kept = address.count(
                "answer", "Kept for the answer", min(512, tokens // 2), (0, tokens - 1), help=ANSWER_HELP
            )
        with right:
            folder = address.type_in("tokenizer", "Folder with its tokenizer", help=TOKENIZER_HELP)
        counter = ESTIMATE
        if folder.strip():
            counter = tasks.counter(check_model_folder(folder.strip(), is_private=not sharing.policy().is_shared))
        st.caption(f"Tokens are counted by {escape_markdown(counter.name)}.")
    return Context(tokens, kept, counter)


def choose_sides(panel: Selection, context: Context) -> list[Side]:
    """Let the person choose a setting, or two that stand side by side."""
    rerankers = [name for name in rerankers_on_disk() if sharing.policy().allows(name) or name.startswith("/")]
    are_two = address.turn("two", "Two settings side by side", help="The same question, two ways to its passages.")
    names = ["a", "b"] if are_two else ["a"]
    sides = []
    for name, column in zip(names, st.columns(len(names)), strict=True):
        with column, st.container(border=True):
            if are_two:
                st.subheader(_TITLES[name], anchor=False)
            sides.append(_choose(name, panel, context, rerankers))
    return sides


def _choose(name: str, panel: Selection, context: Context, rerankers: Sequence[str]) -> Side:
    left, right = st.columns(2)
    with left:
        by = address.pick(f"{name}-by", "Search by", list(WAYS), "Meaning", help=BY_HELP)
        top_k = address.count(f"{name}-k", "Passages", 5, (1, MAX_PASSAGES), help=K_HELP)
    with right:
        reranker = address.pick(
            f"{name}-rerank", "Cross-encoder", [NO_RERANKER, *rerankers], NO_RERANKER, help=RERANK_HELP
        )
        depth = 50
        if reranker != NO_RERANKER:
            depth = address.count(f"{name}-depth", "Passages it reads", max(50, top_k), (top_k, 1000), help=DEPTH_HELP)
        titles: list[str] = list(ORDERS.values())
        order = address.pick(f"{name}-order", "Order in the prompt", titles, titles[0], help=ORDER_HELP)
    with st.popover("More", icon=":material/tune:"):
        selection = _choose_texts(name, panel)
        distinct = address.turn(f"{name}-distinct", "Leave near-duplicates out", help=DISTINCT_HELP)
        weight = 0.5
        if by == "Both":
            weight = address.count(f"{name}-weight", "Share of the meaning, in %", 50, (0, 100)) / 100
    way = Way(
        _candidate(selection),
        selection.splitting,
        WAYS[by],
        weight,
        top_k,
        "" if reranker == NO_RERANKER else reranker,
        depth,
        next(key for key, title in ORDERS.items() if title == order),
        distinct,
        context.tokens,
        context.answer_tokens,
    )
    st.caption(escape_markdown(way.title))
    return Side(name, panel, selection, way)


def _choose_texts(name: str, panel: Selection) -> Selection:
    """Let the person take another model, or other passages, for one setting."""
    if panel.model == OWN_VECTORS:
        return panel
    ready = [each for each, card in sharing.offered_cards().items() if is_ready(card)]
    models = dict.fromkeys([*sharing.kept_here(), *ready, *BASELINES])
    model = address.pick(f"{name}-model", "Model", [PANEL, *models], PANEL, help=MODEL_HELP)
    length = address.count(f"{name}-length", "Tokens of a passage", 0, (0, 8192), help=LENGTH_HELP)
    selection = panel
    if model not in (PANEL, panel.model):
        selection = replace(panel.of_documents, model=model)
        selection = replace(selection, pooling_mode=_pooling(selection))
    if not length and selection is panel:
        return panel
    splitting = Splitting(length) if length else panel.splitting
    whole = selection.of_documents
    if splitting is None:
        return replace(whole, rows=None, filter_name="")
    return replace(
        whole, splitting=splitting, split=partial(services.passages, whole, splitting), rows=None, filter_name=""
    )


def _pooling(selection: Selection) -> str:
    if is_baseline(selection.model):
        return "mean"
    card = catalog().get(selection.model)
    return card.pooling_mode if card else services.encoder(selection).pooling_mode


def _candidate(selection: Selection) -> Candidate:
    """Return the model of a setting as a comparison has it; its own pooling is not named."""
    if is_baseline(selection.model) or selection.pooling_mode == _pooling(selection):
        return Candidate(selection.model)
    return Candidate(selection.model, selection.pooling_mode)
