"""What can be trained from what, and how: a loss of sentence-transformers with numbers that did well.

The rows of a loss are what it is told of a batch: columns of texts, and a target for each row where it takes one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Rows = Literal["as they are", "pairs", "triplets", "contrasts", "twins"]
"""How examples become the rows of a loss: as they are, by labels (see :mod:`embedlab.examples`), or each text twice."""


@dataclass(frozen=True)
class Recipe:
    """One way to train.

    Parameters
    ----------
    title, reason : str
        A name, and a sentence that says when to take it.
    loss : str
        The class of ``sentence_transformers.sentence_transformer.losses``.
    takes : tuple of str
        Kinds of examples: ``"labels"``, ``"scores"``, ``"pairs"``, ``"triplets"``, ``"translations"``, ``"texts"``.
    rows : str
        How examples become the rows of the loss.
    batching : str
        What may stand in a batch together; see :func:`embedlab.examples.draw_batches`.
    num_train_epochs, learning_rate : int, float
        What did well.
    per_device_train_batch_size : int
        What did well.
    arguments : dict
        Of the loss.
    needs_teacher : bool
        Whether there has to be a model to learn from.
    of_words : bool
        Whether it is for averaged word vectors, and for nothing else.
    """

    title: str
    reason: str
    loss: str
    takes: tuple[str, ...]
    rows: Rows = "as they are"
    batching: str = "any"
    num_train_epochs: int = 2
    learning_rate: float = 1e-4
    per_device_train_batch_size: int = 16
    arguments: Mapping[str, object] = field(default_factory=dict)
    needs_teacher: bool = False
    of_words: bool = False

    @property
    def is_guided(self) -> bool:
        """Whether the loss asks another model which texts belong together."""
        return "GIST" in self.loss


_TOGETHER = ("pairs", "triplets")

RECIPES: dict[str, Recipe] = {
    "labels": Recipe(
        "Same label together",
        "The best of all from labels: it gained most with a few texts a label, and in the shortest time.",
        "MultipleNegativesRankingLoss",
        ("labels",),
        "pairs",
        "apart",
    ),
    "batch-hard": Recipe(
        "Hardest triplets of a batch",
        "For clusters rather than for a probe: of each text, the farthest of its label and the nearest of another.",
        "BatchHardSoftMarginTripletLoss",
        ("labels",),
        batching="together",
    ),
    "batch-all": Recipe(
        "All triplets of a batch",
        "For comparison, and for labels that are not quite right: no single text decides.",
        "BatchAllTripletLoss",
        ("labels",),
        batching="together",
        arguments={"distance_metric": "cosine", "margin": 0.5},
    ),
    "label-triplets": Recipe(
        "Triplets by label",
        "For comparison: a text, another of its label, one of another.",
        "TripletLoss",
        ("labels",),
        "triplets",
        arguments={"distance_metric": "cosine", "triplet_margin": 0.5},
    ),
    "contrastive": Recipe(
        "Contrastive",
        "For comparison: equal labels near, others at least a margin away.",
        "ContrastiveLoss",
        ("labels",),
        "contrasts",
    ),
    "online-contrastive": Recipe(
        "Contrastive, hard pairs alone",
        "For comparison: of each batch only the pairs that are wrong.",
        "OnlineContrastiveLoss",
        ("labels",),
        "contrasts",
    ),
    "setfit": Recipe(
        "SetFit's way",
        "For comparison: cosines of 1 for equal labels and 0 for others, as SetFit trains.",
        "CosineSimilarityLoss",
        ("labels",),
        "contrasts",
        learning_rate=2e-5,
    ),
    "cosent": Recipe(
        "CoSENT",
        "Pairs in the order of their scores, which is what Spearman measures; the scale of the scores does not matter.",
        "CoSENTLoss",
        ("scores",),
    ),
    "angle": Recipe(
        "AnglE",
        "Like CoSENT, with angles in complex numbers: for scores near the ends of the scale.",
        "AnglELoss",
        ("scores",),
    ),
    "cosine": Recipe(
        "Cosine as the score",
        "Where the cosine itself has to be the score, from 0 to 1.",
        "CosineSimilarityLoss",
        ("scores",),
        learning_rate=2e-5,
    ),
    "simcse": Recipe(
        "Texts alone (SimCSE)",
        "Nothing is known but the texts: each has to be found again although half-forgotten (dropout).",
        "MultipleNegativesRankingLoss",
        ("texts",),
        "twins",
        "apart",
        num_train_epochs=1,
        learning_rate=3e-5,
    ),
    "distil": Recipe(
        "Another model's vectors",
        "A smaller or faster model learns to say what a larger one says.",
        "MSELoss",
        ("texts", "translations"),
        needs_teacher=True,
    ),
    "distil-words": Recipe(
        "Another model's vectors, for words",
        "Averaged word vectors learn where another model puts whole texts; the length of a word's vector says how much "
        "it counts, so that directions alone are learned.",
        "EmbedDistillLoss",
        ("texts",),
        num_train_epochs=4,
        learning_rate=5e-3,
        per_device_train_batch_size=128,
        arguments={"distance_metric": "cosine"},
        needs_teacher=True,
        of_words=True,
    ),
    "together": Recipe(
        "What belongs together",
        "Questions with their answers, or any pairs: the other texts of a batch are what does not belong.",
        "MultipleNegativesRankingLoss",
        (*_TOGETHER, "translations"),
        batching="apart",
    ),
    "cached": Recipe(
        "What belongs together, large batches",
        "The same with batches larger than the memory holds; slower.",
        "CachedMultipleNegativesRankingLoss",
        _TOGETHER,
        batching="apart",
    ),
    "gist": Recipe(
        "What belongs together, guided",
        "Where other texts of a batch may belong as well: what the guide finds nearer than the answer is left out.",
        "GISTEmbedLoss",
        _TOGETHER,
        batching="apart",
    ),
    "cached-gist": Recipe(
        "Guided, large batches",
        "The same with batches larger than the memory holds; slower.",
        "CachedGISTEmbedLoss",
        _TOGETHER,
        batching="apart",
    ),
    "triplets": Recipe(
        "Triplets",
        "Where hard negatives are known and the others of a batch must not count.",
        "TripletLoss",
        ("triplets",),
        arguments={"distance_metric": "cosine", "triplet_margin": 0.5},
    ),
}
"""By name. The first that takes a kind of examples is its default."""
