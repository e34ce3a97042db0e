"""What a transformer has to beat: two encoders that are always at hand and cost next to nothing."""

from __future__ import annotations

from dataclasses import dataclass

TFIDF = "tf-idf"
STATIC_PREFIX = "static-"


@dataclass(frozen=True)
class Baseline:
    """An encoder without a transformer.

    Parameters
    ----------
    name : str
        What it is asked for by; ``static-`` before the name of any model distils that model.
    description : str
        What it does, in plain words.
    """

    name: str
    description: str


BASELINES: dict[str, Baseline] = {
    baseline.name: baseline
    for baseline in (
        Baseline(
            f"{STATIC_PREFIX}all-MiniLM-L6-v2",
            "One fixed vector a word, averaged; distilled from all-MiniLM-L6-v2, some hundred times as fast",
        ),
        Baseline(TFIDF, "Word counts, the rare words counting more; no neural network, fitted to your texts"),
    )
}
