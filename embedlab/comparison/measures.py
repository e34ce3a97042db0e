"""The figures a comparison may hold, in the words the app uses for them."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from embedlab.evaluation import CUTOFFS

if TYPE_CHECKING:
    from embedlab.intervals import Estimate


@dataclass(frozen=True)
class Measure:
    """A figure with the words the app uses for it. All of them are better when larger."""

    title: str
    description: str


_RANKINGS = {
    "ndcg": ("nDCG", "Whether relevant texts come first among the first {}, from 0 to 1."),
    "mrr": ("MRR", "1 over the rank of the first relevant text; 0 when it is not among the first {}."),
    "map": (
        "MAP",
        "Mean over the relevant texts of the precision at their rank, 0 beyond the first {}.",
    ),
    "recall": ("Recall", "Share of the relevant texts that are among the first {}."),
    "precision": ("Precision", "Share of relevant texts among the first {}."),
    "hit_rate": ("Hit rate", "Share of the questions with a relevant text among the first {}."),
}

MEASURES: dict[str, Measure] = {
    "spearman": Measure("Spearman", "How well similarities are in the order of the scores, from -1 to 1."),
    "pearson": Measure("Pearson", "How nearly similarities and scores lie on a line, from -1 to 1."),
    **{
        f"{name}_at_{top_k}": Measure(f"{title}@{top_k}", description.format(f"{top_k} hits" if top_k > 1 else "hit"))
        for top_k in CUTOFFS
        for name, (title, description) in _RANKINGS.items()
    },
    "probe_accuracy": Measure(
        "Probe accuracy", "Share of labels that logistic regression predicts right, on texts it has not seen."
    ),
    "neighbor_purity": Measure(
        "kNN purity",
        "Share of the ten nearest texts that have the same label; with fewer than eleven texts a label cannot reach 1.",
    ),
    "silhouette": Measure("Silhouette", "How clearly the labels stand apart, from -1 to 1; near 0 they overlap."),
    "ari": Measure(
        "KMeans ARI",
        "Agreement of KMeans clusters with the labels: 1 the same, 0 chance. Mean of five starts.",
    ),
    "nmi": Measure(
        "KMeans NMI",
        "How much KMeans clusters tell about the labels, from 0 to 1. Mean of five starts. Few rows make it too large: "
        "it has no interval; go by the ARI.",
    ),
    "probe_jaccard": Measure(
        "Probe overlap",
        "Labels that a text has and that logistic regressions, which have not seen it, give it as well: their share of "
        "all that it has or is given.",
    ),
    "neighbor_jaccard": Measure(
        "kNN overlap",
        "Labels that a text has in common with one of its ten nearest: their share of all that either has, as a mean.",
    ),
    "agreement": Measure("Agreement", "Share of the ten nearest texts in common with the reference."),
    "typo": Measure("Typos", "Share of texts that are still found first after two letters were swapped."),
    "case": Measure("Capitals", "Share of texts that are still found first when written in capitals."),
    "negation": Measure(
        "Negation", "Share of statements whose opposite lies farther away than the same statement with a typo."
    ),
}
"""The figures a comparison may hold, those of one kind of data beside each other, the main one first."""


def in_order(figures: Mapping[str, Estimate]) -> dict[str, Estimate]:
    """Return those figures that are defined, in the order of ``MEASURES``, their intervals drawn."""
    found = {name: figures[name] for name in MEASURES if name in figures and math.isfinite(figures[name].value)}
    for figure in found.values():
        _ = figure.interval  # Drawn now, and kept: whoever looks at it later does not wait.
    return found
