"""How a comparison runs: model after model, embedded in as few passes as can be, every figure, and speeds at last."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, MutableMapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from embedlab.comparison.candidates import Candidate
from embedlab.comparison.compressing import measure_compressed, neighbors_kept, part_to_judge
from embedlab.comparison.costs import Speed, cost_of, look_at_some, measure_requests, measure_speed, way_to_run
from embedlab.comparison.loading import (
    Embedded,
    Load,
    embed_group,
    grouped,
    largest,
    remembering,
    resolve,
    with_defaults,
)
from embedlab.comparison.measuring import measure
from embedlab.comparison.results import Comparison, Result
from embedlab.encoders import say_cut
from embedlab.gold import Gold, Unlabelled
from embedlab.models import TFIDF
from embedlab.store import EmbeddingStore

if TYPE_CHECKING:
    from embedlab.encoders import Progress, Unread


def compare(
    gold: Gold,
    candidates: Sequence[Candidate | str],
    *,
    load: Load | None = None,
    is_loaded: Callable[[Candidate], bool] = lambda _: False,
    store: EmbeddingStore | None = None,
    reference: Candidate | None = None,
    known: MutableMapping[Hashable, Result] | None = None,
    progress: Progress | None = None,
    on_step: Callable[[str], None] | None = None,
    on_results: Callable[[Comparison], None] | None = None,
) -> Comparison:
    """Compare candidates on one's own texts.

    Word counts come first, then the models that are loaded, then the others, each loaded when its turn has come. Speeds
    are measured when all figures are there.

    Parameters
    ----------
    gold : Gold
        :class:`Pairs`, :class:`Retrieval`, :class:`Labelled`, :class:`MultiLabelled` or :class:`Unlabelled`.
    candidates : sequence of Candidate or str
        As an object or by its key, such as ``"all-MiniLM-L6-v2~cls"``. Each model as it was trained is added, since
        that is what another pooling is held against, and the full vectors of compressed ones. Where one is fitted to
        texts, some are set apart for that, and all candidates are judged by the others: ``gold`` of the result, with
        those set apart in ``gold.apart``.
    load : callable, optional
        Returns the encoder of a candidate; :func:`load_candidate` by default.
    is_loaded : callable, optional
        Whether ``load`` has the encoder of a candidate at hand.
    store : EmbeddingStore, optional
        Where embeddings are kept, so that a candidate added later is the only one that is embedded.
    reference : Candidate, optional
        Held against where nothing is known of the texts; the largest model when not given.
    known : mutable mapping, optional
        Results of earlier comparisons, which are used and added to: only what is new is computed.
    progress : callable, optional
        ``progress(done, total)``, nearly in texts; what it raises ends the work.
    on_step : callable, optional
        Told in words what is done next.
    on_results : callable, optional
        Given a comparison of what there is, each time there is more; some results may lack their speed.

    Returns
    -------
    Comparison
    """
    wanted = with_defaults([Candidate.parse(each) if isinstance(each, str) else each for each in candidates])
    # TF-IDF counts the words of all texts: what is set apart is set apart for compressions.
    load, judged = load or remembering(gold.corpus), part_to_judge(gold, wanted)
    run = _Run(judged, load, store or EmbeddingStore(), {} if known is None else known)
    run.progress, run.say = progress or run.progress, on_step or run.say
    for found in run.results(wanted, is_loaded, reference):
        if on_results is not None:
            on_results(found)
    return found


class _Run:
    """A comparison that is under way: what is found, and how far it is."""

    def __init__(self, gold: Gold, load: Load, store: EmbeddingStore, known: MutableMapping[Hashable, Result]) -> None:
        self._gold, self._load, self._store, self._known = gold, load, store, known
        self.progress: Progress = lambda _done, _total: None
        self.say: Callable[[str], None] = lambda _: None
        self._reference: Candidate | None = None
        # The candidates as they were given, those whose model is loaded, with their poolings named.
        self._named: dict[Candidate, Candidate] = {}
        self._results: dict[Candidate, Result] = {}
        self._asked_for: set[Candidate] = set()
        self._at_hand: dict[Candidate, Embedded] = {}
        self._done = self._total = 0
        # Taking the figures of one candidate, or a speed, counts as much as embedding a quarter of the texts.
        self._n_texts = len(gold.texts) + len(gold.apart)
        self._quarter = self._n_texts // 4 + 1

    def results(
        self, wanted: Sequence[Candidate], is_loaded: Callable[[Candidate], bool], reference: Candidate | None
    ) -> Iterator[Comparison]:
        """Yield what there is after each candidate; the last comparison is the whole."""
        models: dict[Candidate, list[Candidate]] = {}
        for each in wanted:
            models.setdefault(each.as_trained(), []).append(each)
        if isinstance(self._gold, Unlabelled):
            self._hold_against(reference, wanted)
        held = self._reference and self._reference.as_trained()
        # What the others are held against is embedded in one pass with its other poolings.
        turn = sorted(models, key=lambda model: (model != held, model.model != TFIDF, not is_loaded(model)))
        new = {model: self._new(models[model]) if is_loaded(model) else models[model] for model in turn}
        self._total = sum(map(self._share, new.values()))
        if self._results:
            yield self._found(wanted)
        for model in turn:
            if models[model][0] not in self._named:
                self._say_loading(model)
                self._total -= self._share(new[model])
                new[model] = self._new(models[model])
                self._total += self._share(new[model])
            for _ in self._take_figures(new[model]):
                yield self._found(wanted)
        for _ in self._measure_speeds():
            yield self._found(wanted)
        yield self._found(wanted)

    def _found(self, wanted: Sequence[Candidate]) -> Comparison:
        every = dict.fromkeys(self._named.get(each, each) for each in wanted)
        results = tuple(self._results[each] for each in every if each in self._results)
        return Comparison(self._gold, results, len(every) - len(results))

    def _hold_against(self, reference: Candidate | None, wanted: Sequence[Candidate]) -> None:
        for each in [reference] if reference else wanted:
            self._say_loading(each)
            self._load(each)
        self._reference = (
            reference.of(self._load(reference)) if reference else largest(resolve(wanted, self._load), self._load)
        )

    def _say_loading(self, candidate: Candidate) -> None:
        model = candidate.as_trained()
        if model not in self._asked_for:
            self._asked_for.add(model)
            self.say(f"Loading {model.model}")

    def _new(self, candidates: Sequence[Candidate]) -> list[Candidate]:
        """Load the model of some candidates, take what is known of them, and return those to be computed."""
        self._named |= {each: each.of(self._load(each)) for each in candidates}
        every = resolve(candidates, self._load)
        self._results |= {each: self._known[key] for each in every if (key := self._key(each)) in self._known}
        return [each for each in every if each not in self._results]

    def _key(self, candidate: Candidate) -> Hashable:
        encoder = self._load(candidate)
        return self._gold.key, candidate, encoder.revision, encoder.precision, encoder.backend, self._reference

    def _share(self, candidates: Sequence[Candidate]) -> int:
        """Return how much there is to do for candidates of one model, nearly in texts."""
        n_parts = len(candidates) + 1 if candidates else 0
        return len(grouped(candidates)) * self._n_texts + n_parts * self._quarter

    def _report(self, done: int, _of: int) -> None:
        self.progress(min(self._done + done, self._total), self._total)

    def _stop(self, _done: int, _of: int) -> None:
        self._report(0, 0)

    def _take_figures(self, candidates: Sequence[Candidate]) -> Iterator[None]:
        if not candidates:
            return
        unread = look_at_some(self._load(candidates[0]), self._gold.corpus)
        for group in grouped(candidates):
            self.say(f"Embedding {self._n_texts:,} texts by {group[0].model}")
            embed_group(self._gold, group, self._load(group[0]), self._store, self._report)
            self._done += self._n_texts
            for each in group:
                self.say(f"Taking the figures of {each.title}")
                self._keep(self._score(each, unread))
                self._done += self._quarter
                yield

    def _score(self, candidate: Candidate, unread: Unread) -> Result:
        """Take every figure of one candidate, whose embeddings are in the store, and leave the speed of its model."""
        gold, encoder = self._gold, self._load(candidate)
        found = self._embedded(candidate)
        fitted = found.fit(candidate)
        held_against = None
        if isinstance(gold, Unlabelled) and self._reference is not None and candidate != self._reference:
            held_against = self._embedded(self._reference).compared(self._reference)[0][: len(gold.originals)]
        full = found.texts, found.queries, held_against
        is_full = candidate.compression.is_full
        first = candidate.compression.n_dimensions if candidate.compression.reduction == "dim" else None
        return Result(
            candidate,
            candidate.spec(encoder, encoder.document_prompt_name if gold.queries else None),
            measure(gold, *full) if is_full else measure_compressed(gold, *full, fitted),
            cost_of(candidate, encoder, unread, fitted, found.texts),
            candidate == candidate.as_trained().of(encoder),
            None if is_full else neighbors_kept(gold, found.texts, fitted),
            say_cut(encoder, first) if first else "",
        )

    def _embedded(self, candidate: Candidate) -> Embedded:
        """Return the full embeddings of a candidate; those of the last one, and of the reference, are at hand."""
        if candidate.full not in self._at_hand:
            kept = self._reference.full if self._reference else None
            self._at_hand = {each: found for each, found in self._at_hand.items() if each == kept}
            (found,) = embed_group(self._gold, [candidate.full], self._load(candidate), self._store, self._stop)
            self._at_hand[candidate.full] = found
        return self._at_hand[candidate.full]

    def _measure_speeds(self) -> Iterator[None]:
        results = list(self._results.values())
        known = [each for each in results if each.cost.is_measured]
        speeds = {self._way(each): Speed.of(each.cost) for each in known}
        for each in results:
            if each.cost.is_measured:
                continue
            candidate, way = each.candidate, self._way(each)
            if way not in speeds:
                self.say(f"Measuring the speed of {candidate.model}")
                speeds[way] = self._measure(candidate)
                self._done += self._quarter
            self._keep(replace(each, cost=speeds[way].put(each.cost)))
            yield

    def _measure(self, candidate: Candidate) -> Speed:
        encoder = self._load(candidate)
        if encoder.runs_elsewhere:
            return measure_requests(encoder)
        return Speed(measure_speed(candidate, encoder, self._gold.corpus, self._stop))

    def _way(self, result: Result) -> Hashable:
        return way_to_run(result.candidate, self._load(result.candidate))

    def _keep(self, result: Result) -> None:
        self._results[result.candidate] = self._known[self._key(result.candidate)] = result
        self._stop(0, 0)
