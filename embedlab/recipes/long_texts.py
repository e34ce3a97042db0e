"""The part of a candidate's program that reads long texts in passages, without EmbedLab."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from embedlab.encoders import Encoder
    from embedlab.spec import EmbeddingSpec

_AVERAGED = """

# pip install semantic-text-splitter
import numpy as np
from semantic_text_splitter import TextSplitter
from tokenizers import Tokenizer

tokenizer = Tokenizer.from_str(model.tokenizer.backend_tokenizer.to_str())
tokenizer.no_padding()
tokenizer.no_truncation()
encode_pieces = encode


def encode(texts, prompt=""):
    def n_tokens(text):
        return len(tokenizer.encode(prompt + text))

    def split(text, room):
        for piece in TextSplitter.from_huggingface_tokenizer(tokenizer, room).chunks(text):
            surplus = n_tokens(piece) - {limit}  # where a prompt and a text make more tokens than both alone
            yield from [piece] if surplus <= 0 else split(piece, max(1, room - surplus))

    room = {limit} - n_tokens("")
    pieces = [[text] if n_tokens(text) <= {limit} else list(split(text, room)) for text in texts]
    embeddings = iter(encode_pieces([piece for each in pieces for piece in each], prompt))
    rows = []
    for each in pieces:
        weights = [max(1, n_tokens(piece) - n_tokens("")) for piece in each]
        row = np.average([next(embeddings) for _ in each], axis=0, weights=weights)
        rows.append(row / np.linalg.norm(row) if {normalize} and len(each) > 1 else row)
    return np.array(rows)
"""


def averaged(spec: EmbeddingSpec, encoder: Encoder) -> str:
    """Return the lines that make ``encode`` take the mean of the passages of a text that is too long."""
    return _AVERAGED.format(limit=encoder.max_seq_length, normalize=spec.normalize_embeddings)
