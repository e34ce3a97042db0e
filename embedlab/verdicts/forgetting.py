"""What is not one's own: paraphrases and samples that come with the package, by which forgetting is seen.

Each is small, so that looking takes a fraction of the training. A model that knows nothing of a language has nothing to
forget there: what is not one's own is only as telling as the old model is good at it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from embedlab.comparison import MEASURES, Candidate, embed, measure
from embedlab.gold import Gold, Retrieval, build_gold
from embedlab.probes import LANGUAGES, bundled_contests
from embedlab.samples import SAMPLES, read_sample
from embedlab.texts import fold_text

if TYPE_CHECKING:
    from embedlab.encoders import Encoder, Progress
    from embedlab.intervals import Estimate
    from embedlab.store import EmbeddingStore

# Of the probes those that ask for meaning; the others ask for single signs, or for long texts, which take longest.
_MEANING = ("synonym", "homonym", "register")
_KNOWN = {
    "sentence_pairs": ("pairs", {"text": "sentence1", "second": "sentence2", "score": "score"}, "spearman"),
    "support_messages": ("labels", {"text": "text", "label": "topic"}, "probe_accuracy"),
    "refrigerators": ("relevant", {"text": "text", "id": "id", "relevant": "relevant"}, "ndcg_at_10"),
}
# Fewer questions say little.
_FEWEST = 50


@dataclass(frozen=True)
class Known:
    """Something that is not one's own.

    Parameters
    ----------
    title, description : str
        In the words of the app.
    gold : Gold
    measured : str
        The figure that is taken, a key of ``MEASURES``.
    """

    title: str
    description: str
    gold: Gold
    measured: str

    @property
    def n_texts(self) -> int:
        """How many texts there are to embed."""
        return len(self.gold.texts) + len(self.gold.queries)

    def figure(self, encoder: Encoder, store: EmbeddingStore, progress: Progress) -> Estimate:
        """Take the figure of a model."""
        return measure(self.gold, *embed(self.gold, Candidate(encoder.name), encoder, store, progress))[self.measured]


def not_hers(hers: Collection[str]) -> Iterator[Known]:
    """Give what holds none of a person's own texts, by all that counts of them."""
    seen = {fold_text(text) for text in hers}
    for language, title in LANGUAGES.items():
        asked = _paraphrases(language, seen)
        if len(asked.queries) >= _FEWEST:
            asks = f"Whether a sentence finds the same in other words among {len(asked.texts):,} in {title}: nDCG@10."
            yield Known(f"Paraphrases in {title}", asks, asked, "ndcg_at_10")
    for name, (layout, columns, measured) in _KNOWN.items():
        gold = build_gold(read_sample(name).frame, layout, columns)
        if seen.isdisjoint(map(fold_text, (*gold.corpus, *gold.queries))):
            words = MEASURES[measured]
            yield Known(f"{SAMPLES[name].title} ({words.title})", words.description, gold, measured)


def _paraphrases(language: str, seen: Collection[str]) -> Retrieval:
    """Return the sentences of the probes of meaning as questions, what means the same as their answers.

    Passing a contest would not do: below chance, where a model goes by words, noise lifts it.
    """
    pairs = [
        (contest.anchor, contest.near)
        for probe in _MEANING
        for contest in bundled_contests(probe, language)
        if not {fold_text(contest.anchor), fold_text(contest.near)} & set(seen)
    ]
    place = {near: number for number, near in enumerate(dict.fromkeys(near for _, near in pairs))}
    answers: dict[str, set[int]] = {}
    for anchor, near in pairs:
        answers.setdefault(anchor, set()).add(place[near])
    return Retrieval(tuple(answers), tuple(place), list(answers.values()))
