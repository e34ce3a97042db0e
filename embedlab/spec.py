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
    address : str or None, default=None
        Where a hosted model is reached: two servers may know two models by one name.
    input_type : str or None, default=None
        What a hosted model is told of the use of the texts, in its own words.
    dimensions : int or None, default=None
        The length of embeddings that a hosted model is asked for; None for its own.
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
    address: str | None = None
    input_type: str | None = None
    dimensions: int | None = None

    @property
    def digest(self) -> str:
        """Hexadecimal digest of all fields; with the digest of the texts it names an array of embeddings."""
        # What says nothing is left out: embeddings are named by the digest they had before there was a choice.
        nothing = {"long_texts": "cut", "address": None, "input_type": None, "dimensions": None}
        fields = {name: value for name, value in asdict(self).items() if (name, value) not in nothing.items()}
        return blake2b(json.dumps(fields, sort_keys=True).encode(), digest_size=16).hexdigest()

    @property
    def description(self) -> str:
        """The same in words, for a list."""
        parts = [self.model, f"{self.pooling_mode} pooling", f"layer {self.layer}"]
        if self.prompt_name:
            parts.append(f"prompt {self.prompt_name}" + ("" if self.include_prompt else " (not pooled)"))
        parts += [] if self.normalize_embeddings else ["not normalised"]
        parts += [] if self.long_texts == "cut" else [LONG_TEXTS[self.long_texts]]
        if self.address is None:
            return ", ".join([*parts, f"{self.precision} by {self.backend}"])
        hosted = [self.model, f"asked at {self.address}"]
        hosted += [f"as {self.input_type}"] if self.input_type else []
        return ", ".join([*hosted, *parts[3 if self.prompt_name else 3 :]])
