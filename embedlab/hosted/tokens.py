"""How many tokens a hosted model makes of texts: counted where its tokenizer is on this machine, else estimated."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from tokenizers import Tokenizer

    from embedlab.hosted.names import HostedModel

# Letters of ASCII, and bytes of all others, to a token at least: prose has 4 and more of the first, and of the others
# Thai, Hindi and emoji come near this. Digests and code can have fewer.
_ASCII_PER_TOKEN, _BYTES_PER_TOKEN = 3, 1.5
# What a model may set around every text.
_AROUND = 2


class TokenCounts:
    """Counts the tokens of texts for one model.

    Parameters
    ----------
    model : HostedModel

    Attributes
    ----------
    is_exact : bool
        Whether the model's own tokenizer counts; otherwise what is said is an upper estimate for prose in any language.
    """

    def __init__(self, model: HostedModel) -> None:
        self._tokenizer = _on_disk(model.card.tokenizer) if model.card and model.card.tokenizer else None
        self.is_exact = self._tokenizer is not None

    def count(self, texts: Sequence[str]) -> NDArray[np.int64]:
        """Return the tokens of each text, shape (n,)."""
        if self._tokenizer is not None:
            return np.array([len(each.ids) for each in self._tokenizer.encode_batch_fast(list(texts))], dtype=np.int64)
        return np.array([estimate_tokens(text) for text in texts], dtype=np.int64)

    def cut(self, text: str, limit: int) -> str:
        """Return the longest beginning of a text that has at most ``limit`` tokens by :meth:`count`."""
        low, high = 0, len(text)
        while low < high:  # counts rise with the length, so halving finds the place
            middle = (low + high + 1) // 2
            if self.count([text[:middle]])[0] <= limit:
                low = middle
            else:
                high = middle - 1
        return text[:low]


def estimate_tokens(text: str) -> int:
    """Return an upper estimate of the tokens of prose in any language; what is none, such as digests, can have more.

    Examples
    --------
    >>> estimate_tokens("a parcel"), estimate_tokens("소포")
    (5, 6)
    """
    n_ascii = sum(map(str.isascii, text)) if not text.isascii() else len(text)
    others = len(text.encode("utf-8", "surrogatepass")) - n_ascii
    return _AROUND + -(-n_ascii // _ASCII_PER_TOKEN) + int(np.ceil(others / _BYTES_PER_TOKEN))


@cache
def _on_disk(hub_id: str) -> Tokenizer | None:
    """Return a tokenizer that was fetched from the hub before; nobody is asked for it."""
    from huggingface_hub import try_to_load_from_cache
    from tokenizers import Tokenizer

    found = try_to_load_from_cache(hub_id, "tokenizer.json")
    if not isinstance(found, str):
        return None
    tokenizer = Tokenizer.from_file(found)
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return tokenizer
