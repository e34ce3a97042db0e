"""Words of a text, in any script that puts something between them."""

from __future__ import annotations

import unicodedata
from itertools import groupby

from embedlab.errors import InvalidInputError

# Invisible, and inside of words: Persian and the scripts of India join and part letters with them.
_JOINERS = "\u200c\u200d"


def word_spans(text: str) -> list[tuple[int, int]]:
    """Return where the words of a text begin and end.

    A word is a run of letters, digits and the marks that combine with them. Where a language writes without spaces, as
    Chinese does, a whole phrase counts as one.

    Examples
    --------
    >>> word_spans("Die Bank, 2 Ufer")
    [(0, 3), (4, 8), (10, 11), (12, 16)]
    """
    spans = []
    for belongs, run in groupby(range(len(text)), key=lambda i: _belongs_to_a_word(text[i])):
        positions = list(run)
        if belongs and any(text[i].isalnum() for i in positions):
            spans.append((positions[0], positions[-1] + 1))
    return spans


def shared_words(text_a: str, text_b: str) -> list[str]:
    """Return the words that two texts share, whatever their case.

    Parameters
    ----------
    text_a, text_b : str

    Returns
    -------
    list of str
        As they stand in the first text, each once, the longest first: long words say more than "the" or "die".

    Raises
    ------
    InvalidInputError
        When they share none.

    Examples
    --------
    >>> shared_words("Die Bank am Fluss", "die BANK hat zu")
    ['Bank', 'Die']
    """
    theirs = {fold(text_b[start:end]) for start, end in word_spans(text_b)}
    ours = {fold(text_a[start:end]): text_a[start:end] for start, end in reversed(word_spans(text_a))}
    shared = [ours[word] for word in reversed(ours) if word in theirs]
    if not shared:
        raise InvalidInputError("The two sentences share no word. Use one word in both, such as bank.")
    return sorted(shared, key=len, reverse=True)


def find_word(text: str, word: str) -> tuple[int, int]:
    """Return where a word stands first in a text, whatever its case.

    Raises
    ------
    InvalidInputError
        When the text does not hold it as a whole word.
    """
    for start, end in word_spans(text):
        if fold(text[start:end]) == fold(word):
            return start, end
    raise InvalidInputError(f"The word {word!r} does not stand in {text!r}. Choose a word of the sentence.")


def fold(word: str) -> str:
    """Return the form in which words are compared: without case, and with accents written one way."""
    return unicodedata.normalize("NFC", word.casefold())


def _belongs_to_a_word(char: str) -> bool:
    return char.isalnum() or unicodedata.category(char)[0] == "M" or char in _JOINERS
