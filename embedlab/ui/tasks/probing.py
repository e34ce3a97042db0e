"""What probes compute for a page: the report card of each candidate, once for all sessions."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from hashlib import blake2b
from typing import TYPE_CHECKING

from embedlab.comparison import Candidate, load_candidate
from embedlab.hosted import is_hosted
from embedlab.jobs import Task
from embedlab.models import TFIDF
from embedlab.probes import (
    LANGUAGES,
    ContestSets,
    OwnContests,
    ReportCard,
    bundled_sets,
    contests_of_table,
    made_contests,
    texts_of,
)
from embedlab.reading import read_table
from embedlab.reportcards import probe_candidates
from embedlab.texts import texts_digest
from embedlab.ui.consent import sending_of
from embedlab.ui.tasks import model_tasks, services, text_tasks, waiting

if TYPE_CHECKING:
    from embedlab.encoders import Encoder
    from embedlab.ui.choices import Selection
    from embedlab.ui.consent import Sending

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


def bundled(selection: Selection, languages: Sequence[str] = (), probes: Sequence[str] = ()) -> Contests:
    """Return the contests that come along: of all probes, in the languages of the texts, where none are named."""
    spoken = languages or [key for key in LANGUAGES if key in selection.languages] or ["en"]
    return Contests(bundled_sets(probes or None, spoken))


def made(selection: Selection) -> Contests:
    """Return contests made by rules from the chosen texts, those that pass the filter."""
    corpus, rows = selection.corpus, selection.rows
    texts = corpus.texts if rows is None else [corpus.texts[row] for row in rows.tolist()]
    return waiting.await_task(
        Task(
            ("made contests", corpus.digest, None if rows is None else rows.tobytes()),
            f"Making contests of {len(texts):,} texts",
            lambda report: Contests(made_contests(texts)),
            is_short=len(texts) <= text_tasks.FEW_TEXTS,
        )
    )


def brought(name: str, content: bytes) -> OwnContests:
    """Return the contests of a file."""
    return waiting.await_task(
        Task(
            ("own contests", name, blake2b(content, digest_size=16).hexdigest()),
            f"Reading {name}",
            lambda report: contests_of_table(read_table(content, name=name).frame),
            is_short=True,
        )
    )


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
        probed = waiting.await_task(task, sends=_sent(contests, candidates))
        found |= probed
    return {candidate: found[candidate] for candidate in (_named(contests, each) for each in candidates)}


def _sent(contests: Contests, candidates: Sequence[Candidate]) -> list[Sending]:
    """Return what all candidates together would send: the person is asked once."""
    found: list[Sending] = []
    for each in dict.fromkeys(candidate.shared for candidate in candidates):
        if is_hosted(each.model):
            asked = contests.texts, each.options()
            found += sending_of(_encoder(contests, each), contests.digest, asked, store=services.store())
    return found


def known_cards(contests: Contests, candidates: Sequence[Candidate]) -> Cards:
    """Return the cards if all of them are there; none where some would have to be computed."""
    loadings = [_loading(contests, candidate) for candidate in candidates]
    if not all(map(waiting.is_done, loadings)):
        return {}
    if not all(waiting.is_done(_probing(contests, group)) for group in _grouped(candidates)):
        return {}
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
