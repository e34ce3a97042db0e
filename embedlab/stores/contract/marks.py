"""What a collection remembers of who made it, and by which a query of another model is refused."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, fields
from typing import Any

from embedlab.errors import SpecError
from embedlab.spec import EmbeddingSpec

MARK = "embedlab"
"""The key under which a store keeps the mark beside a collection, where it keeps keys."""
# What may differ between the embeddings of a text and those of the query that is to find it: how they are computed, and
# what the model is told of their use. Vectors are kept with length 1, so that normalisation makes no difference either.
_MAY_DIFFER = {
    "prompt_name", "include_prompt", "precision", "backend", "normalize_embeddings", "long_texts", "input_type"
}  # fmt: skip


@dataclass(frozen=True)
class Mark:
    """What EmbedLab writes beside a collection that it makes; one without it is somebody else's.

    Parameters
    ----------
    dimension : int
    spec : EmbeddingSpec or None
        How the embeddings were made, where the person said.
    """

    dimension: int
    spec: EmbeddingSpec | None = None

    def to_json(self) -> str:
        """Return the mark as one line of ASCII."""
        return json.dumps({"dimension": self.dimension, "spec": None if self.spec is None else asdict(self.spec)})

    @classmethod
    def from_json(cls, text: str | bytes | None) -> Mark | None:
        """Return a mark; None where there is none, or it was not written by EmbedLab."""
        try:
            said = json.loads(text or "")
            return cls(int(said["dimension"]), None if said["spec"] is None else _spec(said["spec"]))
        except (ValueError, TypeError, KeyError):
            return None


def check_same_space(kept: EmbeddingSpec | None, given: EmbeddingSpec | None, name: str) -> None:
    """Refuse embeddings that do not lie in the space of a collection's.

    Parameters
    ----------
    kept, given : EmbeddingSpec or None
        How those of the collection were made, and those that are held against them; None where nobody said.
    name : str
        The collection.

    Raises
    ------
    SpecError
        When both are known and the model, its weights, pooling, layer or dimensions differ. Prompts may differ, since
        many models put another one before queries, and so may precision and backend.
    """
    if kept is None or given is None:
        return
    differing = [
        field.name for field in fields(kept) if field.name not in _MAY_DIFFER and _differs(kept, given, field.name)
    ]
    if not differing:
        return
    if "model" in differing:
        said = f"embeddings of {kept.model}, and these are of {given.model}"
    else:
        first = differing[0]
        said = f"embeddings of {kept.model} with {first} {getattr(kept, first)}, and these have {getattr(given, first)}"
    raise SpecError(
        f"{name} holds {said}. Cosines between the two say nothing. Take what the collection was made with, or write a "
        "new collection."
    )


def _differs(kept: EmbeddingSpec, given: EmbeddingSpec, name: str) -> bool:
    return bool(getattr(kept, name) != getattr(given, name))


def _spec(said: dict[str, Any]) -> EmbeddingSpec:
    """Return a spec by the fields it has today; a mark of a later version may know more."""
    known = {field.name for field in fields(EmbeddingSpec)}
    return EmbeddingSpec(**{name: value for name, value in said.items() if name in known})
