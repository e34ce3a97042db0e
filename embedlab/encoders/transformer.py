"""A transformer with a pooling: the encoders people choose among."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple, cast

import numpy as np

from embedlab.device import SHORT_REQUEST, gate_of, has_own_memory
from embedlab.encoders.base import Encoder
from embedlab.encoders.preparing import choose_prompt, prompts_of
from embedlab.encoders.running import (
    Batch,
    Forward,
    TextTokenizer,
    Unread,
    check_texts,
    choose_forward,
    embed_batches,
    find_unread,
    operations_per_token,
)
from embedlab.pooling import Modules, TokenStates, check_pooling_mode
from embedlab.samples import sample_texts
from embedlab.spec import EmbeddingSpec, Variant

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from sentence_transformers import SentenceTransformer
    from torch import Tensor
    from transformers import PreTrainedModel

    from embedlab.models import ModelFiles

    Embeddings = NDArray[np.float32]


# A request of fewer says little about how fast a model runs.
_TOKENS_THAT_TELL = 4_000


class TokenVectors(NamedTuple):
    """The tokens of one text that stand in it, without those of the prompt and those the tokenizer adds.

    Parameters
    ----------
    spans : tuple of (int, int)
        Where each token begins and ends in the text.
    vectors : float32 array of shape (t, d)
        What the last layer makes of each.
    """

    spans: tuple[tuple[int, int], ...]
    vectors: NDArray[np.float32]


class TransformerEncoder(Encoder):
    """A loaded transformer. Make one with :func:`embedlab.load_encoder`.

    Attributes
    ----------
    tokenizer : TextTokenizer
    reached : float or None
        Billion operations a second that its matrix products came to, in the fastest request of some length so far.
    """

    reached: float | None = None

    def __init__(self, model: SentenceTransformer, files: ModelFiles, *, device: str, precision: str) -> None:
        self._modules = Modules(model)
        self.name, self.revision, self.device = files.name, files.revision, device
        self.pooling_mode, self.n_layers = files.pooling_mode or self._modules.pooling_mode, self._modules.n_layers
        self.embedding_dimension = self._modules.dimension(self.pooling_mode)
        self.max_seq_length, self.pools_prompt = self._modules.max_seq_length, self._modules.pools_prompt
        self.tokenizer = TextTokenizer(model.tokenizer, self._modules.max_seq_length)
        self.orders_dimensions = files.is_matryoshka
        self._prompts, self.default_prompt_name = prompts_of(model, files.card)
        self.n_parameters = sum(weights.numel() for weights in model.parameters())
        transformer = cast("PreTrainedModel", model[0].auto_model)
        self._n_token_vectors: int = transformer.get_input_embeddings().num_embeddings  # type: ignore[assignment]
        self._forward = choose_forward(
            transformer,
            self._modules,
            revision=self.revision,
            device=device,
            precision=precision,
            calibration=lambda: (batch for text in sample_texts() for batch in self.tokenizer.batches([text], 1)),
            encode=self._encode_by,
        )
        self._operations = operations_per_token(transformer)
        is_on_card = has_own_memory(device)
        self.nbytes, self.card_nbytes = (0, self._forward.nbytes) if is_on_card else (self._forward.nbytes, 0)

    @property
    def prompts(self) -> dict[str, str]:
        """The prompts by name."""
        return self._prompts

    @property
    def precision(self) -> str:  # type: ignore[override]
        """The arithmetic that is really used: ``"float32"``, ``"float16"``, ``"bfloat16"`` or ``"int8"``."""
        return self._forward.precision

    @property
    def backend(self) -> str:  # type: ignore[override]
        """The library that runs the transformer: ``"torch"`` or ``"openvino"``."""
        return self._forward.backend

    def check_pooling_mode(self, pooling_mode: str) -> None:
        """Raise ``InvalidInputError`` unless ``pooling_mode`` is known."""
        check_pooling_mode(pooling_mode)

    def count_tokens(self, texts: Sequence[str]) -> NDArray[np.int64]:
        """Count the tokens of each text before anything is cut, special tokens included, shape (n,)."""
        return self.tokenizer.count(texts)

    def unread(self, texts: Sequence[str], *, prompt_name: str | None = None) -> Unread:
        """Return what is not read of texts behind a prompt: unknown signs, and what stands behind the limit."""
        prompt_name = choose_prompt(self.name, self.prompts, prompt_name, self.default_prompt_name)
        prompt = self.prompts[prompt_name] if prompt_name else ""
        return find_unread(self.tokenizer.uncut(), texts, self.max_seq_length, prompt)

    def token_vectors(self, text: str, *, prompt_name: str | None = None) -> TokenVectors:
        """Return the vectors of a text's tokens after the last layer, before any pooling.

        Parameters
        ----------
        text : str
            The model reads at most ``max_seq_length`` tokens of it; the others are left out.
        prompt_name : str, optional
            The prompt put before it; ``default_prompt_name`` when not given.

        Returns
        -------
        TokenVectors

        Raises
        ------
        InvalidInputError
            For something that is not text, or a prompt the encoder does not have.
        """
        (text,) = check_texts(text)
        prompt_name = choose_prompt(self.name, self.prompts, prompt_name, self.default_prompt_name)
        prompt = self.prompts[prompt_name] if prompt_name else ""
        read = self.tokenizer.encode(prompt + text)[1]
        (batch,) = self.tokenizer.batches([prompt + text], len(read))
        spans = {}
        for place, offsets in enumerate(read.offsets):
            start, end = (max(0, offset - len(prompt)) for offset in offsets)
            # Some tokenizers count the space before a word to its first token.
            start = end - len(text[start:end].lstrip())
            if start < end and not read.special_tokens_mask[place]:
                spans[place] = start, end
        vectors = self._last_layer(batch)[list(spans)]
        return TokenVectors(tuple(spans.values()), vectors)

    def vocabulary_vectors(self) -> Embeddings:
        """Return what the model makes of each token of its vocabulary alone, pooled and not normalised.

        Returns
        -------
        float32 array of shape (n_tokens, d)
        """
        forward = self._forward
        n_tokens = min(self.tokenizer.uncut().get_vocab_size(), self._n_token_vectors)
        vectors = np.empty((n_tokens, self._modules.dimension(self._modules.pooling_mode)), dtype=np.float32)
        spec = EmbeddingSpec("", "", self._modules.pooling_mode, self.n_layers, None, True, False, self.precision)
        for batch, pooled in embed_batches(
            self.tokenizer.alone(n_tokens, forward.token_budget),
            forward,
            self._modules,
            {0: spec},
            n_prompt_tokens=0,
            gate=gate_of(self.device),
            is_short=False,
        ):
            vectors[batch.rows] = pooled[0]
        return vectors

    def _last_layer(self, batch: Batch) -> NDArray[np.float32]:
        """Run one text and return the states of its tokens in the last layer, shape (t, d)."""
        import torch

        def read_out(states: TokenStates) -> dict[int, Tensor]:
            with torch.inference_mode():
                return {0: states.layers[self.n_layers][0].float().clone()}

        with gate_of(self.device).turn(is_short=True):
            return self._forward.start(batch, frozenset({self.n_layers}), False, read_out)()[0]

    def _embed(
        self, texts: list[str], specs: Mapping[Variant, EmbeddingSpec], report: Callable[[int], None]
    ) -> dict[Variant, Embeddings]:
        embeddings = {
            variant: np.empty((len(texts), self._modules.dimension(spec.pooling_mode)), dtype=np.float32)
            for variant, spec in specs.items()
        }
        if not specs:
            return embeddings
        spec = next(iter(specs.values()))  # all have the prompt in common
        prompt = self.prompts[spec.prompt_name] if spec.prompt_name else ""
        forward, prompted = self._forward, [prompt + text for text in texts]
        done, n_tokens, begun = 0, 0, 0.0
        for batch, pooled in embed_batches(
            self.tokenizer.batches(prompted, forward.token_budget, few_widths=forward.few_widths),
            forward,
            self._modules,
            specs,
            n_prompt_tokens=0 if spec.include_prompt else self.tokenizer.prompt_length(prompt),
            gate=gate_of(self.device),
            is_short=len(texts) <= SHORT_REQUEST,
        ):
            for variant, vectors in pooled.items():
                embeddings[variant][batch.rows] = vectors
            # The first batch tells nothing: it waited for its turn, and others began beside it.
            n_tokens += int(batch.lengths.sum()) if done else 0
            begun = begun or time.perf_counter()
            done += len(batch.rows)
            report(done)
        if n_tokens >= _TOKENS_THAT_TELL:
            reached = n_tokens * self._operations / (time.perf_counter() - begun) / 1e9
            self.reached = max(self.reached or 0, reached)
        return embeddings

    def _encode_by(self, forward: Forward, texts: list[str]) -> Embeddings:
        self._forward = forward
        return self.encode(texts)
