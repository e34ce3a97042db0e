"""What probes compute for a page: the report card of each candidate, once for all sessions."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from embedlab.comparison import Candidate, load_candidate
from embedlab.jobs import Task
from embedlab.models import TFIDF
from embedlab.probes import ContestSets, ReportCard, texts_of
from embedlab.reportcards import probe_candidates
from embedlab.texts import texts_digest
from embedlab.ui.tasks import model_tasks, services, waiting

if TYPE_CHECKING:
    from embedlab.encoders import Encoder

Cards = dict[Candidate, ReportCard]


@dataclass(frozen=True, eq=False)
class Contests:
    """Contests with a digest that names them.

    Parameters
    ----------
    sets : dict of (str, str) to tuple of Contest
        By probe and language.
    """

    sets: ContestSets

    @cached_property
    def digest(self) -> str:
        """Names the contests and their order."""
        return texts_digest([part for key, each in self.sets.items() for part in (*key, *sum(each, ()))])

    @cached_property
    def texts(self) -> list[str]:
        """Every text once."""
        return texts_of(self.sets)


def cards(
    contests: Contests, candidates: Sequence[Candidate], meanwhile: Callable[[Cards], None] | None = None
) -> Cards:
    """Return the card of each candidate; those that one pass through a model serves are probed in one.

    ``meanwhile`` draws the cards that are there while others are still to come.
    """
    found: Cards = {}
    for group in _grouped(candidates):
        task = _probing(contests, group)
        if meanwhile is not None and found and not waiting.is_done(task):
            meanwhile(found)
        probed = waiting.await_task(task)
        found |= probed
    return {candidate: found[candidate] for candidate in (_named(contests, each) for each in candidates)}


def known_cards(contests: Contests, candidates: Sequence[Candidate]) -> Cards | None:
    """Return the cards if all of them are there; None where some would have to be computed."""
    loadings = [_loading(contests, candidate) for candidate in candidates]
    if not all(map(waiting.is_done, loadings)):
        return None
    if not all(waiting.is_done(_probing(contests, group)) for group in _grouped(candidates)):
        return None
    return cards(contests, candidates)


def _grouped(candidates: Sequence[Candidate]) -> list[tuple[Candidate, ...]]:
    groups: dict[Candidate, list[Candidate]] = {}
    for candidate in candidates:
        groups.setdefault(candidate.shared, []).append(candidate)
    return [tuple(group) for group in groups.values()]


def _named(contests: Contests, candidate: Candidate) -> Candidate:
    return candidate.of(_encoder(contests, candidate))


def _encoder(contests: Contests, candidate: Candidate) -> Encoder:
    return waiting.await_task(_loading(contests, candidate))


def _loading(contests: Contests, candidate: Candidate) -> Task[Encoder]:
    if candidate.model == TFIDF:
        return Task(
            ("model", TFIDF, texts_digest(contests.texts)),
            f"Counting the words of {len(contests.texts):,} texts",
            lambda report: load_candidate(candidate, contests.texts),
        )
    return model_tasks.load_model(candidate.model, candidate.precision)


def _probing(contests: Contests, group: tuple[Candidate, ...]) -> Task[Cards]:
    """Probe candidates of one pass."""
    encoder, store = _encoder(contests, group[0]), services.store()
    n_contests = sum(map(len, contests.sets.values()))
    return Task(
        ("report cards", contests.digest, group, encoder.revision, encoder.precision, encoder.backend),
        f"Probing {group[0].model} by {n_contests:,} contests",
        lambda report: probe_candidates(group, contests.sets, load=lambda _: encoder, store=store, progress=report),
    )
