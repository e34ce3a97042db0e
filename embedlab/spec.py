"""Which embeddings are meant: the one description that caches, exports and comparisons carry."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from hashlib import blake2b

LONG_TEXTS = {"cut": "beginning only", "mean": "mean of passages"}
"""What becomes of a text that is longer than a model reads."""


@dataclass(frozen=True)
class Variant:
    """One way to read embeddings out of a model.

    Parameters
    ----------
    pooling_mode : str
        A key of ``embedlab.pooling.modes.POOLING_MODES``.
    layer : int, default=-1
        0 is the token look-up, 1 the first layer, -1 the last.
    """

    pooling_mode: str
    layer: int = -1


@dataclass(frozen=True)
class EmbeddingSpec:
    """Everything that decides what vector a text gets.

    Parameters
    ----------
    model : str
        Catalog name, hub id or folder.
    revision : str
        Commit of the hub, or digest of the weights.
    pooling_mode : str
        A key of ``embedlab.pooling.modes.POOLING_MODES``.
    layer : int
        Layer the token vectors are taken from, counted from 0 (the look-up) up.
    prompt_name : str or None
        Name of the prompt put before every text.
    include_prompt : bool
        Whether the tokens of the prompt take part in the pooling.
    normalize_embeddings : bool
        Whether the vectors have length 1.
    precision : str
        The arithmetic that is really used, such as ``"float32"`` or ``"bfloat16"``.
    backend : str, default="torch"
        The library that computes it: the last digits differ between two.
    long_texts : str, default="cut"
        What becomes of texts longer than the model reads, a key of ``LONG_TEXTS``; always ``"cut"`` where none is.
    """

    model: str
    revision: str
    pooling_mode: str
    layer: int
    prompt_name: str | None
    include_prompt: bool
    normalize_embeddings: bool
    precision: str
    backend: str = "torch"
    long_texts: str = "cut"

    @property
    def digest(self) -> str:
        """Hexadecimal digest of all fields; with the digest of the texts it names an array of embeddings."""
        fields = asdict(self)
        if self.long_texts == "cut":
            del fields["long_texts"]  # named by the digest it had before there was a choice
        return blake2b(json.dumps(fields, sort_keys=True).encode(), digest_size=16).hexdigest()

    @property
    def description(self) -> str:
        """The same in words, for a list."""
        parts = [self.model, f"{self.pooling_mode} pooling", f"layer {self.layer}"]
        if self.prompt_name:
            parts.append(f"prompt {self.prompt_name}" + ("" if self.include_prompt else " (not pooled)"))
        parts += [] if self.normalize_embeddings else ["not normalised"]
        parts += [] if self.long_texts == "cut" else [LONG_TEXTS[self.long_texts]]
        return ", ".join([*parts, f"{self.precision} by {self.backend}"])
