"""Vectors that came without their model: each text has the one it was given, and no other text has any."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from hashlib import blake2b
from typing import TYPE_CHECKING

import numpy as np

from embedlab.encoders.base import Encoder
from embedlab.encoders.running import check_texts
from embedlab.errors import InvalidInputError
from embedlab.models import OWN_VECTORS
from embedlab.rows import normalize_rows
from embedlab.spec import EmbeddingSpec, Variant
from embedlab.texts import texts_digest
from embedlab.validation import as_embeddings, check_same_length

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    Embeddings = NDArray[np.float32]


# How far two vectors of one text may be apart, as a share of their length: one text in two batches, or in float16.
_SAME = 1e-3


class PrecomputedEncoder(Encoder):
    """The vectors of some texts, to be used where a model is wanted.

    Parameters
    ----------
    texts : sequence of str of length n
    vectors : array-like of shape (n, d)
        Of a text that stands there several times the first counts; see ``replaced``.

    Attributes
    ----------
    digest : str
        Names the texts.
    replaced : int64 array
        Rows whose own vector is not used, because their text stands in an earlier row with another one.

    Raises
    ------
    InvalidInputError
        When the numbers of texts and vectors differ.
    """

    name = OWN_VECTORS
    backend = "numpy"
    is_worth_storing = False

    def __init__(self, texts: Sequence[str], vectors: ArrayLike) -> None:
        texts, self._vectors = check_texts(texts), as_embeddings(vectors, "vectors")
        check_same_length("texts", len(texts), "vectors", len(self._vectors))
        self._rows = {text: row for row, text in reversed(list(enumerate(texts)))}
        self.digest = texts_digest(texts)
        self.replaced = np.flatnonzero(self._differ_from_first(texts))
        digest = blake2b(self.digest.encode(), digest_size=16)
        digest.update(self._vectors.tobytes())
        self.revision = digest.hexdigest()
        self.embedding_dimension = self._vectors.shape[1]
        self.n_parameters, self.nbytes = 0, self._vectors.nbytes

    def _differ_from_first(self, texts: list[str]) -> NDArray[np.bool_]:
        """Return where the vector is another than that of the first row with the same text, rounding allowed for."""
        first = np.array([self._rows[text] for text in texts], dtype=np.int64)
        differs = np.zeros(len(texts), dtype=bool)
        again = np.flatnonzero(first != np.arange(len(texts)))
        apart = np.linalg.norm(self._vectors[again] - self._vectors[first[again]], axis=1)
        differs[again] = apart > _SAME * np.linalg.norm(self._vectors[first[again]], axis=1)
        return differs

    def count_tokens(self, texts: Sequence[str]) -> NDArray[np.int64]:
        """Count the words of each text between spaces, shape (n,); what the model made of them is not known."""
        return np.array([len(text.split()) for text in texts], dtype=np.int64)

    def _embed(
        self, texts: list[str], specs: Mapping[Variant, EmbeddingSpec], report: Callable[[int], None]
    ) -> dict[Variant, Embeddings]:
        unknown = [text for text in texts if text not in self._rows]
        if unknown:
            raise InvalidInputError(
                f"{len(unknown):,} of {len(texts):,} texts have no vector: they came without their model, so no other "
                "text can be embedded. Choose a model in the panel on the left for that."
            )
        rows = self._vectors[[self._rows[text] for text in texts]]
        report(len(texts))
        return {variant: normalize_rows(rows) if spec.normalize_embeddings else rows for variant, spec in specs.items()}
