"""How many tokens a model takes for a word, and how many it does not know: how foreign the texts are to it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from embedlab.rows import sample_positions
from embedlab.texts import IS_UNSPACED, word_spans
from embedlab.validation import check_integer, check_random_state, check_texts

if TYPE_CHECKING:
    from embedlab.encoders import Encoder


@dataclass(frozen=True)
class Fertility:
    """Words and tokens of some texts. Made by :func:`fertility`.

    Parameters
    ----------
    n_texts : int
        Texts that were looked at.
    n_words, n_tokens : int
        Their words, and the tokens the model makes of them; those of a prompt and around every text do not count.
    n_unknown : int
        Tokens that stand for something the model does not know.
    """

    n_texts: int
    n_words: int
    n_tokens: int
    n_unknown: int

    @property
    def tokens_per_word(self) -> float:
        """Tokens a word: about 1.2 in a model's own language, 3 and more in a foreign one; NaN for no words."""
        return self.n_tokens / self.n_words if self.n_words else float("nan")

    @property
    def unknown_share(self) -> float:
        """Share of the tokens that are unknown, from 0 to 1; NaN for no tokens."""
        return self.n_unknown / self.n_tokens if self.n_tokens else float("nan")


def fertility(encoder: Encoder, texts: Sequence[str], *, max_texts: int = 10_000, random_state: int = 0) -> Fertility:
    """Count the tokens that a model takes for the words of some texts.

    Parameters
    ----------
    encoder : Encoder
    texts : sequence of str of length n
    max_texts : int, default=10_000
        Of more texts so many are looked at.
    random_state : int, default=0
        Seed of that sample.

    Returns
    -------
    Fertility

    Raises
    ------
    InvalidInputError
        For a single string, and for ``max_texts`` below 1.

    Notes
    -----
    A word is what :func:`embedlab.texts.word_spans` finds: a run of letters and digits, or an emoji. Where a script has
    no spaces, as Chinese, each character counts as one. Punctuation is read as tokens, too, so that a language of which
    every word is in the vocabulary has a little more than 1. An encoder that counts words has 1 by its nature.

    References
    ----------
    P. Rust et al., "How Good is Your Tokenizer? On the Monolingual Performance of Multilingual Language Models", ACL
    2021.
    """
    every = check_texts(texts)
    size = check_integer(max_texts, "max_texts", 1)
    chosen = [every[row] for row in sample_positions(len(every), size, check_random_state(random_state)).tolist()]
    # What is around every text, prompt and all, is what an empty one has.
    around = int(encoder.unread([""]).n_tokens[0])
    unread = encoder.unread(chosen)
    n_tokens = int(unread.n_tokens.sum()) - around * len(chosen)
    return Fertility(len(chosen), sum(map(_n_words, chosen)), n_tokens, int(unread.n_unknown.sum()))


def _n_words(text: str) -> int:
    return sum(max(1, len(IS_UNSPACED.findall(text[start:end]))) for start, end in word_spans(text))
