"""Which words of a text carry a match: token against token, by the cosines of their vectors."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from embedlab.encoders import TransformerEncoder
from embedlab.errors import InvalidInputError
from embedlab.similarity import cosine_similarity
from embedlab.texts import IS_UNSPACED, is_blank, word_spans

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from embedlab.encoders import Encoder, TokenVectors

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class MatchedWord:
    """A word of a text with the word of the query it is nearest to.

    Parameters
    ----------
    start, end : int
        Where it stands in the text.
    query_word : str
        The word of the query.
    score : float
        Cosine of their nearest tokens, in [-1, 1].
    """

    start: int
    end: int
    query_word: str
    score: float


@dataclass(frozen=True, eq=False)
class TokenMatch:
    """A query held against a text, token by token. Made by :func:`match_tokens`.

    Parameters
    ----------
    query, text : str
    query_spans, text_spans : tuple of (int, int)
        Where the m tokens of the query and the t tokens of the text begin and end. Only tokens with a letter or a
        digit count, as in ColBERT: signs would match signs.
    similarity : float32 array of shape (m, t)
        Cosines of their vectors in the last layer, in [-1, 1].

    Examples
    --------
    >>> match = TokenMatch("red cat", "a cat", ((0, 3), (4, 7)), ((0, 1), (2, 5)), np.array([[0.2, 0.3], [0.1, 0.9]]))
    >>> [(match.text[word.start : word.end], word.query_word, word.score) for word in match.words()]
    [('a', 'red', 0.2), ('cat', 'cat', 0.9)]
    >>> match.maxsim  # (0.3 + 0.9) / 2
    0.6
    """

    query: str
    text: str
    query_spans: tuple[Span, ...]
    text_spans: tuple[Span, ...]
    similarity: NDArray[np.float32]

    @property
    def query_tokens(self) -> list[str]:
        """The m tokens of the query, as they stand in it."""
        return [self.query[start:end] for start, end in self.query_spans]

    @property
    def text_tokens(self) -> list[str]:
        """The t tokens of the text, as they stand in it."""
        return [self.text[start:end] for start, end in self.text_spans]

    @property
    def best(self) -> NDArray[np.int64]:
        """For each token of the text, the position of the nearest token of the query, shape (t,)."""
        return self.similarity.argmax(axis=0)

    @property
    def scores(self) -> NDArray[np.float32]:
        """For each token of the text, its cosine with the nearest token of the query, shape (t,), in [-1, 1]."""
        return self.similarity.max(axis=0)

    @property
    def maxsim(self) -> float:
        """Mean over the tokens of the query of the cosine with the nearest token of the text, in [-1, 1]."""
        return float(self.similarity.max(axis=1).mean())

    def words(self) -> list[MatchedWord]:
        """Put the tokens of the text together to words.

        Returns
        -------
        list of MatchedWord
            In the order of the text; a word has the score of its nearest token. In scripts without spaces between
            words each token stands for itself. Words the model does not read, beyond its limit, are left out.
        """
        query_words = _word_of_each(self.query, self.query_spans)
        best, scores = self.best, self.scores
        nearest: dict[Span, int] = {}
        for token, word in enumerate(_word_of_each(self.text, self.text_spans)):
            if word not in nearest or scores[token] > scores[nearest[word]]:
                nearest[word] = token
        found = []
        for (start, end), token in nearest.items():
            first, last = query_words[best[token]]
            found.append(MatchedWord(start, end, self.query[first:last], float(scores[token])))
        return found


def match_tokens(encoder: Encoder, query: str, text: str) -> TokenMatch:
    """Hold each token of a query against each token of a text.

    Parameters
    ----------
    encoder : Encoder
        A transformer; its prompts for queries and for texts are put before them and left out of the result.
    query, text : str

    Returns
    -------
    TokenMatch

    Raises
    ------
    InvalidInputError
        When the encoder has no token vectors, or the query or text is blank or holds no letter or digit.

    Notes
    -----
    That each token looks for its nearest one is the "MaxSim" of late interaction. A model trained for one vector a text
    was not trained for this: small words match small words well, and what is high differs from model to model, so
    compare the words of one text with each other.

    References
    ----------
    O. Khattab and M. Zaharia, "ColBERT: Efficient and Effective Passage Search via Contextualized Late Interaction over
    BERT", SIGIR 2020, section 3.3.
    """
    if not isinstance(encoder, TransformerEncoder):
        raise InvalidInputError(
            f"{encoder.name} has no token vectors in context, so no token carries the match. Choose a transformer."
        )
    for name, given in (("query", query), ("text", text)):
        if is_blank(given):
            raise InvalidInputError(f"The {name} is blank; there is no token to match. Give one with words.")
    asked = _with_letters(query, encoder.token_vectors(query, prompt_name=encoder.query_prompt_name))
    found = _with_letters(text, encoder.token_vectors(text, prompt_name=encoder.document_prompt_name))
    for name, tokens in (("query", asked), ("text", found)):
        if not tokens.spans:
            raise InvalidInputError(f"The {name} holds no letter or digit the model reads. Give one with words.")
    similarity = cosine_similarity(asked.vectors, found.vectors)
    return TokenMatch(query, text, asked.spans, found.spans, similarity)


def _with_letters(text: str, tokens: TokenVectors) -> TokenVectors:
    """Leave out the tokens that are signs alone."""
    kept = [i for i, (start, end) in enumerate(tokens.spans) if any(char.isalnum() for char in text[start:end])]
    return tokens._replace(spans=tuple(tokens.spans[i] for i in kept), vectors=tokens.vectors[kept])


def _word_of_each(text: str, spans: tuple[Span, ...]) -> list[Span]:
    """Return the word each token is part of; where a script has no spaces, the token itself."""
    whole = [(start, end) for start, end in word_spans(text) if not IS_UNSPACED.search(text, start, end)]
    return [next((word for word in whole if word[0] < end and start < word[1]), (start, end)) for start, end in spans]
