"""Averaged word vectors without a transformer: one fixed vector a token, distilled from a model on the spot.

Every token is put through the model alone, the vectors are turned to their principal components and weighed down the
more frequent the token is. A text is then the mean of its tokens' vectors: no context, no word order, no attention, and
hundreds of times as fast. What a transformer gives beyond this is what it costs its time for.

References
----------
S. Tulkens and T. van Dongen, "Model2Vec", 2024, for the distillation; S. Arora, Y. Liang and T. Ma, "A Simple but
Tough-to-Beat Baseline for Sentence Embeddings", ICLR 2017, for the weights ``a / (a + p)``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from embedlab.compute import one_blas_thread
from embedlab.encoders.base import Encoder
from embedlab.encoders.running import TOKENIZE_CHUNK, Unread, find_unread
from embedlab.errors import ModelLoadError
from embedlab.folders import cache_folder, computed_folder
from embedlab.rows import normalize_rows
from embedlab.spec import EmbeddingSpec, Variant

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from tokenizers import Tokenizer

    from embedlab.encoders.transformer import TransformerEncoder

    Embeddings = NDArray[np.float32]

# Part of the folder's name: raise it when a distillation would come out differently.
_SCHEME = 3
_DIMENSIONS = 256
_FREQUENCY = 1e-4  # a in a / (a + p), as in Arora et al.
# Places that vocabularies keep free: [unused0] in BERT's, <unused0> in Gemma's.
_FREE = re.compile(r"[\[<]unused_?\d+[\]>]")


class StaticEncoder(Encoder):
    """Means of fixed token vectors. Loaded from a folder that sentence-transformers reads as well.

    Parameters
    ----------
    name : str
    folder : Path
        Holds a ``StaticEmbedding``.
    """

    backend = "numpy"
    is_worth_storing = False

    def __init__(self, name: str, folder: Path) -> None:
        from safetensors.numpy import load_file
        from tokenizers import Tokenizer

        self._tokenizer: Tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokenizer.no_padding()
        self._tokenizer.no_truncation()
        vectors = load_file(folder / "model.safetensors").get("embedding.weight")
        if vectors is None:
            raise ModelLoadError(f"The file model.safetensors in {folder} holds no embedding.weight. Get it anew.")
        self._vectors: Embeddings = vectors.astype(np.float32, copy=False)
        self.name, self.folder = name, folder
        self.revision = blake2b(self._vectors.tobytes(), digest_size=16).hexdigest()
        self.embedding_dimension = self._vectors.shape[1]
        self.n_parameters, self.nbytes = self._vectors.size, self._vectors.nbytes

    def count_tokens(self, texts: Sequence[str]) -> NDArray[np.int64]:
        """Count the tokens of each text, shape (n,); no text is cut."""
        return np.array([len(ids) for ids in self._ids(list(texts))], dtype=np.int64)

    def unread(self, texts: Sequence[str], *, prompt_name: str | None = None) -> Unread:
        """Return what is not read of texts: signs the vocabulary lacks."""
        return find_unread(self._tokenizer, texts)

    def _ids(self, texts: list[str]) -> list[list[int]]:
        return [found.ids for found in self._tokenizer.encode_batch_fast(texts, add_special_tokens=False)]

    def _embed(
        self, texts: list[str], specs: Mapping[Variant, EmbeddingSpec], report: Callable[[int], None]
    ) -> dict[Variant, Embeddings]:
        means = np.zeros((len(texts), self.embedding_dimension), dtype=np.float32)
        for start in range(0, len(texts), TOKENIZE_CHUNK):
            ids = self._ids(texts[start : start + TOKENIZE_CHUNK])
            lengths = np.array([len(row) for row in ids])
            # A text of which nothing is known stays at zero; an empty stretch would confuse `reduceat`.
            known = np.flatnonzero(lengths)
            if len(known):
                edges = np.concatenate([[0], lengths[known].cumsum()[:-1]])
                sums = np.add.reduceat(self._vectors[np.concatenate([ids[row] for row in known])], edges, axis=0)
                means[start + known] = sums / lengths[known, None]
            report(start + len(ids))
        unit = normalize_rows(means)
        return {variant: unit if spec.normalize_embeddings else means for variant, spec in specs.items()}


def distill(load: Callable[[], TransformerEncoder], revision: str) -> Path:
    """Return the folder with the static token vectors of a model, made now where they are not kept yet.

    Parameters
    ----------
    load : callable
        Loads the teacher; called where the vectors are not kept yet.
    revision : str
        What names its weights.

    Returns
    -------
    Path
        Loaded by ``SentenceTransformer`` and by :class:`StaticEncoder`.

    Raises
    ------
    ModelLoadError
        When there is no room for the files.
    """
    try:
        return computed_folder(revision, f"static-{_DIMENSIONS}-{_SCHEME}", lambda folder: _write(load(), folder))
    except OSError as error:
        raise ModelLoadError(
            f"The word vectors could not be written to {cache_folder()}: {error.strerror or error}. Make room there, "
            "or set EMBEDLAB_CACHE to a folder that can be written to."
        ) from error


@one_blas_thread
def _write(teacher: TransformerEncoder, folder: Path) -> None:
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import StaticEmbedding
    from sklearn.decomposition import PCA

    # Neither cuts nor pads: some files ask for a fixed length, whose padding would be taken for a part of every text.
    tokenizer, vectors = teacher.tokenizer.uncut(), teacher.vocabulary_vectors()
    if vectors.shape[1] > _DIMENSIONS and len(vectors) > _DIMENSIONS:
        vectors = PCA(_DIMENSIONS, random_state=0).fit_transform(vectors)
    static = StaticEmbedding(tokenizer, (vectors * _weights(tokenizer, len(vectors))[:, None]).astype(np.float32))
    SentenceTransformer(modules=[static], device="cpu").save_pretrained(str(folder), create_model_card=False)


def _weights(tokenizer: Tokenizer, n_tokens: int) -> NDArray[np.float64]:
    """Return the weight of each token, the smaller the more frequent it is."""
    special = {number for number, token in tokenizer.get_added_tokens_decoder().items() if token.special}
    names = [tokenizer.id_to_token(number) for number in range(n_tokens)]
    in_texts = np.array([n not in special and not _FREE.fullmatch(name or "") for n, name in enumerate(names)])
    # Vocabularies are sorted by frequency, more or less, and frequencies follow Zipf's law: 1 / rank. BERT's begin with
    # 999 tokens that stand in no text: counted in, words as common as "the" would seem rare.
    shares = 1 / (1 + in_texts.cumsum())
    return _FREQUENCY / (_FREQUENCY + shares / shares[in_texts].sum())
