"""Long texts as passages that a model can read whole: by sentences where that is possible, with exact places."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import numpy as np

from embedlab.encoders.prompts import choose_prompt
from embedlab.encoders.running import TextTokenizer, check_texts
from embedlab.errors import InvalidInputError
from embedlab.limits import check_memory
from embedlab.rows import normalize_rows
from embedlab.texts import Passages

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from semantic_text_splitter import TextSplitter


class TokenCounter(Protocol):
    """What is asked of an encoder here; the encoder itself splits its texts by this file."""

    name: str
    max_seq_length: int | None
    default_prompt_name: str | None
    embedding_dimension: int

    @property
    def prompts(self) -> dict[str, str]: ...  # noqa: D102 - as of an encoder

    @property
    def document_prompt_name(self) -> str | None: ...  # noqa: D102 - as of an encoder

    def count_tokens(self, texts: Sequence[str]) -> NDArray[np.int64]: ...  # noqa: D102 - as of an encoder


@dataclass(frozen=True, eq=False)
class Pieces:
    """Different texts as a model reads all of them: whole where they fit, else their passages.

    Parameters
    ----------
    texts : list of str of length n
    starts : int64 array of shape (m,)
        The first piece of each of the m texts.
    weights : int64 array of shape (n,)
        Tokens of each piece, 1 at least, those of the prompt and those around every text left out: the last passage of
        a text is often a short rest, and would count as much as a full one.
    """

    texts: list[str]
    starts: NDArray[np.int64]
    weights: NDArray[np.int64]

    @classmethod
    def of(cls, encoder: TokenCounter, texts: list[str], prompt_name: str | None) -> Pieces:
        """Split the texts that are too long for an encoder behind a prompt."""
        name = choose_prompt(encoder.name, encoder.prompts, prompt_name, encoder.default_prompt_name)
        prompt = encoder.prompts[name] if name else ""
        limit = encoder.max_seq_length
        is_long = encoder.count_tokens([prompt + text for text in texts]) > (np.inf if limit is None else limit)
        if not is_long.any():
            return cls(texts, np.arange(len(texts)), np.ones(len(texts), dtype=np.int64))
        splitter = _splitter(encoder, None, 0, prompt)
        found = [splitter.chunks(text) if cut else [text] for text, cut in zip(texts, is_long.tolist(), strict=True)]
        pieces = [piece for each in found for piece in each]
        check_memory("embedding", len(pieces), encoder.embedding_dimension)
        n_tokens = encoder.count_tokens([prompt + piece for piece in pieces]) - encoder.count_tokens([prompt])
        starts = np.cumsum([0, *map(len, found[:-1])])
        return cls(pieces, starts, np.maximum(n_tokens, 1))

    def n_whole(self, n_pieces: int) -> int:
        """Return about how many texts so many pieces are."""
        return round(n_pieces / max(len(self.texts), 1) * len(self.starts))

    def mean(self, rows: NDArray[np.float32], normalize: bool) -> NDArray[np.float32]:
        """Return the embeddings of the texts, shape (m, d), from those of the pieces, shape (n, d)."""
        embeddings = rows[self.starts]
        split = np.flatnonzero(np.diff(self.starts, append=len(self.texts)) > 1)
        if len(split):
            sums = np.add.reduceat(self.weights[:, None] * rows.astype(np.float64), self.starts)[split]
            means = (sums / np.add.reduceat(self.weights, self.starts)[split, None]).astype(np.float32)
            embeddings[split] = normalize_rows(means) if normalize else means
        return embeddings


def split_passages(
    texts: str | Sequence[str],
    encoder: TokenCounter,
    *,
    max_tokens: int | None = None,
    overlap: int = 0,
) -> Passages:
    """Split texts into passages that an encoder reads whole.

    A passage holds as many sentences as fit. A sentence that is too long itself is cut between words, and what has
    neither, between the signs a reader sees.

    Parameters
    ----------
    texts : sequence of str
    encoder : Encoder
        Its tokens are counted.
    max_tokens : int, optional
        Tokens of a passage at most, with those the model sets around it and the prompt for texts that are searched;
        ``encoder.max_seq_length`` when not given.
    overlap : int, default=0
        Tokens at the end of a passage that may come again at the beginning of the next, in whole sentences or words.

    Returns
    -------
    Passages
        A text that fits is one passage; a blank one has none.

    Raises
    ------
    InvalidInputError
        For more tokens than the model reads, too few for any text, an overlap that leaves no room, or where the encoder
        has no limit and none is given.
    """
    texts = check_texts(texts)
    name = encoder.document_prompt_name or encoder.default_prompt_name
    splitter = _splitter(encoder, max_tokens, overlap, encoder.prompts[name] if name else "")
    found = [splitter.chunk_indices(text) for text in texts]
    starts = np.array([start for each in found for start, _ in each], dtype=np.int64)
    passages = [passage for each in found for _, passage in each]
    lengths = np.array(list(map(len, passages)), dtype=np.int64)
    document = np.repeat(np.arange(len(texts)), [len(each) for each in found])
    return Passages(passages, document, starts, starts + lengths)


def _splitter(encoder: TokenCounter, max_tokens: int | None, overlap: int, prompt: str) -> TextSplitter:
    from semantic_text_splitter import TextSplitter

    limit = encoder.max_seq_length
    wanted = limit if max_tokens is None else max_tokens
    if wanted is None:
        raise InvalidInputError(f"{encoder.name} reads texts of any length. Say how many tokens a passage may have.")
    if limit is not None and wanted > limit:
        raise InvalidInputError(
            f"{encoder.name} reads {limit} tokens; a passage of {wanted} would be cut. Ask for fewer."
        )
    # What the model sets around every text: its prompt and special tokens.
    around = int(encoder.count_tokens([prompt])[0])
    capacity = wanted - around
    if capacity < 1 or not 0 <= overlap < capacity:
        raise InvalidInputError(
            f"A passage of {wanted} tokens, {around} of them around the text, with an overlap of {overlap} leaves "
            "nothing for new text. Ask for longer passages, or for less overlap."
        )
    tokenizer = getattr(encoder, "tokenizer", None)
    if isinstance(tokenizer, TextTokenizer):
        return TextSplitter.from_huggingface_tokenizer(tokenizer.uncut(), capacity, overlap)
    return TextSplitter.from_callback(_counter(encoder), capacity, overlap)


def _counter(encoder: TokenCounter) -> Callable[[str], int]:
    return lambda text: int(encoder.count_tokens([text])[0])
