"""The work of the Retrieve page, each part once for all sessions, off the page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from embedlab.jobs import Report, Task
from embedlab.models import model_stamp
from embedlab.reranking import Reranker, load_reranker
from embedlab.retrieval import (
    Answer,
    Needed,
    PairCost,
    Passage,
    Prompt,
    RetrievalComparison,
    TokenCounter,
    Way,
    answer,
    build_prompt,
    compare_retrieval,
    measure_pair_cost,
    reranked,
    token_counter,
)
from embedlab.texts import texts_digest
from embedlab.ui.sessions import departures
from embedlab.ui.tasks import comparing, services, waiting

if TYPE_CHECKING:
    from pathlib import Path

    from embedlab.chat import ChatEndpoint
    from embedlab.comparison import Candidate
    from embedlab.encoders import Encoder
    from embedlab.gold import Retrieval
    from embedlab.ui.choices import Selection
    from embedlab.ui.retrieval.sides import Side


def counter(folder: Path) -> TokenCounter:
    """Open the tokenizer of a language model."""
    return waiting.await_task(
        Task(("tokenizer", str(folder)), "Opening the tokenizer", lambda report: token_counter(folder), is_short=True)
    )


def _loading(name: str) -> Task[Reranker]:
    return Task(("reranker", name, model_stamp(name)), f"Loading {name}", lambda report: load_reranker(name))


def passages(side: Side, question: str) -> list[Passage]:
    """Find the passages for a question, and have a cross-encoder order them where the way names one."""
    selection, way = side.selection, side.way
    index = side.index()
    if way.by != "words":
        index = replace(index, meaning=services.search_index(selection))
    if way.by != "meaning":
        index = replace(index, words=services.lexical_index(selection))
    vector = np.zeros(1, np.float32) if way.by == "words" else services.asked(selection, [question])[0]
    found = index.find(question, vector, way, side.rows)
    if not way.reranker or not found:
        return found
    reranker = waiting.await_task(_loading(way.reranker))
    key = "reranked", reranker.name, reranker.revision, texts_digest([question, *(each.text for each in found)])
    places = tuple((each.document, each.start, each.score) for each in found)
    return waiting.await_task(
        Task(
            (*key, places),
            f"Reading {len(found):,} passages beside the question",
            lambda report: reranked(question, found, way, reranker, report),
            is_short=True,
        )
    )


def prompt(side: Side, question: str, counted_by: TokenCounter) -> Prompt:
    """Put what a question finds into a prompt."""
    return build_prompt(question, passages(side, question), side.way, counted_by)


def answering(endpoint: ChatEndpoint, asked: Prompt) -> Task[Answer]:
    """Have a language model answer a question."""
    return Task(
        ("answer", endpoint.name, texts_digest([asked.text]), asked.answer_tokens),
        f"Asking {endpoint.model}",
        lambda report: answer(endpoint, asked),
    )


def judged(
    gold: Retrieval, needed: Sequence[Sequence[Needed]] | None, ways: Sequence[Way], counted_by: TokenCounter
) -> RetrievalComparison:
    """Hold ways against each other."""
    store, jobs, visitor = services.store(), waiting.jobs(), departures.visitor()

    def load(candidate: Candidate) -> Encoder:
        return jobs.run_here(comparing.loading(gold, candidate), visitor)

    def work(report: Report) -> RetrievalComparison:
        return compare_retrieval(
            gold,
            ways,
            needed=needed,
            load=load,
            load_reranker=lambda name: jobs.run_here(_loading(name), visitor),
            store=store,
            counter=counted_by,
            progress=report,
        )

    names = dict.fromkeys([*(way.candidate.model for way in ways), *(way.reranker for way in ways if way.reranker)])
    key = "ways", gold.digest, repr(needed), tuple(ways), counted_by.name, tuple(map(model_stamp, names))
    candidates = [way.candidate for way in ways]
    title = f"Judging {len(ways)} settings on {len(gold.queries):,} questions"
    return waiting.await_task(Task(key, title, work), sends=comparing.sent(gold, candidates))


def pair_cost(selection: Selection, reranker: str) -> PairCost:
    """Measure the speeds of the chosen model and of a cross-encoder on some of the texts."""
    encoder, texts = services.encoder(selection), selection.corpus.texts
    loaded = waiting.await_task(_loading(reranker))
    return waiting.await_task(
        Task(
            ("pair cost", selection.corpus.digest, encoder.name, encoder.revision, reranker, loaded.revision),
            "Measuring both on some of the texts",
            lambda report: measure_pair_cost(encoder, loaded, texts, progress=report),
        )
    )
