"""The rows of docs/training.md: what is learned from public texts, and what it is judged by."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from _shared import DATA
from poolings import SOURCES, read_pairs

from embedlab.examples import Examples, LabelledTexts, ScoredPairs, Texts, Translations, Triplets, hold_out
from embedlab.gold import Gold, Labelled, Pairs
from embedlab.models import DEFAULT_MODEL, STATIC_PREFIX

STATIC = STATIC_PREFIX + DEFAULT_MODEL


@dataclass(frozen=True)
class Lesson:
    """A training, and what it is judged by.

    Parameters
    ----------
    title, learned : str
        The recipe, and what is learned from, in a few words.
    make : callable
        Gives the examples, and what judges them by name, the one that decides first.
    options : dict
        Of ``embedlab.train``.
    model : str
        The model that is trained.
    endings : tuple of str
        What else is compared: compressions, as ``~dim64``.
    """

    title: str
    learned: str
    make: Callable[[], tuple[Examples, dict[str, Gold]]]
    options: Mapping[str, Any] = field(default_factory=dict)
    model: str = DEFAULT_MODEL
    endings: tuple[str, ...] = ()


def intents(n_of_a_label: int) -> tuple[LabelledTexts, Labelled]:
    """Return some texts of each of 150 intents, and ten others of each."""
    splits = json.loads((DATA / "clinc150" / "data_full.json").read_text(encoding="utf-8"))
    found = []
    for name, n in (("train", n_of_a_label), ("test", 10)):
        taken: dict[str, list[str]] = {}
        for text, label in splits[name]:
            own = taken.setdefault(label, [])
            if len(own) < n:
                own.append(text)
        found.append([(text, label) for label, texts in taken.items() for text in texts])
    (texts, labels), (others, theirs) = (tuple(zip(*rows, strict=True)) for rows in found)
    return LabelledTexts(texts, labels), Labelled(others, theirs)


def scored(name: str, share: float) -> tuple[ScoredPairs, Pairs]:
    """Return the pairs of a set in two parts, no text in both."""
    found = read_pairs(SOURCES[name])
    rows = np.arange(len(found.gold))
    pairs = ScoredPairs(tuple(found.texts_a), tuple(found.texts_b), np.array(found.gold), origin=rows)
    shared = None
    if name == "stsb-de":  # The same pairs in English: a text that is equal there is on one side, too.
        english = read_pairs(SOURCES["stsb-en"])
        shared = ScoredPairs(tuple(english.texts_a), tuple(english.texts_b), np.array(english.gold)).groups
    split = hold_out(pairs, share=share, shared=shared)
    assert isinstance(split.held_out, Pairs)
    return split.train, split.held_out


def german(share: float = 1 / 3) -> tuple[ScoredPairs, dict[str, Gold]]:
    """Return German pairs to learn from, and other ones with the same pairs in English."""
    train, held_out = scored("stsb-de", share)
    english = read_pairs(SOURCES["stsb-en"])
    rows = held_out.origin.tolist()
    texts = (tuple(column[row] for row in rows) for column in (english.texts_a, english.texts_b))
    return train, {"German pairs": held_out, "the same in English": Pairs(*texts, held_out.scores)}


def texts_alone(pairs: ScoredPairs, n_texts: int) -> Texts:
    """Return some texts of pairs, their scores forgotten."""
    return Texts(some(pairs.texts, n_texts))


def some(texts: tuple[str, ...], n_texts: int) -> tuple[str, ...]:
    """Return some different texts, drawn at random, the same on every call."""
    rows = np.random.default_rng(0).permutation(len(texts))[:n_texts]
    return tuple(texts[row] for row in rows.tolist())


def in_two_languages(n_pairs: int) -> tuple[Translations, dict[str, Gold]]:
    """Return English texts with their German translations, none of them in a pair that judges."""
    train, golds = german()
    english = read_pairs(SOURCES["stsb-en"]).texts_a
    translated = {english[row]: text for row, text in zip(train.origin.tolist(), train.texts_a, strict=True)}
    chosen = some(tuple(translated), n_pairs)
    return Translations(chosen, tuple(translated[text] for text in chosen)), golds


def as_pairs(n_pairs: int) -> tuple[Triplets, dict[str, Gold]]:
    """Return the same translations as pairs that belong together, which is not what they are."""
    examples, golds = in_two_languages(n_pairs)
    return Triplets(examples.sources, examples.translations), golds


def english_texts(n_intents: int) -> tuple[Texts, dict[str, Gold]]:
    """Return English texts of half of the pairs and of the intents, and the other half and other intents."""
    train, held_out = scored("stsb-en", 1 / 2)
    splits = json.loads((DATA / "clinc150" / "data_full.json").read_text(encoding="utf-8"))
    asked = some(tuple(text for name in ("train", "val") for text, _ in splits[name]), n_intents)
    texts = tuple(dict.fromkeys((*train.texts, *asked)))
    _, others = intents(5)
    seen = set(texts)
    kept = [row for row, text in enumerate(others.texts) if text not in seen]
    unseen = Labelled(*(tuple(column[row] for row in kept) for column in (others.texts, others.labels)))
    return Texts(texts), {"English pairs": held_out, "150 intents": unseen}


def german_texts(n_texts: int) -> tuple[Texts, dict[str, Gold]]:
    """Return German texts without their scores."""
    train, golds = german()
    return texts_alone(train, n_texts), golds


def korean_texts(n_texts: int) -> tuple[Texts, dict[str, Gold]]:
    """Return Korean texts without their scores."""
    train, held_out = scored("korsts", 1 / 5)
    return texts_alone(train, n_texts), {"Korean pairs": held_out}


def few_intents() -> tuple[LabelledTexts, dict[str, Gold]]:
    """Return five texts of each intent."""
    examples, held_out = intents(5)
    return examples, {"150 intents": held_out}


_INTENTS = "five texts of each of 150 intents"
_TAUGHT = {"recipe": "distil", "teacher": DEFAULT_MODEL}

LESSONS: dict[str, Lesson] = {
    "labels": Lesson("Same label together", _INTENTS, few_intents),
    "batch-hard": Lesson("Hardest triplets of a batch", _INTENTS, few_intents, {"recipe": "batch-hard"}),
    "setfit": Lesson("SetFit's way", _INTENTS, few_intents, {"recipe": "setfit"}),
    "matryoshka": Lesson(
        "Same label together, Matryoshka to 64",
        _INTENTS,
        few_intents,
        {"truncate_dims": (64,)},
        endings=("~dim64", "~pca64"),
    ),
    "scores": Lesson("CoSENT", "1,000 German pairs with scores", german),
    "texts-de": Lesson("Texts alone (SimCSE)", "640 German texts", lambda: german_texts(640)),
    "texts-ko": Lesson("Texts alone (SimCSE)", "386 Korean texts", lambda: korean_texts(386)),
    "translations-apart": Lesson(
        "What belongs together", "800 translations, English and German", lambda: as_pairs(800), {"num_train_epochs": 1}
    ),
    "translations": Lesson(
        "Another model's vectors", "the same translations", lambda: in_two_languages(800), {"recipe": "distil"}
    ),
    "layers": Lesson(
        "Another model's vectors, 3 of 6 layers",
        "some 10,000 English texts",
        lambda: english_texts(8_500),
        _TAUGHT | {"num_layers": 3, "per_device_train_batch_size": 32, "learning_rate": 2e-4},
    ),
    "labels-words": Lesson("Same label together, averaged word vectors", _INTENTS, few_intents, model=STATIC),
    "words": Lesson(
        "Another model's vectors, averaged word vectors",
        "some 20,000 English texts",
        lambda: english_texts(18_000),
        _TAUGHT | {"recipe": "distil-words"},
        STATIC,
    ),
}
"""By name, in the order of the table."""
