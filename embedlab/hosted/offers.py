"""What would be sent to a hosted model, and what that costs: an offer, and the tokens it goes by.

Tokens are counted where the model's tokenizer is on this machine, else estimated.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from embedlab.errors import InvalidInputError

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from tokenizers import Tokenizer

    from embedlab.hosted.names import HostedModel

# Letters of ASCII, and bytes of all others, to a token at least: prose has 4 and more of the first, and of the others
# Thai, Hindi and emoji come near this. Digests and code can have fewer.
_ASCII_PER_TOKEN, _BYTES_PER_TOKEN = 3, 1.5
# What a model may set around every text.
_AROUND = 2


@dataclass(frozen=True)
class Offer:
    """What would be sent for some texts, before any of it is.

    Parameters
    ----------
    model : str
        As :func:`embedlab.load_encoder` takes it.
    host : str
        Who would get the texts.
    n_texts : int
        Different texts that are asked for.
    n_cached : int
        Those of them that are kept here, and not sent.
    n_characters : int
        Characters of those to be sent, as they would be sent.
    n_tokens : int
        Their tokens; see ``is_counted``.
    is_counted : bool
        Whether the model's own tokenizer counted them; an upper estimate otherwise.
    n_cut : int
        Texts of which only the beginning would be sent, since the model reads no further.
    dollars : float or None
        What the tokens cost; None where no price is known.
    price_date, price_source : str
        When and where the price was read; empty where there is none.
    leaves_machine : bool
        False for a server on this machine.
    """

    model: str
    host: str
    n_texts: int
    n_cached: int
    n_characters: int
    n_tokens: int
    is_counted: bool
    n_cut: int
    dollars: float | None
    price_date: str
    price_source: str
    leaves_machine: bool

    @property
    def n_sent(self) -> int:
        """Number of texts that would be sent."""
        return self.n_texts - self.n_cached

    @property
    def sentence(self) -> str:
        """The offer in words."""
        if not self.n_sent:
            return f"Nothing is sent to {self.host}: all {_texts(self.n_texts)} are kept here."
        place = self.host if self.leaves_machine else f"{self.host}, on this machine"
        cached = f" ({self.n_cached:,} more are kept here)" if self.n_cached else ""
        about = "" if self.is_counted else "at most about "
        cut = f" Of {self.n_cut:,} only the beginning: the model reads no further." if self.n_cut else ""
        return (
            f"{_texts(self.n_sent)} {'is' if self.n_sent == 1 else 'are'} sent to {place}{cached}: "
            f"{self.n_characters:,} characters, "
            f"{about}{self.n_tokens:,} tokens.{cut} {self._price}"
        )

    @property
    def _price(self) -> str:
        if not self.leaves_machine:
            return "It costs nothing."
        if self.dollars is None:
            return "What it costs is not known."
        amount = f"${self.dollars:,.2f}" if self.dollars >= 0.01 else f"${self.dollars:.6f}"
        about = "" if self.is_counted else "at most about "
        return f"That costs {about}{amount} by {self.price_source}, {self.price_date}."

    def __add__(self, other: Offer) -> Offer:
        """Return both as one, for the same model: documents and queries, say.

        Raises
        ------
        InvalidInputError
            For another model.
        """
        if (self.model, self.host) != (other.model, other.host):
            raise InvalidInputError(f"The offers of {self.model} and {other.model} cannot be added: say both.")
        return Offer(
            self.model,
            self.host,
            self.n_texts + other.n_texts,
            self.n_cached + other.n_cached,
            self.n_characters + other.n_characters,
            self.n_tokens + other.n_tokens,
            self.is_counted and other.is_counted,
            self.n_cut + other.n_cut,
            None if self.dollars is None or other.dollars is None else self.dollars + other.dollars,
            self.price_date,
            self.price_source,
            self.leaves_machine,
        )


def _texts(n: int) -> str:
    return f"{n:,} {'text' if n == 1 else 'texts'}"


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
