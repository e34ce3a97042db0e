"""Texts to token ids, in batches that hold a bounded number of tokens.

A tokenizer of the ``transformers`` library keeps truncation and padding as state and sets it again in every call; two
threads with different settings then get wrong ids without a word. Here each job has a copy of its own whose settings
never change: one cuts at the model's limit, the other only counts.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from embedlab.errors import InvalidInputError, ModelLoadError

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from tokenizers import Encoding, Tokenizer
    from transformers import PreTrainedTokenizerBase

TOKENIZE_CHUNK = 4096
"""Texts tokenized at a time, so that a million texts never lie in memory as token lists."""


class Batch(NamedTuple):
    """Token ids of some texts, padded on the right to the longest of them or a little more.

    Parameters
    ----------
    rows : int64 array of shape (n,)
        Positions of the texts in the list they came from.
    input_ids, attention_mask, token_type_ids : int64 arrays of shape (n, t)
    """

    rows: NDArray[np.int64]
    input_ids: NDArray[np.int64]
    attention_mask: NDArray[np.int64]
    token_type_ids: NDArray[np.int64]

    def halves(self) -> tuple[Batch, Batch]:
        """Cut the batch in two."""
        middle = len(self.rows) // 2
        return Batch(*(field[:middle] for field in self)), Batch(*(field[middle:] for field in self))


class TextTokenizer:
    """The tokenizer of one model, safe to share between threads.

    Parameters
    ----------
    tokenizer : transformers.PreTrainedTokenizerBase
        It is copied and not changed.
    max_seq_length : int
        Longest input in tokens, special tokens included.

    Raises
    ------
    ModelLoadError
        For one of the few tokenizers written in Python only.
    """

    def __init__(self, tokenizer: PreTrainedTokenizerBase, max_seq_length: int) -> None:
        backend: Tokenizer | None = getattr(tokenizer, "backend_tokenizer", None)
        if backend is None or not hasattr(backend, "encode_batch_fast"):
            raise ModelLoadError(
                f"The model's tokenizer ({type(tokenizer).__name__}) has no fast version, which EmbedLab needs. "
                "Choose a model whose files hold a tokenizer.json."
            )
        self.max_seq_length = max_seq_length
        self._pad_id = int(tokenizer.pad_token_id or 0)
        self._cutting, self._counting = copy.deepcopy(backend), copy.deepcopy(backend)
        for copied in (self._cutting, self._counting):
            copied.no_padding()
            copied.no_truncation()
        self._cutting.enable_truncation(max_seq_length)

    def count(self, texts: Sequence[str]) -> NDArray[np.int64]:
        """Count the tokens of each text before anything is cut, special tokens included.

        Parameters
        ----------
        texts : sequence of str of length n

        Returns
        -------
        int64 array of shape (n,)
        """
        counts = np.empty(len(texts), dtype=np.int64)
        for start in range(0, len(texts), TOKENIZE_CHUNK):
            encodings = self._counting.encode_batch_fast(list(texts[start : start + TOKENIZE_CHUNK]))
            counts[start : start + len(encodings)] = [len(encoding) for encoding in encodings]
        return counts

    def encode(self, text: str) -> tuple[Encoding, Encoding]:
        """Return the tokens of one text with the places they come from: of all of it, and of what the model reads."""
        return self._counting.encode(text), self._cutting.encode(text)

    def uncut(self) -> Tokenizer:
        """Return a copy of the tokenizer that neither cuts nor pads."""
        return copy.deepcopy(self._counting)

    def alone(self, n_tokens: int, token_budget: int) -> Iterator[Batch]:
        """Yield the first tokens of the vocabulary as texts of one token, with the special tokens that belong around.

        Parameters
        ----------
        n_tokens : int
        token_budget : int
            Tokens of a batch at most.
        """
        encoding = self._counting.encode("a")
        own = [place for place, special in enumerate(encoding.special_tokens_mask) if not special]
        before, after = encoding.ids[: own[0]], encoding.ids[own[-1] + 1 :]
        width = len(before) + 1 + len(after)
        size = max(1, token_budget // width)
        for start in range(0, n_tokens, size):
            rows = np.arange(start, min(start + size, n_tokens), dtype=np.int64)
            input_ids = np.tile(np.array([*before, 0, *after], dtype=np.int64), (len(rows), 1))
            input_ids[:, len(before)] = rows
            yield Batch(rows, input_ids, np.ones_like(input_ids), np.zeros_like(input_ids))

    def prompt_length(self, prompt: str) -> int:
        """Count the tokens a prompt puts in front of a text, special tokens before it included."""
        special = self._counting.encode(prompt).special_tokens_mask
        behind = next((i for i, is_special in enumerate(reversed(special)) if not is_special), len(special))
        return len(special) - behind

    def batches(self, texts: Sequence[str], token_budget: int, width_step: int = 1) -> Iterator[Batch]:
        """Cut the texts, sorted by length, into batches of at most ``token_budget`` tokens, padding included.

        A budget in tokens instead of a number of rows keeps the processor equally busy with short and with long texts,
        and sorting keeps padding small. A single text may be longer than the budget; it is then alone in its batch.

        Parameters
        ----------
        texts : sequence of str
        token_budget : int
        width_step : int, default=1
            The batches are as wide as a multiple of this, or as the longest input of the model.

        Yields
        ------
        Batch
            The longest texts come first: what does not fit in memory fails at the start.
        """
        by_length = sorted(range(len(texts)), key=lambda row: -len(texts[row]))
        for start in range(0, len(by_length), TOKENIZE_CHUNK):
            chunk = by_length[start : start + TOKENIZE_CHUNK]
            encodings = self._cutting.encode_batch_fast([texts[row] for row in chunk])
            order = sorted(range(len(chunk)), key=lambda i: -len(encodings[i]))
            while order:
                n_steps = max(1, -(-len(encodings[order[0]]) // width_step))
                width = min(n_steps * width_step, self.max_seq_length)
                size = max(1, token_budget // width)
                taken, order = order[:size], order[size:]
                yield self._pad([chunk[i] for i in taken], [encodings[i] for i in taken], width)

    def _pad(self, rows: list[int], encodings: list[Encoding], width: int) -> Batch:
        shape = (len(encodings), width)
        input_ids = np.full(shape, self._pad_id, dtype=np.int64)
        attention_mask, token_type_ids = np.zeros(shape, dtype=np.int64), np.zeros(shape, dtype=np.int64)
        for row, encoding in enumerate(encodings):
            input_ids[row, : len(encoding)] = encoding.ids
            attention_mask[row, : len(encoding)] = 1
            token_type_ids[row, : len(encoding)] = encoding.type_ids
        # A tokenizer that adds no special tokens turns an empty text into nothing; attending to one padding token
        # keeps its vector defined.
        attention_mask[attention_mask.sum(axis=1) == 0, 0] = 1
        return Batch(np.array(rows, dtype=np.int64), input_ids, attention_mask, token_type_ids)


def check_texts(texts: str | Sequence[str]) -> list[str]:
    """Return the texts as a list, a single string as a list of one.

    Raises
    ------
    InvalidInputError
        For something that is not a string, or that no tokenizer accepts.
    """
    texts = [texts] if isinstance(texts, str) else list(texts)
    for row, text in enumerate(texts):
        if not isinstance(text, str):
            raise InvalidInputError(
                f"Text {row} is of type {type(text).__name__}, not str. Convert it first, or leave the row out."
            )
        try:
            text.encode("utf-8")
        except UnicodeEncodeError as error:
            raise InvalidInputError(
                f"Text {row} holds half of a character (a lone surrogate), which no tokenizer accepts. Replace it with "
                "text.encode('utf-8', 'replace').decode()."
            ) from error
    return texts
