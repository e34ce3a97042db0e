"""A loaded model: texts in, embeddings out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, cast

import numpy as np

from embedlab.encoders.forward import Forward
from embedlab.encoders.gate import SHORT_REQUEST, gate_of
from embedlab.encoders.modules import Modules
from embedlab.encoders.pipeline import embed_batches
from embedlab.encoders.pooling import check_pooling_mode
from embedlab.encoders.precision import choose_forward
from embedlab.encoders.tokens import TextTokenizer, check_texts
from embedlab.errors import InvalidInputError
from embedlab.samples import sample_texts
from embedlab.spec import EmbeddingSpec, Variant
from embedlab.texts import is_blank

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from sentence_transformers import SentenceTransformer
    from transformers import PreTrainedModel

    from embedlab.models import ModelFiles

    Embeddings = NDArray[np.float32]

Progress = Callable[[int, int], None]


class Encoder:
    """A loaded model. Make one with :func:`embedlab.load_encoder`; it may be shared between threads.

    Attributes
    ----------
    name, revision : str
        What was loaded.
    device : str
        Where it runs.
    pooling_mode : str
        The pooling the model was trained with.
    n_layers, embedding_dimension, max_seq_length : int
        Layers above the token look-up, length of an embedding, longest input in tokens.
    prompts : dict of str to str
        The prompts the model wants, by name: ``"query"`` and ``"document"`` where it was trained with them.
    default_prompt_name : str or None
        The prompt for texts that are neither.
    nbytes : int
        Memory the weights take.
    """

    def __init__(self, model: SentenceTransformer, files: ModelFiles, *, device: str, precision: str) -> None:
        self._modules = Modules(model)
        self.name, self.revision, self.device = files.name, files.revision, device
        self.pooling_mode, self.n_layers = files.pooling_mode or self._modules.pooling_mode, self._modules.n_layers
        self.embedding_dimension = self._modules.dimension(self.pooling_mode)
        self.max_seq_length = self._modules.max_seq_length
        self.tokenizer = TextTokenizer(model.tokenizer, self.max_seq_length)
        own = {key: prompt for key, prompt in model.prompts.items() if prompt}
        self.prompts = own or dict(files.card.prompts if files.card else {})
        self.default_prompt_name = model.default_prompt_name or (files.card.default_prompt if files.card else None)
        self._forward = choose_forward(
            cast("PreTrainedModel", model[0].auto_model),
            self._modules,
            revision=self.revision,
            device=device,
            precision=precision,
            calibration=lambda: (batch for text in sample_texts() for batch in self.tokenizer.batches([text], 1)),
            encode=self._encode_by,
        )
        self.nbytes = self._forward.nbytes

    @property
    def precision(self) -> str:
        """The arithmetic that is really used: ``"float32"``, ``"float16"``, ``"bfloat16"`` or ``"int8"``."""
        return self._forward.precision

    @property
    def backend(self) -> str:
        """The library that runs the transformer: ``"torch"`` or ``"openvino"``."""
        return self._forward.backend

    @property
    def query_prompt_name(self) -> str | None:
        """Name of the prompt for queries; None means the default."""
        return "query" if "query" in self.prompts else None

    @property
    def document_prompt_name(self) -> str | None:
        """Name of the prompt for texts that are searched; None means the default."""
        return next((name for name in ("document", "passage", "corpus") if name in self.prompts), None)

    def spec(
        self,
        *,
        pooling_mode: str | None = None,
        layer: int = -1,
        prompt_name: str | None = None,
        normalize_embeddings: bool = True,
    ) -> EmbeddingSpec:
        """Return the full description of what :meth:`encode` would give for these arguments.

        Raises
        ------
        InvalidInputError
            For a pooling, layer or prompt the model does not have.
        """
        prompt_name = prompt_name or self.default_prompt_name
        if prompt_name is not None and prompt_name not in self.prompts:
            names = ", ".join(self.prompts) or "none"
            raise InvalidInputError(f"{self.name} has no prompt {prompt_name!r}; it has: {names}.")
        mode = pooling_mode or self.pooling_mode
        check_pooling_mode(mode)
        layer = self._check_layer(layer)
        return EmbeddingSpec(
            self.name, self.revision, mode, layer, prompt_name, normalize_embeddings, self.precision, self.backend
        )

    def encode(
        self,
        texts: str | Sequence[str],
        *,
        pooling_mode: str | None = None,
        layer: int = -1,
        prompt_name: str | None = None,
        normalize_embeddings: bool = True,
        progress: Progress | None = None,
    ) -> Embeddings:
        """Turn texts into embeddings.

        Parameters
        ----------
        texts : sequence of str of length n
            A single string counts as a list of one. Texts longer than ``max_seq_length`` tokens are cut.
        pooling_mode : str, optional
            A key of ``embedlab.encoders.pooling.POOLING_MODES``; the model's own when not given.
        layer : int, default=-1
            The layer whose token vectors are pooled: 0 is the look-up, -1 the last.
        prompt_name : str, optional
            The prompt put before each text, a key of ``prompts``; ``default_prompt_name`` when not given.
        normalize_embeddings : bool, default=True
            Scale every embedding to length 1, so that a dot product is a cosine.
        progress : callable, optional
            Called as ``progress(done, total)`` in texts after every batch; what it raises ends the work.

        Returns
        -------
        float32 array of shape (n, embedding_dimension)

        Raises
        ------
        InvalidInputError
            For something that is not text, or a pooling, layer or prompt the model does not have.
        """
        variant = Variant(pooling_mode or self.pooling_mode, layer)
        return self.encode_variants(
            texts,
            [variant],
            prompt_name=prompt_name,
            normalize_embeddings=normalize_embeddings,
            progress=progress,
        )[variant]

    def encode_query(self, texts: str | Sequence[str], *, pooling_mode: str | None = None) -> Embeddings:
        """Turn what somebody looks for into embeddings, with the model's query prompt where it has one.

        Raises
        ------
        InvalidInputError
            When a query is blank.
        """
        queries = check_texts(texts)
        if any(is_blank(query) for query in queries):
            raise InvalidInputError("The query is blank. Type what you are looking for.")
        return self.encode(queries, pooling_mode=pooling_mode, prompt_name=self.query_prompt_name)

    def encode_variants(
        self,
        texts: str | Sequence[str],
        variants: Sequence[Variant],
        *,
        prompt_name: str | None = None,
        normalize_embeddings: bool = True,
        progress: Progress | None = None,
    ) -> dict[Variant, Embeddings]:
        """Turn texts into several kinds of embeddings in one pass through the model.

        Parameters
        ----------
        texts, prompt_name, normalize_embeddings, progress
            As for :meth:`encode`.
        variants : sequence of Variant
            The poolings and layers wanted. Memory is bounded by the batch, not by the number of tokens of all texts.

        Returns
        -------
        dict of Variant to float32 array of shape (n, d)
        """
        texts = check_texts(texts)
        specs = {
            variant: self.spec(
                pooling_mode=variant.pooling_mode,
                layer=variant.layer,
                prompt_name=prompt_name,
                normalize_embeddings=normalize_embeddings,
            )
            for variant in variants
        }
        prompt_name = prompt_name or self.default_prompt_name
        prompt = self.prompts[prompt_name] if prompt_name else ""
        # Equal texts have equal embeddings: each is encoded once and dealt out again at the end.
        rows_of = {text: row for row, text in enumerate(dict.fromkeys(texts))}
        unique = {
            variant: np.empty((len(rows_of), self._modules.dimension(spec.pooling_mode)), dtype=np.float32)
            for variant, spec in specs.items()
        }
        done = 0
        batches = self.tokenizer.batches([prompt + text for text in rows_of], self._forward.token_budget)
        for batch, pooled in embed_batches(
            batches,
            self._forward,
            self._modules,
            specs,
            n_prompt_tokens=0 if self._modules.pools_prompt else self.tokenizer.prompt_length(prompt),
            gate=gate_of(self.device),
            is_short=len(rows_of) <= SHORT_REQUEST,
        ):
            for variant, vectors in pooled.items():
                unique[variant][batch.rows] = vectors
            done += len(batch.rows)
            if progress is not None:
                progress(round(done / len(rows_of) * len(texts)), len(texts))
        if len(rows_of) == len(texts):
            return unique
        dealt = [rows_of[text] for text in texts]
        return {variant: pooled[dealt] for variant, pooled in unique.items()}

    def _encode_by(self, forward: Forward, texts: list[str]) -> Embeddings:
        self._forward = forward
        return self.encode(texts)

    def _check_layer(self, layer: int) -> int:
        counted = layer + self.n_layers + 1 if layer < 0 else layer
        if not 0 <= counted <= self.n_layers:
            raise InvalidInputError(f"{self.name} has layers 0 to {self.n_layers}; layer={layer} is not one of them.")
        return counted
