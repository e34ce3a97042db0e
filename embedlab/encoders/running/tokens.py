"""Texts to token ids, in batches that hold a bounded number of tokens.

A tokenizer of the ``transformers`` library keeps truncation and padding as state and sets it again in every call; two
threads with different settings then get wrong ids without a word. Here each job has a copy of its own whose settings
never change: one cuts at the model's limit, the other only counts.
"""

from __future__ import annotations

import copy
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from functools import partial
from itertools import chain, islice
from operator import attrgetter
from typing import TYPE_CHECKING, TypeVar

import numpy as np

from embedlab.encoders.running.batches import Batch, Tokens, cut
from embedlab.errors import InvalidInputError, ModelLoadError
from embedlab.rows import sample_positions

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from tokenizers import Encoding, Tokenizer
    from transformers import PreTrainedTokenizerBase

Item = TypeVar("Item")
Found = TypeVar("Found")

TOKENIZE_CHUNK = 4096
"""Texts tokenized at a time, so that a million texts never lie in memory as token lists."""

# Tokens of a chunk, about: as many as so many short texts have, and some batches of a GPU, which waits for large ones.
_CHUNK_TOKENS, _CHUNK_BATCHES = 131_072, 4
# Texts from which the lengths of the others are judged.
_JUDGED_BY = 256

N_AHEAD = 2
"""Chunks of texts that are tokenized while another one is worked on."""


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
            yield Batch(rows, input_ids, np.full(len(rows), width))

    def prompt_length(self, prompt: str) -> int:
        """Count the tokens a prompt puts in front of a text, special tokens before it included."""
        special = self._counting.encode(prompt).special_tokens_mask
        behind = next((i for i, is_special in enumerate(reversed(special)) if not is_special), len(special))
        return len(special) - behind

    def batches(self, texts: Sequence[str], token_budget: int, *, few_widths: bool = False) -> Iterator[Batch]:
        """Cut the texts, sorted by length, into batches; see :func:`embedlab.encoders.running.batches.cut`.

        While one chunk of texts is worked on, the next two are tokenized by threads, for which the tokenizer lets go of
        Python's lock and uses all cores. Two, because what each does at its end, from objects to an array, needs that
        lock. No more are tokenized ahead than these.

        Parameters
        ----------
        texts : sequence of str
        token_budget : int
            Tokens of a batch at most, padding included; a single longer text is alone in its batch.
        few_widths : bool, default=False
            Whether widths are rounded up, so that there are few of them.

        Yields
        ------
        Batch
            About the longest texts come first: what does not fit in memory fails at the start.
        """
        chunks = self._chunks(texts, token_budget)
        with closing(work_ahead(lambda rows: self._tokenized(texts, rows), chunks, N_AHEAD)) as tokenized:
            yield from cut(
                tokenized, token_budget, pad_id=self._pad_id, limit=self.max_seq_length, few_widths=few_widths
            )

    def _chunks(self, texts: Sequence[str], token_budget: int) -> list[NDArray[np.int64]]:
        """Return the positions of the texts in chunks of about as many tokens, those that seem longest first.

        Judged by their characters and bytes, and by the tokens of some of them: a letter is a quarter of a token or
        two, by script and tokenizer. Of 300,000 texts in three languages, 24 % of large batches were padding where
        bytes alone told the order, and 4 % so.
        """
        if len(texts) <= _JUDGED_BY:
            return [np.arange(len(texts))] if texts else []
        n_characters = np.fromiter(map(len, texts), np.int64, len(texts))
        n_bytes = np.fromiter(map(len, map(str.encode, texts)), np.int64, len(texts))
        seen = np.stack([np.ones(len(texts)), n_characters, n_bytes - n_characters], axis=1)
        sample = sample_positions(len(texts), _JUDGED_BY, random_state=0)
        counted = self.count([texts[row] for row in sample.tolist()]).astype(np.float64)
        expected = np.clip(seen @ np.linalg.lstsq(seen[sample], counted)[0], 1, self.max_seq_length)
        longest_first = np.argsort(-expected, kind="stable")
        chunk_of = expected[longest_first].cumsum() // max(_CHUNK_TOKENS, _CHUNK_BATCHES * token_budget)
        return np.split(longest_first, np.flatnonzero(np.diff(chunk_of)) + 1)

    def _tokenized(self, texts: Sequence[str], rows: NDArray[np.int64]) -> Tokens:
        encodings = self._cutting.encode_batch_fast([texts[row] for row in rows.tolist()])
        lengths = np.fromiter(map(len, encodings), np.int64, len(encodings))

        def flat(field: str) -> NDArray[np.int32]:
            lists = map(attrgetter(field), encodings)
            return np.fromiter(chain.from_iterable(lists), np.int32, int(lengths.sum()))

        # A tokenizer gives one type to all tokens of a text and to each special token: the longest text has them all.
        has_types = any(encodings[int(lengths.argmax())].type_ids)
        return Tokens(rows, lengths, flat("ids"), flat("type_ids") if has_types else None)


def work_ahead(work: Callable[[Item], Found], items: Iterable[Item], n_ahead: int) -> Generator[Found]:
    """Yield ``work(item)`` for each item, in order, while threads work on the next ``n_ahead`` of them.

    Whoever closes the generator early waits for those under way.
    """
    waiting = iter(items)
    with ThreadPoolExecutor(n_ahead, thread_name_prefix="ahead") as pool:
        # The first by whoever asks: it is there soonest, and a single one needs no thread.
        under_way: deque[Callable[[], Found]] = deque(partial(work, item) for item in islice(waiting, 1))
        while under_way:
            found = under_way.popleft()()
            under_way.extend(pool.submit(work, item).result for item in islice(waiting, n_ahead - len(under_way)))
            yield found


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
