"""Long texts as passages that a model can read whole: by sentences where that is possible, with exact places."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import numpy as np

from embedlab.encoders.base import Encoder
from embedlab.encoders.running import check_texts
from embedlab.encoders.transformer import TransformerEncoder
from embedlab.errors import InvalidInputError
from embedlab.texts import Passages

if TYPE_CHECKING:
    from semantic_text_splitter import TextSplitter


def split_passages(
    texts: str | Sequence[str],
    encoder: Encoder,
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
    splitter = _splitter(encoder, max_tokens, overlap)
    found = [splitter.chunk_indices(text) for text in texts]
    starts = np.array([start for each in found for start, _ in each], dtype=np.int64)
    passages = [passage for each in found for _, passage in each]
    lengths = np.array(list(map(len, passages)), dtype=np.int64)
    document = np.repeat(np.arange(len(texts)), [len(each) for each in found])
    return Passages(passages, document, starts, starts + lengths)


def _splitter(encoder: Encoder, max_tokens: int | None, overlap: int) -> TextSplitter:
    from semantic_text_splitter import TextSplitter

    limit = encoder.max_seq_length
    wanted = limit if max_tokens is None else max_tokens
    if wanted is None:
        raise InvalidInputError(f"{encoder.name} reads texts of any length. Say how many tokens a passage may have.")
    if limit is not None and wanted > limit:
        raise InvalidInputError(
            f"{encoder.name} reads {limit} tokens; a passage of {wanted} would be cut. Ask for fewer."
        )
    name = encoder.document_prompt_name or encoder.default_prompt_name
    # What the model sets around every text: its prompt and special tokens.
    around = int(encoder.count_tokens([encoder.prompts[name] if name else ""])[0])
    capacity = wanted - around
    if capacity < 1 or not 0 <= overlap < capacity:
        raise InvalidInputError(
            f"A passage of {wanted} tokens, {around} of them around the text, with an overlap of {overlap} leaves "
            "nothing for new text. Ask for longer passages, or for less overlap."
        )
    if isinstance(encoder, TransformerEncoder):
        return TextSplitter.from_huggingface_tokenizer(encoder.tokenizer.uncut(), capacity, overlap)
    return TextSplitter.from_callback(_counter(encoder), capacity, overlap)


def _counter(encoder: Encoder) -> Callable[[str], int]:
    return lambda text: int(encoder.count_tokens([text])[0])
