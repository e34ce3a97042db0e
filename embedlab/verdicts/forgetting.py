"""What is not one's own: sentences and samples that come with the package, by which forgetting is seen.

Each is small, so that looking takes a fraction of the training. A figure is only as telling as the old model is good at
it: a model that was never trained for a language finds no paraphrase in it, and has none to forget. What it does there
it does by letters and words, so that each language is also asked for its sentences by half of their words.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
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
# Of a sentence of fewer words, half says too little.
_FEWEST_WORDS = 4
# A table of which somebody has more than this is hers; where it is less, the others of its rows are not.
_MOST_HERS = 0.1


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
        pairs = _paraphrases(language, seen)
        for name, how, asked in (
            ("Paraphrases", "the same in other words", _by_other_words(pairs)),
            ("Half sentences", "itself by every other word", _by_halves(pairs)),
        ):
            if len(asked.queries) >= _FEWEST:
                asks = f"Whether a sentence finds {how} among {len(asked.texts):,} in {title}: nDCG@10."
                yield Known(f"{name} in {title}", asks, asked, "ndcg_at_10")
    for name, (layout, columns, measured) in _KNOWN.items():
        frame = read_sample(name).frame
        cells = [frame[columns[role]] for role in ("text", "second") if role in columns]
        is_hers = [any(fold_text(cell) in seen for cell in row) for row in zip(*cells, strict=True)]
        if sum(is_hers) <= _MOST_HERS * len(frame):
            gold = build_gold(frame[[not each for each in is_hers]], layout, columns)
            words = MEASURES[measured]
            yield Known(f"{SAMPLES[name].title} ({words.title})", words.description, gold, measured)


def _paraphrases(language: str, seen: Collection[str]) -> list[tuple[str, str]]:
    """Return the sentences of the probes of meaning, each with what means the same."""
    return [
        (contest.anchor, contest.near)
        for probe in _MEANING
        for contest in bundled_contests(probe, language)
        if not {fold_text(contest.anchor), fold_text(contest.near)} & set(seen)
    ]


def _by_other_words(pairs: Sequence[tuple[str, str]]) -> Retrieval:
    """Return the sentences as questions, what means the same as their answers.

    Passing a contest would not do: below chance, where a model goes by words, noise lifts it.
    """
    return _asked(pairs, [near for _, near in pairs])


def _by_halves(pairs: Sequence[tuple[str, str]]) -> Retrieval:
    """Return every other word of each sentence as questions, and the sentences as their answers."""
    texts = [text for pair in pairs for text in pair]
    asked = [(" ".join(words[::2]), text) for text in texts if len(words := text.split()) >= _FEWEST_WORDS]
    return _asked(asked, texts)


def _asked(pairs: Sequence[tuple[str, str]], texts: Sequence[str]) -> Retrieval:
    place = {text: number for number, text in enumerate(dict.fromkeys(texts))}
    answers: dict[str, set[int]] = {}
    for question, answer in pairs:
        answers.setdefault(question, set()).add(place[answer])
    return Retrieval(tuple(answers), tuple(place), list(answers.values()))
