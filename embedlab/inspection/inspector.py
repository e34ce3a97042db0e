"""A model opened for looking inside: slower than an :class:`embedlab.Encoder`, but every layer and head is shown."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from embedlab.device import gate_of
from embedlab.encoders import choose_prompt, prompts_of
from embedlab.encoders.running import TextTokenizer, check_texts, received_attention
from embedlab.errors import InvalidInputError, ModelLoadError
from embedlab.inspection.inspection import Inspection, Token
from embedlab.models import ModelFiles, find_model, load_model
from embedlab.pooling import Modules
from embedlab.spec import EmbeddingSpec
from embedlab.texts import is_blank

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from sentence_transformers import SentenceTransformer
    from tokenizers import Encoding

MAX_TOKENS = 512
"""Longest input that is looked into, in tokens: attention grows with the square of it."""


def load_inspector(name: str | Path = "all-MiniLM-L6-v2", *, may_fetch: bool = True) -> Inspector:
    """Load a model to look inside it, on the processor and in float32.

    Parameters
    ----------
    name : str or Path, default="all-MiniLM-L6-v2"
        A catalog name, a hub id (``organisation/name``), or a local folder.
    may_fetch : bool, default=True
        Whether a hub model that is not on disk is downloaded.

    Returns
    -------
    Inspector

    Raises
    ------
    ModelLoadError
        When the model is unknown, damaged, refused, out of reach, no transformer, or may not be fetched.

    Notes
    -----
    An ``Encoder`` cannot be asked: its weights may be gone after the conversion to a faster form, and its attention is
    a fast one that shows no weights.
    """
    files = find_model(name, may_fetch=may_fetch)
    return Inspector(load_model(files, "cpu"), files)


class Inspector:
    """A model one can look into. Make one with :func:`load_inspector`; it may be shared between threads.

    Attributes
    ----------
    name, revision : str
        What was loaded.
    prompts : dict of str to str
        The prompts the model wants, by name.
    default_prompt_name : str or None
        The prompt for texts that are neither query nor passage.
    max_seq_length : int
        Longest input in tokens.
    nbytes : int
        Memory the weights take.
    """

    def __init__(self, model: SentenceTransformer, files: ModelFiles) -> None:
        from sentence_transformers.sentence_transformer.modules import Transformer

        if not isinstance(model[0], Transformer):
            raise ModelLoadError(f"{files.name} is no transformer; only transformers have layers to look into.")
        # A transformer with another attention shows no weights; half precision would differ from what Encoder gives.
        model.float()
        self._transformer = model[0].auto_model.eval()
        self._transformer.set_attn_implementation("eager")
        self._modules = Modules(model)
        self.name, self.revision = files.name, files.revision
        self.max_seq_length = self._modules.max_seq_length
        self._tokenizer = TextTokenizer(model.tokenizer, self.max_seq_length)
        self.prompts, self.default_prompt_name = prompts_of(model, files.card)
        self.nbytes = sum(weights.numel() * weights.element_size() for weights in model.parameters())

    def inspect(self, text: str, prompt_name: str | None = None) -> Inspection:
        """Run one text through the model and keep all there is to see.

        Parameters
        ----------
        text : str
            The model reads at most ``max_seq_length`` tokens of it.
        prompt_name : str, optional
            The prompt put before it, a key of ``prompts``; ``default_prompt_name`` when not given.

        Returns
        -------
        Inspection

        Raises
        ------
        InvalidInputError
            When the text is blank, is longer than ``MAX_TOKENS``, or nothing of it is left as a token; for a prompt the
            model does not have; or when the model does not show its attention.
        """
        (text,) = check_texts(text)
        if is_blank(text):
            raise InvalidInputError("The sentence is blank. Type one to look at.")
        prompt_name = choose_prompt(self.name, self.prompts, prompt_name, self.default_prompt_name)
        prompt = self.prompts[prompt_name] if prompt_name else ""
        whole, read = self._tokenizer.encode(prompt + text)
        if not 0 < len(read) <= MAX_TOKENS:
            raise InvalidInputError(
                f"The text has {len(read):,} tokens; 1 to {MAX_TOKENS} can be looked into. Shorten or change it."
            )
        layers, attention, received = self._run(read)
        for array in (layers, attention, received):
            array.setflags(write=False)
        pools_all = self._modules.pools_prompt or not prompt
        way = self._modules.pooling_mode, -1, prompt_name, pools_all, False
        return Inspection(
            text=text,
            prompt=prompt,
            tokens=tuple(_tokens(whole, len(whole) - len(read), len(prompt))),
            max_seq_length=self.max_seq_length,
            layers=layers,
            attention=attention,
            received=received,
            spec=EmbeddingSpec(self.name, self.revision, *way, "float32"),
            modules=self._modules,
            n_unpooled=0 if pools_all else self._tokenizer.prompt_length(prompt),
        )

    def _run(self, read: Encoding) -> tuple[NDArray[np.float32], NDArray[np.float16], NDArray[np.float32]]:
        import torch

        mask = torch.ones((1, len(read)), dtype=torch.int64)
        inputs = {
            "input_ids": torch.tensor([read.ids]),
            "attention_mask": mask,
        }
        if self._modules.takes_token_types:
            inputs["token_type_ids"] = torch.tensor([read.type_ids])
        with gate_of("cpu").turn(is_short=True), torch.inference_mode():
            output = self._transformer(**inputs, output_hidden_states=True, output_attentions=True)
            if not output.attentions or output.attentions[0] is None:
                raise InvalidInputError(f"{self.name} does not show its attention. Choose another model.")
            # Some models normalise the last layer once more: its states are then not the last of the list.
            layers = torch.cat([*output.hidden_states[:-1], output.last_hidden_state])
            received = received_attention(output.attentions[-1], mask)[0]
            return layers.numpy(), torch.cat([layer.half() for layer in output.attentions]).numpy(), received.numpy()


def _tokens(whole: Encoding, n_cut: int, n_prompt_chars: int) -> list[Token]:
    """Return the tokens of a text with its prompt; cut are the last ones before the special tokens at the end."""
    special = whole.special_tokens_mask
    n_behind = next((i for i, is_special in enumerate(reversed(special)) if not is_special), 0)
    cut = range(len(whole) - n_behind - n_cut, len(whole) - n_behind)
    tokens = []
    for i, (start, end) in enumerate(whole.offsets):
        is_prompt = not special[i] and 0 < end <= n_prompt_chars
        place = (0, 0) if special[i] else (max(0, start - n_prompt_chars), max(0, end - n_prompt_chars))
        tokens.append(Token(whole.tokens[i], whole.ids[i], bool(special[i]), i in cut, is_prompt, *place))
    return tokens
