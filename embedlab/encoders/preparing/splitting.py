"""Cuts texts where sentences or words end, so that each passage fits behind what a model puts before it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Protocol

import numpy as np

from embedlab.encoders.running import TextTokenizer
from embedlab.errors import InvalidInputError

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from semantic_text_splitter import TextSplitter

    from embedlab.texts import Splitting


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


class Splitter:
    """Cuts texts into passages that a model reads whole behind each of some prompts.

    Parameters
    ----------
    encoder : Encoder
        Its tokens are counted.
    splitting : Splitting
    prompts : sequence of str
        One at least; it may be empty.

    Raises
    ------
    InvalidInputError
        For more tokens than the model reads, an overlap that leaves no room, or where there is no limit and none is
        given.
    """

    def __init__(self, encoder: TokenCounter, splitting: Splitting, prompts: Sequence[str]) -> None:
        limit = encoder.max_seq_length
        wanted = limit if splitting.max_tokens is None else splitting.max_tokens
        if wanted is None:
            raise InvalidInputError(
                f"{encoder.name} reads texts of any length. Say how many tokens a passage may have."
            )
        if limit is not None and wanted > limit:
            raise InvalidInputError(
                f"{encoder.name} reads {limit} tokens; a passage of {wanted} would be cut. Ask for fewer."
            )
        # What the model sets around every text: its prompt and special tokens.
        around = int(encoder.count_tokens(prompts).max())
        self._encoder, self._prompts, self._wanted, self._overlap = encoder, prompts, wanted, splitting.overlap
        self._room = wanted - around
        if self._room < 1 or not 0 <= self._overlap < self._room:
            raise InvalidInputError(
                f"A passage of {wanted} tokens, {around} of them around the text, with an overlap of {self._overlap} "
                "leaves nothing for new text. Ask for longer passages, or for less overlap."
            )
        self._splitters: dict[int, TextSplitter] = {}

    def are_long(self, texts: Sequence[str]) -> NDArray[np.bool_]:
        """Return which texts do not fit whole, shape (n,)."""
        return self._surplus(texts) > 0

    def split(self, text: str) -> Iterator[tuple[int, str]]:
        """Yield the passages of a text with the places where they begin."""
        return self._split(text, self._room)

    def _split(self, text: str, room: int) -> Iterator[tuple[int, str]]:
        """Split a text by its own tokens; a passage of which more are made behind a prompt is split again, smaller."""
        found = self._splitter(room).chunk_indices(text)
        for (start, passage), surplus in zip(found, self._surplus([each for _, each in found]).tolist(), strict=True):
            if surplus <= 0:
                yield start, passage
            elif room == 1:
                raise InvalidInputError(
                    f"{self._encoder.name} makes more than {self._wanted} tokens of {passage[:20]!r}, which cannot be "
                    "split any further. Ask for longer passages."
                )
            else:
                yield from ((start + place, part) for place, part in self._split(passage, max(1, room - surplus)))

    def _surplus(self, texts: Sequence[str]) -> NDArray[np.int64]:
        """Return how many tokens too many there are of each text behind the prompt that makes most, shape (n,)."""
        counts = [self._encoder.count_tokens([prompt + text for text in texts]) for prompt in self._prompts]
        return np.max(counts, axis=0) - self._wanted

    def _splitter(self, room: int) -> TextSplitter:
        if room not in self._splitters:
            self._splitters[room] = _make_splitter(self._encoder, room, min(self._overlap, room - 1))
        return self._splitters[room]


def _make_splitter(encoder: TokenCounter, room: int, overlap: int) -> TextSplitter:
    from semantic_text_splitter import TextSplitter

    tokenizer = getattr(encoder, "tokenizer", None)
    if isinstance(tokenizer, TextTokenizer):
        return TextSplitter.from_huggingface_tokenizer(tokenizer.uncut(), room, overlap)
    return TextSplitter.from_callback(lambda text: int(encoder.count_tokens([text])[0]), room, overlap)
