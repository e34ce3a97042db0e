"""What an encoder does not read of a text: signs its vocabulary lacks, and what stands behind its limit.

To the encoder, texts that differ only there are one text. Whoever takes high similarity for sameness has to know.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from embedlab.encoders.running.tokens import TOKENIZE_CHUNK
from embedlab.texts import bare_text, fold_text

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from tokenizers import Encoding, Tokenizer

# Share of unknown tokens from which a text counts as one that is not read.
_UNREADABLE = 0.5
_UNKNOWN_NAMES = ("<unk>", "[UNK]")
# For private use, so in no vocabulary.
_STRANGE = "\ue000"


@dataclass(frozen=True, eq=False)
class Unread:
    """What an encoder does not read of n texts. Made by :meth:`Encoder.unread`.

    Parameters
    ----------
    n_tokens : int64 array of shape (n,)
        Tokens of each text before anything is cut, those of the prompt and those around every text included.
    n_unknown : int64 array of shape (n,)
        Tokens that stand for something the encoder does not know.
    is_cut : bool array of shape (n,)
        Whether the text is longer than the encoder reads.
    is_unreadable : bool array of shape (n,)
        Whether at least half of its tokens are unknown, or nothing is left of it.
    parts : list of str of length n
        What is not read, without case, spaces and punctuation; empty where all that matters is read. Two texts can be
        told apart by the encoder only where theirs are the same.
    """

    n_tokens: NDArray[np.int64]
    n_unknown: NDArray[np.int64]
    is_cut: NDArray[np.bool_]
    is_unreadable: NDArray[np.bool_]
    parts: list[str]

    @classmethod
    def of(
        cls, n_tokens: NDArray[np.int64], n_unknown: NDArray[np.int64], parts: list[str], limit: int | None, around: int
    ) -> Unread:
        """Count from the tokens of each text, of which ``around`` are not its own, and the encoder's limit."""
        own = n_tokens - around
        is_unreadable = (n_unknown >= _UNREADABLE * np.maximum(own, 1)) | (own <= 0)
        is_cut = np.zeros(len(n_tokens), dtype=bool) if limit is None else n_tokens > limit
        return cls(n_tokens, n_unknown, is_cut, is_unreadable, parts)

    def at(self, rows: NDArray[np.int64]) -> Unread:
        """Return what is not read of some of the texts, by their positions."""
        parts = [self.parts[row] for row in rows.tolist()]
        return Unread(self.n_tokens[rows], self.n_unknown[rows], self.is_cut[rows], self.is_unreadable[rows], parts)

    @property
    def n_differing(self) -> int:
        """Number of texts that hold something unread, so that similarity does not say whether they are the same."""
        return sum(map(bool, self.parts))


def find_unread(tokenizer: Tokenizer, texts: Sequence[str], limit: int | None = None, prompt: str = "") -> Unread:
    """Find what is not read of texts, from the places of their tokens.

    Parameters
    ----------
    tokenizer : tokenizers.Tokenizer
        It neither cuts nor pads.
    texts : sequence of str of length n
    limit : int, optional
        Longest input in tokens; None where no text is too long.
    prompt : str, default=""
        What is put before each text.

    Returns
    -------
    Unread

    Notes
    -----
    Only texts of which something is not read are tokenized with places, which takes longer.
    """
    unknown, around = _unknown_token(tokenizer), tokenizer.encode(prompt)
    # Without a token for what is unknown, some tokenizers leave it out; those that fall back to bytes know everything.
    drops = unknown is None and not tokenizer.encode(_STRANGE, add_special_tokens=False).ids
    room = None if limit is None else limit - tokenizer.num_special_tokens_to_add(False)
    n_tokens, n_unknown = np.zeros((2, len(texts)), dtype=np.int64)
    parts = [""] * len(texts)
    for start in range(0, len(texts), TOKENIZE_CHUNK):
        chunk = [prompt + text for text in texts[start : start + TOKENIZE_CHUNK]]
        block = slice(start, start + len(chunk))
        encodings = tokenizer.encode_batch_fast(chunk)
        n_tokens[block] = [len(encoding) for encoding in encodings]
        if unknown is not None:
            n_unknown[block] = [encoding.ids.count(unknown) - around.ids.count(unknown) for encoding in encodings]
        is_partly = n_unknown[block] > 0
        if limit is not None:
            is_partly |= n_tokens[block] > limit
        rows = np.flatnonzero(is_partly).tolist()
        for row, encoding in zip(rows, tokenizer.encode_batch([chunk[row] for row in rows]), strict=True):
            parts[start + row] = _part(chunk[row], len(prompt), encoding, room, unknown)
    if drops:
        # Places are wrong behind what such a tokenizer leaves out, so each character is looked at by itself.
        left_out = {sign for sign in set("".join(texts)) if not tokenizer.encode(sign, add_special_tokens=False).ids}
        gone = ["".join(sign for sign in text if sign in left_out) for text in texts]
        parts = [" ".join(filter(None, (bare_text(signs), part))) for signs, part in zip(gone, parts, strict=True)]
    return Unread.of(n_tokens, n_unknown, parts, limit, len(around))


def _part(text: str, begin: int, encoding: Encoding, room: int | None, unknown: int | None) -> str:
    """Return what is not read of a text from ``begin`` on: unknown tokens of those there is room for, and the rest."""
    own = [place for place, is_special in enumerate(encoding.special_tokens_mask) if not is_special]
    read, offsets = own[:room], encoding.offsets
    pieces, end = [], begin
    for place in read:
        first, last = offsets[place]
        if encoding.ids[place] == unknown:
            pieces.append(text[max(first, begin) : last])
        end = max(end, last)
    if len(read) < len(own):
        pieces.append(text[end:])
    known = [place for place in read if encoding.ids[place] != unknown]
    # Of a text of unknown signs alone, punctuation is all there is.
    return " ".join(filter(None, map(bare_text, pieces))) or ("" if known else fold_text(text[begin:]))


def _unknown_token(tokenizer: Tokenizer) -> int | None:
    """Return the id of the token that stands for what the vocabulary lacks; unigram models do not say its name."""
    names = getattr(tokenizer.model, "unk_token", None), *_UNKNOWN_NAMES
    return next((found for name in names if name and (found := tokenizer.token_to_id(name)) is not None), None)
