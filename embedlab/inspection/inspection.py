"""The inside of a model, for one text: tokens, token vectors by layer, attention by head, poolings, length.

The steps are those of A. Vaswani et al., "Attention Is All You Need", 2017 (layers, attention), and of N. Reimers and
I. Gurevych, "Sentence-BERT", 2019 (pooling). The embedding is the one :class:`embedlab.Encoder` gives in float32.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from embedlab.errors import InvalidInputError
from embedlab.pooling import Modules, TokenStates, check_pooling_mode, pool
from embedlab.similarity import cosine_similarity
from embedlab.spec import EmbeddingSpec

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True)
class Token:
    """A piece of a text, as the tokenizer writes it.

    Parameters
    ----------
    piece : str
        With the tokenizer's marks: ``##`` before a continuation, or ``▁`` or ``Ġ`` where a word begins.
    id : int
        Its row in the model's table of vectors.
    is_special, is_cut, is_prompt : bool
        Added by the tokenizer; beyond the model's limit, so that the model does not see it; part of the prompt.
    start, end : int
        Where it stands in the text; both 0 for what is not of the text.
    """

    piece: str
    id: int
    is_special: bool
    is_cut: bool
    is_prompt: bool
    start: int
    end: int


@dataclass(frozen=True, eq=False)
class Inspection:
    """What a model makes of one text. Made by :meth:`embedlab.Inspector.inspect`; arrays are read-only.

    Parameters
    ----------
    text, prompt : str
        The text, and what the model was given before it.
    tokens : tuple of Token
        All of the text, those that were cut included.
    max_seq_length : int
        Longest input of the model in tokens.
    layers : float32 array of shape (n_layers + 1, t, d)
        Vectors of the t tokens that were not cut, after the look-up (0) and after each layer.
    attention : float16 array of shape (n_layers, heads, t, t)
        How much each token (third axis) attends to each (fourth axis), in [0, 1]; each row sums to 1. Half precision,
        exact to 0.0005, because it grows with the square of t: 512 tokens, 24 layers and 16 heads take 200 MB.
    received : float32 array of shape (t,)
        Attention each token receives in the last layer, the mean over heads and tokens, in full precision; sums to 1.
    spec : EmbeddingSpec
        The model's own way to an embedding.
    modules : Modules
        What stands behind the transformer.
    n_unpooled : int
        Tokens at the start that are left out of the pooling.
    """

    text: str
    prompt: str
    tokens: tuple[Token, ...]
    max_seq_length: int
    layers: NDArray[np.float32]
    attention: NDArray[np.float16]
    received: NDArray[np.float32]
    spec: EmbeddingSpec
    modules: Modules = field(repr=False)
    n_unpooled: int = 0

    @cached_property
    def kept(self) -> tuple[Token, ...]:
        """The t tokens the model reads."""
        return tuple(token for token in self.tokens if not token.is_cut)

    @property
    def n_layers(self) -> int:
        """Number of layers above the look-up."""
        return len(self.attention)

    @property
    def n_heads(self) -> int:
        """Number of attention heads of a layer."""
        return self.attention.shape[1]

    def attention_matrix(self, layer: int | None = None, head: int | None = None) -> NDArray[np.float32]:
        """Return how much each token (row) attends to each token (column).

        Parameters
        ----------
        layer : int, optional
            From 1 to ``n_layers``; the mean over all layers when not given.
        head : int, optional
            From 1 to ``n_heads``; the mean over all heads when not given.

        Returns
        -------
        float32 array of shape (t, t)
            In [0, 1]; each row sums to 1.

        Raises
        ------
        InvalidInputError
            For a layer or head the model does not have.
        """
        for name, number, most in (("layer", layer, self.n_layers), ("head", head, self.n_heads)):
            if number is not None and not 1 <= number <= most:
                raise InvalidInputError(f"{name}={number}, but {self.spec.model} has {name}s 1 to {most}. Choose one.")
        layers = self.attention if layer is None else self.attention[layer - 1 : layer]
        heads = layers if head is None else layers[:, head - 1 : head]
        return heads.mean(axis=(0, 1), dtype=np.float32)

    def pooled(
        self, pooling_mode: str | None = None, layer: int = -1, *, normalize_embeddings: bool = False
    ) -> NDArray[np.float32]:
        """Return the text's vector, with what stands behind the pooling applied; see ``Encoder.encode``.

        Parameters
        ----------
        pooling_mode : str, optional
            A key of ``POOLING_MODES``; the model's own when not given.
        layer : int, default=-1
            The layer whose token vectors are pooled: 0 is the look-up, -1 the last.
        normalize_embeddings : bool, default=False
            Scale the vector to length 1.

        Returns
        -------
        float32 array of shape (d,)

        Raises
        ------
        InvalidInputError
            For a pooling or layer the model does not have.
        """
        import torch

        mode = pooling_mode or self.spec.pooling_mode
        check_pooling_mode(mode)
        if not -self.n_layers - 1 <= layer <= self.n_layers:
            raise InvalidInputError(
                f"{self.spec.model} has layers 0 to {self.n_layers}; layer={layer} is none of them. Choose one."
            )
        spec = replace(self.spec, pooling_mode=mode, layer=layer, normalize_embeddings=normalize_embeddings)
        with torch.inference_mode():
            return self.modules.read_out(self._states(layer), spec, 0)[0].numpy()

    def token_weights(self, pooling_mode: str | None = None) -> NDArray[np.float32]:
        """Return the share of each token in a pooling of the last layer.

        How much the pooled numbers move when those of the token do: the derivative of their sum, added up over the
        dimensions of the token and divided by the same for all tokens. For a weighted sum these are its weights, for
        CLS and last token it is one token, and for max the share of the dimensions in which the token is largest.

        Parameters
        ----------
        pooling_mode : str, optional
            A key of ``POOLING_MODES``; the model's own when not given.

        Returns
        -------
        float32 array of shape (t,)
            In [0, 1]; sums to 1. Tokens of a prompt that is left out of the pooling have 0.

        Raises
        ------
        InvalidInputError
            For an unknown pooling.
        """
        import torch

        with torch.enable_grad():
            states = self._states(-1)
            vectors = states.layers[-1].requires_grad_()
            pooled = pool(vectors, states.mask, pooling_mode or self.spec.pooling_mode, attention=states.attention)
            (slopes,) = torch.autograd.grad(pooled.sum(), vectors)
        shares = slopes[0].sum(dim=1)
        return (shares / shares.sum()).numpy()

    def norms(self, pooling_modes: Sequence[str], *, normalize_embeddings: bool = False) -> NDArray[np.float32]:
        """Return the length of the text's vector by each pooling, before or after normalisation, shape (k,)."""
        pooled = [self.pooled(mode, normalize_embeddings=normalize_embeddings) for mode in pooling_modes]
        return np.array([np.linalg.norm(vector) for vector in pooled], dtype=np.float32)

    def pooling_cosines(self, pooling_modes: Sequence[str]) -> NDArray[np.float32]:
        """Return the cosines between the text's vectors by several poolings.

        Parameters
        ----------
        pooling_modes : sequence of str of length k
            Poolings whose vectors have the same length.

        Returns
        -------
        float32 array of shape (k, k)
            In [-1, 1].
        """
        return cosine_similarity(np.stack([self.pooled(mode) for mode in pooling_modes]))

    def pieces_of(self, start: int, end: int) -> list[int]:
        """Return the positions, in ``tokens``, of the pieces of a stretch of the text, cut ones included."""
        return [i for i, token in enumerate(self.tokens) if token.start < end and start < token.end]

    def _states(self, layer: int) -> TokenStates:
        """Return copies that torch may work on, the tokens that are left out of the pooling masked."""
        import torch

        mask = torch.ones((1, len(self.kept)), dtype=torch.int64)
        mask[:, : self.n_unpooled] = 0
        return TokenStates(mask, {layer: torch.tensor(self.layers[layer][None])}, torch.tensor(self.received[None]))
