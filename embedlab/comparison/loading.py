"""From candidates to models, each loaded once, and to embeddings, in as few passes as can be."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from embedlab.comparison.candidates import Candidate
from embedlab.comparison.compressing import as_compared
from embedlab.compression import fit_compression
from embedlab.errors import InvalidInputError
from embedlab.models import TFIDF

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from embedlab.compression import FittedCompression
    from embedlab.encoders import Encoder, Progress
    from embedlab.gold import Gold
    from embedlab.store import EmbeddingStore

    Embeddings = NDArray[np.float32]

Load = Callable[[Candidate], "Encoder"]


def with_defaults(candidates: Sequence[Candidate]) -> list[Candidate]:
    """Return the candidates, the full vectors of each and each model as trained among them: what a choice costs.

    Raises
    ------
    InvalidInputError
        Without candidates.
    """
    if not candidates:
        raise InvalidInputError("There is nothing to compare. Add a candidate.")
    full = [candidate.full for candidate in candidates]
    return list(dict.fromkeys([*candidates, *full, *(candidate.as_trained() for candidate in candidates)]))


def resolve(candidates: Sequence[Candidate], load: Load) -> list[Candidate]:
    """Return the different candidates with their poolings named, each model as trained among them.

    Raises
    ------
    InvalidInputError
        Without candidates, or when a model cannot do what one asks for.
    """
    every = list(dict.fromkeys(each.of(load(each)) for each in with_defaults(candidates)))
    for each in every:
        each.spec(load(each))
    return every


def grouped(candidates: Sequence[Candidate]) -> list[list[Candidate]]:
    """Return the candidates that one pass through a model serves, together; of these, those of the same vectors."""
    places = {full: place for place, full in enumerate(dict.fromkeys(each.full for each in candidates))}
    groups: dict[Candidate, list[Candidate]] = {}
    for candidate in sorted(candidates, key=lambda each: places[each.full]):
        groups.setdefault(candidate.shared, []).append(candidate)
    return list(groups.values())


def largest(candidates: Sequence[Candidate], load: Load) -> Candidate:
    """Return the candidate with the most weights that is used as it was trained."""
    trained = [each for each in candidates if each == each.as_trained().of(load(each))]
    return max(trained, key=lambda each: load(each).n_parameters)


def load_candidate(candidate: Candidate, texts: Sequence[str]) -> Encoder:
    """Load the model of a candidate; TF-IDF is fitted to the texts that are looked at."""
    from embedlab.encoders import TfidfEncoder, load_encoder

    if candidate.model == TFIDF:
        return TfidfEncoder(texts)
    return load_encoder(candidate.model, precision=candidate.precision)


def remembering(texts: Sequence[str], load: Load | None = None) -> Load:
    """Return a loader that asks for each model once; TF-IDF is fitted to the texts, whoever loads the others."""
    loaded: dict[Candidate, Encoder] = {}

    def remember(candidate: Candidate) -> Encoder:
        model = candidate.as_trained()
        if model not in loaded:
            asked = load if candidate.model != TFIDF else None
            loaded[model] = asked(candidate) if asked else load_candidate(candidate, texts)
        return loaded[model]

    return remember


def embed(
    gold: Gold, candidate: Candidate, encoder: Encoder, store: EmbeddingStore, progress: Progress | None = None
) -> tuple[Embeddings, Embeddings | None]:
    """Return the vectors of texts and of queries as a candidate compares them; full embeddings are in the store then.

    Compressed ones are decoded: what their codes stand for.
    """
    (found,) = embed_group(gold, [candidate], encoder, store, progress)
    return found.compared(candidate)


def embed_asked(gold: Gold, candidate: Candidate, encoder: Encoder, store: EmbeddingStore, query: str) -> Embeddings:
    """Return the vector of one more query as a candidate compares it with the texts, shape (1, d)."""
    variant = candidate.variant_of(encoder)
    asked = encoder.encode_variants([query], [variant], **candidate.options(encoder.query_prompt_name))[variant]
    if candidate.compression.is_full:
        return asked
    (found,) = embed_group(gold, [candidate], encoder, store, None)
    return found.fit(candidate).as_queries(asked)


@dataclass(frozen=True, eq=False)
class Embedded:
    """Full embeddings of texts, of queries where there are any, and of the texts that something is fitted to."""

    texts: Embeddings
    queries: Embeddings | None
    apart: Embeddings

    def compared(self, candidate: Candidate) -> tuple[Embeddings, Embeddings | None]:
        """Return the vectors of texts and queries as a candidate compares them: what codes stand for."""
        if candidate.compression.is_full:
            return self.texts, self.queries
        return as_compared(self.fit(candidate), self.texts, self.queries)

    def fit(self, candidate: Candidate) -> FittedCompression:
        """Fit the compression of a candidate to the texts set apart."""
        rows = self.apart if candidate.compression.is_fitted else self.texts[:1]
        return fit_compression(candidate.compression, rows, normalize_embeddings=candidate.normalize_embeddings)


def lists_to_embed(gold: Gold, candidate: Candidate, encoder: Encoder) -> list[tuple[list[str], dict[str, Any]]]:
    """Return the texts that a pass embeds, and the queries where there are any, each with how they are embedded."""
    texts = [*gold.texts, *gold.apart]
    if not gold.queries:
        return [(texts, candidate.options())]
    queries = list(gold.queries), candidate.options(encoder.query_prompt_name)
    return [(texts, candidate.options(encoder.document_prompt_name)), queries]


def embed_group(
    gold: Gold, group: Sequence[Candidate], encoder: Encoder, store: EmbeddingStore, progress: Progress | None
) -> list[Embedded]:
    """Return the full embeddings for candidates that one pass serves."""
    variants = list(dict.fromkeys(candidate.variant_of(encoder) for candidate in group))
    n = len(gold.texts)
    (texts, ways), *asked = lists_to_embed(gold, group[0], encoder)
    found = store.encode_variants(encoder, texts, variants, progress=progress, **ways)
    queries = [store.encode_variants(encoder, texts, variants, **ways) for texts, ways in asked]
    return [
        Embedded(found[way][:n], queries[0][way] if queries else None, found[way][n:])
        for way in (candidate.variant_of(encoder) for candidate in group)
    ]
