"""What callers of sentence-transformers' models, such as its evaluators, expect of them beside embeddings."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from embedlab.errors import InvalidInputError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from torch import Tensor

# Arguments of `SentenceTransformer.encode` that change how fast it goes or what kind of object comes back.
_HARMLESS = ("batch_size", "show_progress_bar", "convert_to_numpy", "convert_to_tensor")
# Arguments that would change the embeddings, with the values that ask for nothing.
_ASKING_NOTHING: dict[str, tuple[object, ...]] = {
    "prompt": (None,),
    "output_value": ("sentence_embedding",),
    "device": (None,),
    "chunk_size": (None,),
    "pool": (None,),
}


class LikeSentenceTransformer:
    """The parts of a ``SentenceTransformer`` that are no business of an encoder, but that others ask it for."""

    similarity_fn_name = "cosine"

    @property
    def model_card_data(self) -> ModelCardData:
        """Where evaluators leave their scores."""
        return ModelCardData()

    def similarity(self, a: Any, b: Any) -> Tensor:  # noqa: ANN401 - what the library takes
        """Return the cosines of all rows of ``a`` with all rows of ``b``, a tensor of shape (n, m)."""
        from sentence_transformers.util import cos_sim

        return cos_sim(a, b)


class ModelCardData:
    """Takes the scores that evaluators write into a model's card; there is no card to keep."""

    def set_evaluation_metrics(self, *results: object) -> None:
        """Do nothing."""


def as_asked(embeddings: NDArray[np.float32], foreign: Mapping[str, object]) -> NDArray[np.float32]:
    """Return the embeddings as the arguments ask: a tensor for ``convert_to_tensor``, which few callers want."""
    if not foreign.get("convert_to_tensor"):
        return embeddings
    import torch

    return torch.from_numpy(embeddings)  # type: ignore[return-value]


def check_foreign(arguments: Mapping[str, object]) -> None:
    """Pass over arguments that change nothing, and refuse the others instead of ignoring what they ask for.

    Raises
    ------
    InvalidInputError
        For an argument no encoder has, or one that asks for something encoders here do not do.
    """
    for name, value in arguments.items():
        if name in _HARMLESS or (name in _ASKING_NOTHING and value in _ASKING_NOTHING[name]):
            continue
        known = "is not done here; leave it out" if name in _ASKING_NOTHING else "is no argument of encode"
        raise InvalidInputError(f"{name}={value!r} {known}.")
