"""Running a transformer on one batch: token ids in, pooled vectors out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from embedlab.errors import ModelLoadError
from embedlab.pooling import pool

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from sentence_transformers import SentenceTransformer
    from torch import Tensor

    from embedlab.spec import EmbeddingSpec
    from embedlab.tokens import Batch

# Tokens a batch holds, padding included: large enough to fill the cores, small enough to stay in their caches.
TOKEN_BUDGETS = {"cpu": 2048, "mps": 16_384, "cuda": 65_536}


class TorchTransformer:
    """The modules of a sentence-transformers model, taken apart so that any layer can be pooled in any way.

    Parameters
    ----------
    model : SentenceTransformer
        A transformer, a pooling, and perhaps more behind it; it is not changed.
    device : str
        Where the model lies.

    Attributes
    ----------
    precision : str
        The arithmetic in use, a floating-point type of torch; may be set.
    pooling_mode : str
        The pooling the model was trained with; several joined by ``+``.
    pools_prompt : bool
        Whether the tokens of the prompt take part in the pooling.
    n_layers, hidden_size, max_seq_length : int

    Raises
    ------
    ModelLoadError
        When the model is built in another way.
    """

    def __init__(self, model: SentenceTransformer, device: str) -> None:
        from sentence_transformers.sentence_transformer.modules import Normalize, Pooling, Transformer

        transformer, *rest = model
        pooling = next((module for module in rest if isinstance(module, Pooling)), None)
        if not isinstance(transformer, Transformer) or pooling is None:
            raise ModelLoadError("This model is not a transformer with a pooling, the one kind EmbedLab looks into.")
        self.device, self.precision = device, "float32"
        self._transformer = transformer.auto_model.eval()
        # What comes after the pooling, such as a Dense layer; normalisation is the caller's choice.
        self._head = [module.eval() for module in rest if not isinstance(module, (Pooling, Normalize))]
        self._takes_token_types = "token_type_ids" in transformer.tokenizer.model_input_names
        modes = pooling.pooling_mode
        self.pooling_mode = modes if isinstance(modes, str) else "+".join(modes)
        self.pools_prompt = bool(pooling.include_prompt)
        self.n_layers = int(self._transformer.config.num_hidden_layers)
        self.hidden_size = int(self._transformer.config.hidden_size)
        self.max_seq_length = int(model.max_seq_length or self._transformer.config.max_position_embeddings)
        self._head_dimension = model.get_embedding_dimension() if self._head else None

    @property
    def token_budget(self) -> int:
        """Tokens a batch should hold on this device."""
        return TOKEN_BUDGETS[self.device]

    @property
    def nbytes(self) -> int:
        """Memory the weights take, in bytes."""
        return sum(weights.numel() * weights.element_size() for weights in self._transformer.parameters())

    @property
    def fast_precision(self) -> str:
        """The fastest arithmetic the device has hardware for."""
        import torch

        if self.device != "cpu":
            return "float16"
        # Without hardware support bfloat16 is emulated, which is slower than float32.
        return "bfloat16" if torch.cpu._is_avx512_bf16_supported() else "float32"

    def dimension(self, pooling_mode: str) -> int:
        """Return the length of a vector pooled this way."""
        return self._head_dimension or self.hidden_size * len(pooling_mode.split("+"))

    def embed(
        self, batch: Batch, specs: Mapping[Any, EmbeddingSpec], *, n_prompt_tokens: int, normalize: bool
    ) -> dict[Any, NDArray[np.float32]]:
        """Run one batch through the model once and pool it in every way asked for.

        Parameters
        ----------
        batch : Batch of n texts
        specs : mapping of any key to EmbeddingSpec
            Their ``pooling_mode`` and ``layer`` are followed.
        n_prompt_tokens : int
            Tokens at the start of each text that are left out of the pooling.
        normalize : bool
            Scale to length 1.

        Returns
        -------
        dict of the same keys to float32 array of shape (n, d)
        """
        import torch

        mask = torch.from_numpy(batch.attention_mask).to(self.device)
        inputs = {"input_ids": torch.from_numpy(batch.input_ids).to(self.device), "attention_mask": mask}
        if self._takes_token_types:
            inputs["token_type_ids"] = torch.from_numpy(batch.token_type_ids).to(self.device)
        wants_layers = any(spec.layer != self.n_layers for spec in specs.values())
        dtype = getattr(torch, self.precision)
        with torch.inference_mode():
            with torch.autocast(self.device, dtype=dtype, enabled=dtype is not torch.float32):
                output = self._transformer(**inputs, output_hidden_states=wants_layers)
            pooling_mask = mask.clone()
            pooling_mask[:, :n_prompt_tokens] = 0
            pooled = {}
            for key, spec in specs.items():
                is_last = spec.layer == self.n_layers
                states = output.last_hidden_state if is_last else output.hidden_states[spec.layer]
                pooled[key] = self._finish(pool(states, pooling_mask, spec.pooling_mode), normalize)
        return pooled

    def _finish(self, pooled: Tensor, normalize: bool) -> NDArray[np.float32]:
        """Apply the model's head, normalise, and bring the result home."""
        features = {"sentence_embedding": pooled}
        for module in self._head:
            features = module(features)
        vectors = features["sentence_embedding"].float()
        if normalize:
            vectors = vectors / vectors.norm(dim=1, keepdim=True).clamp_min(1e-12)
        return vectors.cpu().numpy()
