"""What stands behind the transformer of a sentence-transformers model, so that any layer can be pooled in any way."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from embedlab.errors import ModelLoadError
from embedlab.pooling.modes import pool

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer
    from torch import Tensor

    from embedlab.spec import EmbeddingSpec


@dataclass(frozen=True)
class TokenStates:
    """What a transformer says of the tokens of a batch.

    Parameters
    ----------
    mask : Tensor of shape (n, t)
        1 for a token, 0 for padding.
    layers : dict of int to Tensor of shape (n, t, d)
        Token vectors by layer, 0 being the look-up.
    attention : Tensor of shape (n, t) or None
        Attention each token receives in the last layer: the mean over heads and over the tokens that attend.
    """

    mask: Tensor
    layers: dict[int, Tensor]
    attention: Tensor | None = None


class Modules:
    """What stands behind the transformer of a model: a pooling, and perhaps a Dense layer.

    The transformer itself is not held: once it is converted, its weights can go.

    Parameters
    ----------
    model : SentenceTransformer

    Attributes
    ----------
    pooling_mode : str
        The pooling the model was trained with; several joined by ``+``.
    pools_prompt : bool
        Whether the tokens of the prompt take part in the pooling.
    takes_token_types : bool
        Whether the transformer is told which of two texts a token belongs to.
    n_layers, hidden_size, max_seq_length : int

    Raises
    ------
    ModelLoadError
        When the model is built in another way.
    """

    def __init__(self, model: SentenceTransformer) -> None:
        from sentence_transformers.sentence_transformer.modules import Normalize, Pooling, Transformer

        transformer, *rest = model
        pooling = next((module for module in rest if isinstance(module, Pooling)), None)
        if not isinstance(transformer, Transformer) or pooling is None:
            raise ModelLoadError("This model is not a transformer with a pooling, the one kind EmbedLab looks into.")
        # What comes after the pooling, such as a Dense layer; normalisation is the caller's choice.
        self._head = [module.eval() for module in rest if not isinstance(module, (Pooling, Normalize))]
        self._head_dimension = model.get_embedding_dimension() if self._head else None
        self.takes_token_types = "token_type_ids" in transformer.tokenizer.model_input_names
        modes = pooling.pooling_mode
        self.pooling_mode = modes if isinstance(modes, str) else "+".join(modes)
        self.pools_prompt = bool(pooling.include_prompt)
        config = transformer.auto_model.config
        self.n_layers, self.hidden_size = int(config.num_hidden_layers), int(config.hidden_size)
        self.max_seq_length = int(model.max_seq_length or config.max_position_embeddings)

    def dimension(self, pooling_mode: str) -> int:
        """Return the length of a vector pooled this way."""
        return self._head_dimension or self.hidden_size * len(pooling_mode.split("+"))

    def read_out(self, states: TokenStates, spec: EmbeddingSpec, n_prompt_tokens: int) -> Tensor:
        """Pool token states, apply what stands behind the pooling, and normalise where asked for.

        Parameters
        ----------
        states : TokenStates of n texts
        spec : EmbeddingSpec
            Its ``pooling_mode``, ``layer`` and ``normalize_embeddings`` are followed.
        n_prompt_tokens : int
            Tokens at the start of each text that are left out of the pooling.

        Returns
        -------
        Tensor of shape (n, d), of dtype float32, on the device of the states
        """
        mask = states.mask
        if n_prompt_tokens:
            # Counted from the first token, since padding may stand before it.
            mask = mask * (mask.cumsum(dim=1) > n_prompt_tokens)
        features = {
            "sentence_embedding": pool(states.layers[spec.layer], mask, spec.pooling_mode, attention=states.attention)
        }
        for module in self._head:
            features = module(features)
        vectors = features["sentence_embedding"].float()
        return vectors / vectors.norm(dim=1, keepdim=True).clamp_min(1e-12) if spec.normalize_embeddings else vectors
