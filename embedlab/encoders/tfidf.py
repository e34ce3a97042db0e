"""Word counts without a neural network: TF-IDF, squeezed into a few hundred dimensions."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from embedlab.compute import one_blas_thread
from embedlab.encoders.base import Encoder
from embedlab.encoders.running import Unread, check_texts
from embedlab.errors import InvalidInputError
from embedlab.rows import normalize_rows
from embedlab.spec import EmbeddingSpec, Variant
from embedlab.texts import bare_text, fold, in_pairs, texts_digest, word_spans

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Embeddings = NDArray[np.float32]

_DIMENSIONS = 256


class TfidfEncoder(Encoder):
    """Texts as weighted word counts, fitted to the texts that are looked at, with truncated SVD.

    The weight of a word is ``(1 + log of its count) * (1 + log((1 + n) / (1 + texts with the word)))``; the weights of
    a text are scaled to length 1, and the rows are projected on the largest singular directions. Two texts are alike
    when they share rare words, or words that often stand together; a paraphrase in other words is not seen.

    Parameters
    ----------
    texts : sequence of str of length n
        What words are counted in.

    Raises
    ------
    InvalidInputError
        When the texts hold fewer than two different words.

    References
    ----------
    S. Deerwester et al., "Indexing by Latent Semantic Analysis", 1990; ``sklearn.feature_extraction.text``.
    """

    name = "tf-idf"
    backend = "scikit-learn"
    is_worth_storing = False
    orders_dimensions = True  # by singular value

    @one_blas_thread
    def __init__(self, texts: Sequence[str]) -> None:
        from sklearn.decomposition import TruncatedSVD
        from sklearn.feature_extraction.text import TfidfVectorizer

        different = list(dict.fromkeys(check_texts(texts)))
        self._vectorizer = TfidfVectorizer(sublinear_tf=True, analyzer=_words)
        try:
            counts = self._vectorizer.fit_transform(different)
        except ValueError as error:
            raise InvalidInputError("The texts hold no words, so there is nothing to count.") from error
        if counts.shape[1] < 2:
            raise InvalidInputError("The texts hold one word only; TF-IDF needs two different ones at least.")
        n_components = min(_DIMENSIONS, counts.shape[1])
        self._svd = TruncatedSVD(n_components, random_state=0).fit(counts)
        # What it was fitted to decides every vector.
        self.revision = texts_digest(different)
        self.embedding_dimension = self._svd.components_.shape[0]
        self.n_parameters = self._svd.components_.size + counts.shape[1]
        self.nbytes = self._svd.components_.nbytes

    def count_tokens(self, texts: Sequence[str]) -> NDArray[np.int64]:
        """Count the words of each text, shape (n,); no text is cut."""
        return np.array([len(_words(text)) for text in texts], dtype=np.int64)

    def unread(self, texts: Sequence[str], *, prompt_name: str | None = None) -> Unread:
        """Return what is not read of texts: signs outside of words, and words of none of the texts it was fitted to."""
        known = self._vectorizer.vocabulary_
        n_tokens, n_unknown = np.zeros((2, len(texts)), dtype=np.int64)
        parts = []
        for row, text in enumerate(texts):
            words = _words(text)
            unknown = [word for word in words if word not in known]
            n_tokens[row], n_unknown[row] = len(words), len(unknown)
            edges = [0, *(place for span in word_spans(text) for place in span), len(text)]
            signs = (text[start:end] for start, end in zip(edges[::2], edges[1::2], strict=True))
            parts.append(bare_text(" ".join([*signs, *unknown])))
        return Unread.of(n_tokens, n_unknown, parts, None, 0)

    def _embed(
        self, texts: list[str], specs: Mapping[Variant, EmbeddingSpec], report: Callable[[int], None]
    ) -> dict[Variant, Embeddings]:
        if texts:
            rows = self._svd.transform(self._vectorizer.transform(texts)).astype(np.float32)
        else:
            rows = np.zeros((0, self.embedding_dimension), dtype=np.float32)
        report(len(texts))
        return {variant: normalize_rows(rows) if spec.normalize_embeddings else rows for variant, spec in specs.items()}


def _words(text: str) -> list[str]:
    return [part for start, end in word_spans(text) for part in in_pairs(fold(text[start:end]))]
