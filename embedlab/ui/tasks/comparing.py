"""What a comparison computes for a page: models, embeddings and figures, each once for all sessions."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
import streamlit as st

from embedlab.checks import Finding, check_encoders
from embedlab.clustering import cluster
from embedlab.comparison import (
    Candidate,
    Comparison,
    Load,
    Result,
    Slice,
    compare,
    embed,
    embed_asked,
    item_table,
    load_candidate,
    slices,
    with_defaults,
)
from embedlab.compression import FittedCompression, fit_compression
from embedlab.gold import Gold, labels_in_words
from embedlab.hosted import is_hosted
from embedlab.jobs import Report, Task
from embedlab.models import TFIDF, model_stamp
from embedlab.projection import Projection, align, project
from embedlab.rows import normalize_rows
from embedlab.similarity import SimilarityHistogram, agreement_matrices, different_rows, similarity_histogram
from embedlab.ui.consent import sending_of, sent_by
from embedlab.ui.sessions import departures
from embedlab.ui.tasks import model_tasks, services, text_tasks, waiting

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from embedlab.encoders import Encoder
    from embedlab.ui.consent import Sending

    Embeddings = NDArray[np.float32]

# What the rows of all kept figures come to, at most: some 200 MB.
_KEPT_VALUES = 10_000_000
_N_GROUPS = 8


@st.cache_resource(show_spinner=False)
def _results() -> dict[Hashable, Result]:
    """Return what earlier comparisons have found, for all sessions."""
    return {}


def loader(gold: Gold) -> Load:
    """Return the function that gives the model of a candidate, loaded when it is asked for."""
    return lambda candidate: waiting.await_task(loading(gold, candidate))


def loading(gold: Gold, candidate: Candidate) -> Task[Encoder]:
    """Load the model of a candidate."""
    if candidate.model == TFIDF:
        title = f"Counting the words of {len(gold.corpus):,} texts"
        return Task(("model", TFIDF, gold.digest), title, lambda report: load_candidate(candidate, gold.corpus))
    return model_tasks.load_model(candidate.model, candidate.precision)


def comparison(
    gold: Gold,
    candidates: Sequence[Candidate],
    reference: Candidate | None = None,
    meanwhile: Callable[[Comparison], None] | None = None,
) -> Comparison:
    """Compare candidates; what an earlier comparison has found is not computed again.

    ``meanwhile`` draws the candidates that are done while others are still to come.
    """
    store, known, jobs, visitor = services.store(), _results(), waiting.jobs(), departures.visitor()

    def work(report: Report) -> Comparison:
        return compare(
            gold,
            candidates,
            # A model that is loaded in the middle belongs to the visitor, as if she had asked for it herself.
            load=lambda candidate: jobs.run_here(loading(gold, candidate), visitor),
            is_loaded=lambda candidate: jobs.has_done(loading(gold, candidate).key),
            store=store,
            reference=reference,
            known=known,
            progress=report,
            on_step=report.step,
            on_results=report.show,
        )

    title = f"Comparing {len(candidates)} candidates on {len(gold.corpus):,} texts"
    compared = [*candidates, *([reference] if reference else [])]
    stamps = tuple(model_stamp(name) for name in dict.fromkeys(each.model for each in compared))
    task = Task(("comparison", gold.key, tuple(candidates), reference, stamps), title, work)
    found = waiting.await_task(task, meanwhile, sends=sent(gold, candidates))
    _let_go(known)
    return found


def sent(gold: Gold, candidates: Sequence[Candidate]) -> list[Sending]:
    """Return what all candidates together would send: the person is asked once."""
    found: list[Sending] = []
    load = loader(gold)
    for each in dict.fromkeys(candidate.shared for candidate in with_defaults(candidates)):
        if is_hosted(each.model):
            found += sent_by(gold, each, load(each), services.store())
    return found


def _let_go(known: dict[Hashable, Result]) -> None:
    """Forget the oldest results where all of them hold too much."""
    n_values = 0
    for key, result in reversed(list(known.items())):
        n_values += sum(len(figure.groups) for figure in result.figures.values())
        if n_values > _KEPT_VALUES:
            known.pop(key, None)


def checks(gold: Gold, candidates: Sequence[Candidate], load: Load) -> list[Finding]:
    """Return what the models of some candidates cut off, or cannot read, of the texts."""
    encoders = {encoder.name: encoder for encoder in map(load, candidates)}
    return waiting.await_task(
        Task(
            ("checks", gold.digest, tuple((each.name, each.revision) for each in encoders.values())),
            f"Looking at the tokens of {len(gold.corpus):,} texts",
            lambda report: check_encoders(gold, encoders.values()),
        )
    )


def embeddings(gold: Gold, candidate: Candidate, load: Load) -> tuple[Embeddings, Embeddings | None]:
    """Return the embeddings of the texts and of the queries by one candidate."""
    encoder, store = load(candidate), services.store()

    def work(report: text_tasks.Report) -> text_tasks.Embedded:
        texts, queries = embed(gold, candidate, encoder, store, report)
        named = gold.digest, f"{candidate.key} {encoder.revision} {encoder.precision}"
        return text_tasks.Embedded(texts[: len(gold.corpus)], named, queries)

    key = "candidate", gold.digest, candidate, encoder.revision, encoder.precision
    task = Task(key, f"Embedding {len(gold.texts):,} texts", work)
    embedded = waiting.await_task(task, sends=sent_by(gold, candidate, encoder, store))
    return embedded.vectors, embedded.queries


def cosine_counts(gold: Gold, candidate: Candidate, load: Load) -> SimilarityHistogram:
    """Return how many pairs of the texts are how similar by one candidate."""
    vectors, _ = embeddings(gold, candidate, load)
    key = "candidate cosines", gold.digest, candidate, load(candidate).revision
    title = f"Counting the pairs of {len(vectors):,} texts"
    return waiting.await_task(Task(key, title, lambda report: similarity_histogram(vectors, progress=report)))


def fitted_to_all(candidate: Candidate, found: text_tasks.Embedded) -> FittedCompression:
    """Return the compression of a candidate, fitted to all the texts that were embedded."""
    compression, raw = candidate.compression, not candidate.normalize_embeddings
    return waiting.await_task(
        Task(
            ("fitted", found.key, compression, raw),
            f"Fitting {compression.title} to {len(found.vectors):,} texts",
            lambda report: fit_compression(compression, found.vectors, normalize_embeddings=not raw),
        )
    )


def asked(gold: Gold, candidate: Candidate, load: Load, query: str) -> Embeddings:
    """Return the vector of one more query by one candidate."""
    encoder, store = load(candidate), services.store()
    key = "candidate asked", gold.digest, candidate, encoder.revision, encoder.precision, query
    work = partial(embed_asked, gold, candidate, encoder, store, query)
    sends = sending_of(encoder, gold.digest, ([query], candidate.options(encoder.query_prompt_name)))
    return waiting.await_task(Task(key, "Embedding the query", lambda report: work(), is_short=True), sends=sends)


def agreement(gold: Gold, candidates: Sequence[Candidate], load: Load) -> tuple[NDArray[np.float64], ...]:
    """Return the neighbour overlap and the CKA of all candidates with each other."""
    sets = [embeddings(gold, candidate, load)[0] for candidate in candidates]
    return waiting.await_task(
        Task(
            ("agreement", gold.digest, tuple((each, load(each).revision) for each in candidates)),
            f"Holding {len(sets)} candidates against each other",
            lambda report: agreement_matrices(sets),
        )
    )


def maps(gold: Gold, pair: tuple[Candidate, Candidate], load: Load) -> tuple[Projection, NDArray[np.float32]]:
    """Return the map of one candidate, and that of another begun from it and turned to lie on it."""
    first, second = (embeddings(gold, candidate, load)[0] for candidate in pair)
    key = gold.digest, pair[0], load(pair[0]).revision

    drawn = waiting.await_task(
        Task(
            ("candidate-map", *key),
            f"Drawing the map of {len(first):,} texts",
            lambda report: project(first, progress=report),
        )
    )
    other = waiting.await_task(
        Task(
            ("candidate-map", *key, pair[1], load(pair[1]).revision),
            f"Drawing the second map of {len(second):,} texts",
            lambda report: project(second, start=drawn.coordinates, progress=report),
        )
    )
    return drawn, align(other.coordinates, drawn.coordinates)


def items_of(comparison: Comparison, name: str, pair: tuple[Candidate, Candidate], load: Load) -> pd.DataFrame:
    """Return what each row adds to a figure by two candidates."""
    key = "items", comparison.gold.key, pair, tuple(load(candidate).revision for candidate in pair), name
    title = f"Holding {len(comparison.gold.groups):,} rows against each other"
    return waiting.await_task(Task(key, title, lambda report: item_table(comparison, name, *pair)))


def slices_of(
    comparison: Comparison, name: str, candidate: Candidate, column: str, values: Sequence[Any], load: Load
) -> list[Slice]:
    """Return the figure of one candidate by the values of a column."""
    key = "slices", comparison.gold.key, candidate, load(candidate).revision, name, column
    title = f"Holding the rows of each value of {column} against the others"
    return waiting.await_task(Task(key, title, lambda report: slices(comparison, name, candidate, values)))


def groups(gold: Gold, candidate: Candidate, load: Load) -> tuple[list[str], str]:
    """Return a group for each text, and where it comes from: the labels, or clusters of one candidate."""
    labels = labels_in_words(gold)
    if labels is not None:
        return list(labels), "label"
    vectors, _ = embeddings(gold, candidate, load)
    n_groups = min(_N_GROUPS, len(different_rows(normalize_rows(vectors))[0]))
    found = waiting.await_task(
        Task(
            ("candidate-groups", gold.digest, candidate, load(candidate).revision),
            f"Finding {n_groups} groups",
            lambda report: cluster(vectors, n_groups),
        )
    )
    return [f"Group {label + 1}" for label in found.labels.tolist()], f"{n_groups} KMeans groups of the first"
