"""How a comparison runs: embed in as few passes as can be, then take every figure of every candidate."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, MutableMapping, Sequence
from typing import TYPE_CHECKING

from embedlab.comparison.candidates import Candidate, with_defaults
from embedlab.comparison.costs import cost_of, measure_speed, way_to_run
from embedlab.comparison.gold import Gold, Unlabelled
from embedlab.comparison.measures import measure
from embedlab.comparison.results import Comparison, Result
from embedlab.errors import InvalidInputError
from embedlab.store import EmbeddingStore

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from embedlab.encoders import Encoder, Progress

    Embeddings = NDArray[np.float32]

Load = Callable[[Candidate], "Encoder"]


def compare(
    gold: Gold,
    candidates: Sequence[Candidate | str],
    *,
    load: Load | None = None,
    store: EmbeddingStore | None = None,
    reference: Candidate | None = None,
    known: MutableMapping[Hashable, Result] | None = None,
    progress: Progress | None = None,
) -> Comparison:
    """Compare candidates on one's own texts.

    Parameters
    ----------
    gold : Gold
        :class:`Pairs`, :class:`Retrieval`, :class:`Labelled` or :class:`Unlabelled`.
    candidates : sequence of Candidate or str
        As an object or by its key, such as ``"all-MiniLM-L6-v2~cls"``. Each model as it was trained is added, since
        that is what another pooling is held against.
    load : callable, optional
        Returns the encoder of a candidate; :func:`load_candidate` by default.
    store : EmbeddingStore, optional
        Where embeddings are kept, so that a candidate added later is the only one that is embedded.
    reference : Candidate, optional
        Held against where nothing is known of the texts; the largest model when not given.
    known : mutable mapping, optional
        Results of earlier comparisons, which are used and added to: only what is new is computed.
    progress : callable, optional
        ``progress(done, total)``, nearly in texts; what it raises ends the work.

    Returns
    -------
    Comparison
    """
    load = load or remembering(gold)
    known = {} if known is None else known
    every = resolve([Candidate.parse(each) if isinstance(each, str) else each for each in candidates], load)
    held_against = reference.of(load(reference)) if reference else largest(every, load)
    keys = {each: _key(gold, each, load(each), held_against) for each in every}
    new = [each for each in every if keys[each] not in known]
    for each, result in _results(gold, new, load, store or EmbeddingStore(), held_against, progress):
        known[keys[each]] = result
    return Comparison(gold, tuple(known[keys[each]] for each in every))


def _results(
    gold: Gold,
    candidates: Sequence[Candidate],
    load: Load,
    store: EmbeddingStore,
    reference: Candidate,
    progress: Progress | None,
) -> Iterator[tuple[Candidate, Result]]:
    groups, ways = grouped(candidates), ways_to_run(candidates, load)
    # Taking the figures of one candidate counts as much as embedding a quarter of the texts.
    quarter = len(gold.texts) // 4 + 1
    n_done, total = 0, len(groups) * len(gold.texts) + len(candidates) * quarter

    def report(done: int, _of: int) -> None:
        if progress is not None:
            progress(min(n_done + done, total), total)

    def stop(_done: int, _of: int) -> None:
        report(0, 0)

    for group in groups:
        embed(gold, group, load(group[0]), store, report)
        n_done += len(gold.texts)
    speeds = {way: measure_speed(each, load(each), gold.corpus, stop) for way, each in ways.items()}
    for each in candidates:
        yield each, score(gold, each, load, store, speeds[way_to_run(each, load(each))], reference, stop)
        n_done += quarter
        stop(0, 0)


def _key(gold: Gold, candidate: Candidate, encoder: Encoder, reference: Candidate) -> Hashable:
    held_against = reference if isinstance(gold, Unlabelled) else None
    return gold.key, candidate, encoder.revision, encoder.precision, encoder.backend, held_against


def resolve(candidates: Sequence[Candidate], load: Load) -> list[Candidate]:
    """Return the different candidates with their poolings named, each model as trained among them.

    Raises
    ------
    InvalidInputError
        Without candidates, or when a model cannot do what one asks for.
    """
    if not candidates:
        raise InvalidInputError("There is nothing to compare. Add a candidate.")
    every = list(dict.fromkeys(each.of(load(each)) for each in with_defaults(candidates)))
    for each in every:
        each.spec(load(each))
    return every


def grouped(candidates: Sequence[Candidate]) -> list[list[Candidate]]:
    """Return the candidates that one pass through a model serves, together."""
    groups: dict[Candidate, list[Candidate]] = {}
    for candidate in candidates:
        groups.setdefault(candidate.shared, []).append(candidate)
    return list(groups.values())


def ways_to_run(candidates: Sequence[Candidate], load: Load) -> dict[Hashable, Candidate]:
    """Return one candidate for each way to run a model, whose speed is that of the others."""
    return {way_to_run(each, load(each)): each for each in reversed(candidates)}


def largest(candidates: Sequence[Candidate], load: Load) -> Candidate:
    """Return the candidate with the most weights that is used as it was trained."""
    trained = [each for each in candidates if each == each.as_trained().of(load(each))]
    return max(trained, key=lambda each: load(each).n_parameters)


def embed(
    gold: Gold, group: Sequence[Candidate], encoder: Encoder, store: EmbeddingStore, progress: Progress | None = None
) -> list[tuple[Embeddings, Embeddings | None]]:
    """Return the embeddings of texts and of queries for candidates that one pass serves; they are in the store then."""
    variants = [candidate.variant_of(encoder) for candidate in group]
    asks = bool(gold.queries)
    stored = group[0].options(encoder.document_prompt_name if asks else None)
    texts = store.encode_variants(encoder, gold.texts, variants, progress=progress, **stored)
    queries = None
    if asks:
        queries = store.encode_variants(encoder, gold.queries, variants, **group[0].options(encoder.query_prompt_name))
    return [(texts[variant], queries[variant] if queries else None) for variant in variants]


def score(
    gold: Gold,
    candidate: Candidate,
    load: Load,
    store: EmbeddingStore,
    texts_per_second: float,
    reference: Candidate | None = None,
    progress: Progress | None = None,
) -> Result:
    """Take every figure of one candidate, whose embeddings are in the store.

    Parameters
    ----------
    gold, load, store, reference, progress
        As for :func:`compare`.
    candidate : Candidate
        As :func:`resolve` returns it.
    texts_per_second : float
        As :func:`embedlab.comparison.costs.measure_speed` has measured it.
    """
    encoder = load(candidate)
    ((texts, queries),) = embed(gold, [candidate], encoder, store, progress)
    held_against = None
    if isinstance(gold, Unlabelled) and reference is not None and candidate != reference:
        ((every, _),) = embed(gold, [reference], load(reference), store, progress)
        held_against = every[: len(gold.originals)]
    return Result(
        candidate,
        candidate.spec(encoder, encoder.document_prompt_name if gold.queries else None),
        measure(gold, texts, queries, held_against),
        cost_of(encoder, gold.corpus, texts.shape[1], texts_per_second),
        candidate == candidate.as_trained().of(encoder),
    )


def load_candidate(candidate: Candidate, gold: Gold) -> Encoder:
    """Load the model of a candidate; TF-IDF is fitted to the texts that are looked at."""
    from embedlab.encoders import TfidfEncoder, load_encoder
    from embedlab.models import TFIDF

    if candidate.model == TFIDF:
        return TfidfEncoder(gold.corpus)
    return load_encoder(candidate.model, precision=candidate.precision)


def remembering(gold: Gold) -> Load:
    """Return a function that gives the encoder of a candidate, and loads each model once."""
    loaded: dict[tuple[str, str], Encoder] = {}

    def load(candidate: Candidate) -> Encoder:
        key = candidate.model, candidate.precision
        if key not in loaded:
            loaded[key] = load_candidate(candidate, gold)
        return loaded[key]

    return load
