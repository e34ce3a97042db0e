"""A word in two texts: whether they share it, and how its vectors inside a model part layer by layer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from embedlab.errors import InvalidInputError
from embedlab.similarity import paired_cosine_similarity
from embedlab.texts import fold, word_spans

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from embedlab.inspection.inspection import Inspection


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


def word_vectors(inspection: Inspection, word: str) -> NDArray[np.float32]:
    """Return a word's vector in each layer: the mean of the vectors of its pieces.

    Parameters
    ----------
    inspection : Inspection
        Of the text.
    word : str
        A whole word of the text, whatever its case; where it occurs twice, the first is taken.

    Returns
    -------
    float32 array of shape (n_layers + 1, d)

    Raises
    ------
    InvalidInputError
        When the word does not stand in the text, or was cut.
    """
    pieces = inspection.pieces_of(*find_word(inspection.text, word))
    if not pieces or any(inspection.tokens[i].is_cut for i in pieces):
        raise InvalidInputError(
            f"The model does not see the word {word!r}: it reads {inspection.max_seq_length} tokens and cuts the rest. "
            "Shorten the sentence, or choose a word further ahead."
        )
    # What is cut lies behind all that is kept, so positions are the same in both.
    return inspection.layers[:, pieces].mean(axis=1)


def word_divergence(a: Inspection, b: Inspection, word: str) -> NDArray[np.float32]:
    """Return how alike a word is in two texts, layer by layer.

    Parameters
    ----------
    a, b : Inspection
        Of two texts that hold the word, by the same model.
    word : str

    Returns
    -------
    float32 array of shape (n_layers + 1,)
        Cosine, in [-1, 1], of the word's vector in ``a`` with that in ``b``, after the look-up and after each layer.

    Raises
    ------
    InvalidInputError
        When the word is missing from a text or was cut, or the texts were read by different models.
    """
    if (a.spec.model, a.spec.revision) != (b.spec.model, b.spec.revision):
        raise InvalidInputError(f"The texts were read by {a.spec.model} and {b.spec.model}. Inspect both by one model.")
    return paired_cosine_similarity(word_vectors(a, word), word_vectors(b, word))
