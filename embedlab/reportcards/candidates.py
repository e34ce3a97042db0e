"""Candidates of a comparison, probed: those that one pass through a model serves, in one pass."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from embedlab.comparison import Candidate, Load, remembering
from embedlab.errors import InvalidInputError
from embedlab.probes import ContestSets, ReportCard, bundled_sets, texts_of
from embedlab.store import EmbeddingStore

if TYPE_CHECKING:
    from embedlab.encoders import Encoder, Progress


def probe_candidates(
    candidates: Sequence[Candidate | str],
    contests: ContestSets | None = None,
    *,
    load: Load | None = None,
    store: EmbeddingStore | None = None,
    progress: Progress | None = None,
    on_step: Callable[[str], None] | None = None,
) -> dict[Candidate, ReportCard]:
    """Probe what some models, poolings and layers can and cannot do.

    Parameters
    ----------
    candidates : sequence of Candidate or str
        As an object or by its key, such as ``"all-MiniLM-L6-v2~cls"``.
    contests : dict of (str, str) to tuple of Contest, optional
        By probe and language; every bundled one when not given.
    load : callable, optional
        Returns the encoder of a candidate. TF-IDF is not asked for: it is fitted to the texts of the contests, since
        fitted to others it would lack most of their words.
    store : EmbeddingStore, optional
        Where embeddings are kept.
    progress : callable, optional
        ``progress(done, total)`` in texts, over all candidates; what it raises ends the work.
    on_step : callable, optional
        Told in words what is done next.

    Returns
    -------
    dict of Candidate to ReportCard
        In the order given, with the poolings named.

    Raises
    ------
    InvalidInputError
        When a model cannot do what a candidate asks for, or one compresses its vectors: probes are of full ones.

    Notes
    -----
    Cosines are held against each other, so that a candidate which is not normalised does as one that is.
    """
    sets = bundled_sets() if contests is None else contests
    texts = texts_of(sets)
    load, store = remembering(texts, load), store or EmbeddingStore()
    given = [Candidate.parse(each) if isinstance(each, str) else each for each in candidates]
    if compressed := [each.title for each in given if not each.compression.is_full]:
        raise InvalidInputError(f"Probes are of full vectors; {compressed[0]} makes them smaller. Leave that out.")
    groups: dict[Candidate, list[Candidate]] = {}
    for each in dict.fromkeys(given):
        groups.setdefault(each.shared, []).append(each)
    cards: dict[Candidate, ReportCard] = {}
    for place, group in enumerate(groups.values()):
        if on_step is not None:
            on_step(f"Probing {group[0].model}")

        def report(done: int, _of: int, start: int = place * len(texts)) -> None:
            if progress is not None:
                progress(start + done, len(groups) * len(texts))

        cards |= _probe(sets, texts, group, load(group[0]), store, report)
    return {each: cards[each] for each in (each.of(load(each)) for each in given)}


def _probe(
    sets: ContestSets,
    texts: list[str],
    group: Sequence[Candidate],
    encoder: Encoder,
    store: EmbeddingStore,
    progress: Progress,
) -> dict[Candidate, ReportCard]:
    """Probe the candidates of one pass."""
    variants = list(dict.fromkeys(each.variant_of(encoder) for each in group))
    found = store.encode_variants(encoder, texts, variants, progress=progress, **group[0].options())

    def card(candidate: Candidate) -> ReportCard:
        return ReportCard.of(sets, lambda _: found[candidate.variant_of(encoder)])

    return {each.of(encoder): card(each) for each in group}
