"""What every encoder is: texts in, embeddings out, whatever computes them."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from embedlab.encoders.answering import Answering
from embedlab.encoders.foreign import LikeSentenceTransformer, as_asked, check_foreign
from embedlab.encoders.preparing import Pieces, Prompted, choose_prompt
from embedlab.encoders.running import Unread, check_texts
from embedlab.encoders.shrinking import shrink, warn_of_cut
from embedlab.errors import InvalidInputError
from embedlab.limits import check_memory
from embedlab.spec import LONG_TEXTS, EmbeddingSpec, Variant

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Embeddings = NDArray[np.float32]

Progress = Callable[[int, int], None]


class Encoder(Prompted, LikeSentenceTransformer, Answering, ABC):
    """Something that turns texts into embeddings; it may be shared between threads.

    :func:`embedlab.load_encoder` loads one. It can be handed to what expects a ``SentenceTransformer`` and calls its
    ``encode``, ``encode_query``, ``encode_document`` and ``similarity``, as the library's evaluators do.

    Attributes
    ----------
    name, revision : str
        What was loaded.
    device, precision, backend : str
        Where it runs, in which arithmetic, and the library that computes.
    pooling_mode : str
        The pooling it was made for, the default.
    n_layers, embedding_dimension : int
        Layers above the token look-up, and length of an embedding.
    max_seq_length : int or None
        Longest input in tokens; None where no text is too long.
    prompts : dict of str to str
        The prompts it wants, by name: ``"query"`` and ``"document"`` where it was trained with them.
    default_prompt_name : str or None
        The prompt for texts that are neither.
    pools_prompt : bool
        Whether the tokens of a prompt take part in the pooling, the default.
    n_parameters, nbytes : int
        Number of weights and the memory of this machine they take.
    card_nbytes : int
        The memory of a card they take, where they lie on one with a memory of its own.
    is_worth_storing : bool
        Whether embeddings are read from disk sooner than computed again.
    orders_dimensions : bool
        Whether the first dimensions are known to say most: it was trained so (Matryoshka), or they are principal axes.
    """

    name: str
    revision: str
    device: str = "cpu"
    precision: str = "float32"
    backend: str
    pooling_mode: str = "mean"
    n_layers: int = 0
    embedding_dimension: int
    max_seq_length: int | None = None
    default_prompt_name: str | None = None
    pools_prompt: bool = True
    n_parameters: int
    nbytes: int
    card_nbytes: int = 0
    is_worth_storing: bool = True
    orders_dimensions: bool = False

    def spec(
        self,
        *,
        pooling_mode: str | None = None,
        layer: int = -1,
        prompt_name: str | None = None,
        include_prompt: bool | None = None,
        normalize_embeddings: bool = True,
        long_texts: str = "cut",
    ) -> EmbeddingSpec:
        """Return the full description of what :meth:`encode` would give for these arguments.

        Raises
        ------
        InvalidInputError
            For a pooling, layer or prompt the encoder does not have, or a way with long texts there is not.
        """
        prompt_name = choose_prompt(self.name, self.prompts, prompt_name, self.default_prompt_name)
        mode = pooling_mode or self.pooling_mode
        self.check_pooling_mode(mode)
        counted = layer + self.n_layers + 1 if layer < 0 else layer
        if not 0 <= counted <= self.n_layers:
            raise InvalidInputError(f"{self.name} has layers 0 to {self.n_layers}; layer={layer} is not one of them.")
        pooled = self.pools_prompt if include_prompt is None else include_prompt
        if long_texts not in LONG_TEXTS:
            raise InvalidInputError(f"long_texts={long_texts!r} is not one of: {', '.join(LONG_TEXTS)}.")
        way = mode, counted, prompt_name, pooled or prompt_name is None, normalize_embeddings
        long_texts = "cut" if self.max_seq_length is None else long_texts
        return EmbeddingSpec(self.name, self.revision, *way, self.precision, self.backend, long_texts)

    def encode(
        self,
        texts: str | Sequence[str],
        *,
        pooling_mode: str | None = None,
        layer: int = -1,
        prompt_name: str | None = None,
        include_prompt: bool | None = None,
        normalize_embeddings: bool = True,
        long_texts: str = "cut",
        truncate_dim: int | None = None,
        precision: str | None = "float32",
        progress: Progress | None = None,
        **foreign: object,
    ) -> Embeddings:
        """Turn texts into embeddings.

        Parameters
        ----------
        texts : sequence of str of length n
            A single string counts as a list of one.
        pooling_mode : str, optional
            What :func:`embedlab.pooling.modes.find_pooling` knows; the model's own when not given.
        layer : int, default=-1
            The layer whose token vectors are pooled: 0 is the look-up, -1 the last.
        prompt_name : str, optional
            The prompt put before each text, a key of ``prompts``; ``default_prompt_name`` when not given, and none
            for an empty string.
        include_prompt : bool, optional
            Whether the tokens of the prompt take part in the pooling; the model's own way when not given.
        normalize_embeddings : bool, default=True
            Scale every embedding to length 1, so that a dot product is a cosine.
        long_texts : {"cut", "mean"}, default="cut"
            Of texts longer than ``max_seq_length`` tokens, read the beginning, or take the mean of the embeddings of
            their passages, weighed by their tokens and scaled as the others. Other texts are the same either way.
        truncate_dim : int, optional
            How many of the first dimensions are kept, then scaled to length 1 where embeddings are normalised.
        precision : str, default="float32"
            What the numbers of the result are rounded to, by :func:`embedlab.compression.quantize`: ``"int8"`` and
            ``"uint8"`` by the smallest and largest of these texts, ``"binary"`` and ``"ubinary"`` eight a byte. The
            attribute of this name is another thing: the arithmetic of the model.
        progress : callable, optional
            Called as ``progress(done, total)`` in texts after every batch; what it raises ends the work.
        **foreign
            Arguments of ``SentenceTransformer.encode`` that change no number, such as ``batch_size`` and
            ``convert_to_tensor``; see :mod:`embedlab.encoders.foreign`.

        Returns
        -------
        float32 array of shape (n, d), or of the type and width of ``precision``

        Raises
        ------
        InvalidInputError
            For something that is not text, a pooling, layer, prompt, dimension or argument the encoder does not have,
            or eight bits of one text alone.
        NotEnoughMemoryError
            When the embeddings would not fit in memory.
        """
        check_foreign(foreign)
        variant = Variant(pooling_mode or self.pooling_mode, layer)
        ways: dict[str, Any] = {"prompt_name": prompt_name, "include_prompt": include_prompt}
        ways |= {"normalize_embeddings": normalize_embeddings, "long_texts": long_texts, "progress": progress}
        found = self.encode_variants(texts, [variant], **ways)[variant]
        if truncate_dim is not None:
            warn_of_cut(self, truncate_dim)
        return as_asked(shrink(found, truncate_dim, precision, normalize_embeddings), foreign)

    def encode_variants(
        self,
        texts: str | Sequence[str],
        variants: Sequence[Variant],
        *,
        prompt_name: str | None = None,
        include_prompt: bool | None = None,
        normalize_embeddings: bool = True,
        long_texts: str = "cut",
        progress: Progress | None = None,
    ) -> dict[Variant, Embeddings]:
        """Turn texts into several kinds of embeddings in one pass through the model.

        Parameters
        ----------
        texts, prompt_name, include_prompt, normalize_embeddings, long_texts, progress
            As for :meth:`encode`.
        variants : sequence of Variant
            The poolings and layers wanted. Memory is bounded by the batch, not by the number of tokens of all texts.

        Returns
        -------
        dict of Variant to float32 array of shape (n, d)
        """
        texts = check_texts(texts)
        check_memory("embedding", len(texts), self.embedding_dimension * len(variants))
        ways: dict[str, Any] = {"prompt_name": prompt_name, "include_prompt": include_prompt}
        ways |= {"normalize_embeddings": normalize_embeddings, "long_texts": long_texts}
        specs = {each: self.spec(pooling_mode=each.pooling_mode, layer=each.layer, **ways) for each in variants}
        # Equal texts have equal embeddings: each is encoded once and dealt out again at the end.
        rows_of = {text: row for row, text in enumerate(dict.fromkeys(texts))}

        def report(done: int) -> None:
            if progress is not None:
                progress(round(done / len(rows_of) * len(texts)), len(texts))

        if any(spec.long_texts == "mean" for spec in specs.values()):
            pieces = Pieces.of(self, list(rows_of), prompt_name)
            found = self._embed(pieces.texts, specs, lambda done: report(pieces.n_whole(done)))
            unique = {each: pieces.mean(rows, specs[each].normalize_embeddings) for each, rows in found.items()}
        else:
            unique = self._embed(list(rows_of), specs, report)
        if len(rows_of) == len(texts):
            return unique
        dealt = [rows_of[text] for text in texts]
        return {variant: embeddings[dealt] for variant, embeddings in unique.items()}

    def check_pooling_mode(self, pooling_mode: str) -> None:
        """Raise ``InvalidInputError`` unless the encoder can pool this way; without tokens there is one way only."""
        if pooling_mode != self.pooling_mode:
            raise InvalidInputError(
                f"{self.name} has no pooling {pooling_mode!r}: it has no token vectors to choose among. Leave it out."
            )

    @abstractmethod
    def count_tokens(self, texts: Sequence[str]) -> NDArray[np.int64]:
        """Count the tokens of each text before anything is cut, shape (n,)."""

    def unread(self, texts: Sequence[str], *, prompt_name: str | None = None) -> Unread:
        """Return what is not read of texts, which is all there is to know before similar ones are taken for the same.

        All is known and only the limit counts, unless an encoder says otherwise.
        """
        n_tokens = self.count_tokens(texts)
        return Unread.of(n_tokens, np.zeros_like(n_tokens), [""] * len(texts), self.max_seq_length, 0)

    @abstractmethod
    def _embed(
        self, texts: list[str], specs: Mapping[Variant, EmbeddingSpec], report: Callable[[int], None]
    ) -> dict[Variant, Embeddings]:
        """Embed different texts in all ways; call ``report`` with the number of texts done."""
