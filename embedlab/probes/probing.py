"""An encoder and its report card."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from embedlab.probes.bundled import LANGUAGES, bundled_sets
from embedlab.probes.cards import ReportCard

if TYPE_CHECKING:
    from embedlab.encoders import Encoder, Progress
    from embedlab.probes.contests import ContestSets
    from embedlab.store import EmbeddingStore


def probe(
    encoder: Encoder,
    probes: str | Sequence[str] | None = None,
    *,
    languages: str | Sequence[str] = tuple(LANGUAGES),
    contests: ContestSets | None = None,
    store: EmbeddingStore | None = None,
    progress: Progress | None = None,
    **ways: Any,  # noqa: ANN401 - handed on
) -> ReportCard:
    """Probe what a model can and cannot do, by small contests with one right answer each.

    A contest has an anchor, a text that means the same and one that does not, but shares more words with it. It is
    passed when the cosine of the anchor with the near text is the larger one; a tie counts half.

    Parameters
    ----------
    encoder : Encoder
    probes : str or sequence of str, optional
        What to probe, keys of :data:`embedlab.probes.PROBES`; all when not given.
    languages : str or sequence of str, default=("en", "de", "ko")
        In which languages.
    contests : dict of (str, str) to sequence of Contest, optional
        One's own by probe and language, in place of the bundled ones: see :func:`embedlab.probes.read_contests` and
        :func:`embedlab.probes.made_contests`.
    store : EmbeddingStore, optional
        Where embeddings are kept.
    progress : callable, optional
        ``progress(done, total)`` in texts; what it raises ends the work.
    **ways
        As for :meth:`embedlab.Encoder.encode`: pooling, layer, prompt. Every text gets the same prompt, since none is a
        query more than another.

    Returns
    -------
    ReportCard
        With ``scores``, ``table`` and ``items``.

    Raises
    ------
    InvalidInputError
        For a probe, a language or a way to encode there is not.

    Notes
    -----
    Every text is encoded once. The score is the share of contests passed, 0.5 by chance; its interval that of a mean
    over anchors (:func:`embedlab.intervals.mean_interval`). A score far below 0.5 says that the model goes by words.
    Vectors of zeros, such as those of texts without a known word, have a cosine of 0 with everything.

    Examples
    --------
    >>> card = el.probe(el.load_encoder(), ["negation", "typo"], languages="en")  # doctest: +SKIP
    >>> card.table  # doctest: +SKIP
    """
    sets = bundled_sets(probes, languages) if contests is None else contests
    encode = encoder.encode if store is None else lambda texts, **ways: store.encode(encoder, texts, **ways)
    return ReportCard.of(sets, lambda texts: encode(texts, progress=progress, **ways))
