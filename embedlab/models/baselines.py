"""What a transformer has to beat: two encoders that are always at hand and cost next to nothing."""

from __future__ import annotations

from embedlab.hosted import is_hosted

TFIDF = "tf-idf"
STATIC_PREFIX = "static-"
OWN_VECTORS = "your vectors"
"""Not a baseline, but no transformer either: vectors that were brought without their model."""

BASELINES: dict[str, str] = {
    f"{STATIC_PREFIX}all-MiniLM-L6-v2": (
        "One fixed vector a word, averaged; distilled from all-MiniLM-L6-v2, some hundred times as fast"
    ),
    TFIDF: "Word counts, the rare words counting more; no neural network, fitted to your texts",
}
"""What they do, by the name they are asked for; ``static-`` before the name of any model distils that model."""


def is_baseline(model: str) -> bool:
    """Return whether a name asks for an encoder without a transformer."""
    return model in (TFIDF, OWN_VECTORS) or model.startswith(STATIC_PREFIX)


def is_transformer(model: str) -> bool:
    """Return whether a name asks for a model that runs here layer by layer: no baseline, and no hosted one."""
    return not is_baseline(model) and not is_hosted(model)
