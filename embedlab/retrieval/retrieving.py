"""From a question to a prompt in one go, out of the local index or out of a collection of a vector store."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from embedlab.errors import InvalidInputError
from embedlab.retrieval.counting import ESTIMATE, TokenCounter
from embedlab.retrieval.passages import Passage, PassageIndex, reranked
from embedlab.retrieval.prompts import Prompt, build_prompt
from embedlab.retrieval.ways import Way
from embedlab.search import LexicalIndex, SearchIndex
from embedlab.stores import Collection

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

    from embedlab.datasets import Corpus
    from embedlab.encoders import Encoder
    from embedlab.reranking import Reranker
    from embedlab.spec import EmbeddingSpec
    from embedlab.store import EmbeddingStore
    from embedlab.stores import Match


def retrieve(
    question: str,
    source: PassageIndex | Collection,
    way: Way | None = None,
    *,
    encoder: Encoder | None = None,
    reranker: Reranker | None = None,
    where: Mapping[str, Any] | None = None,
    counter: TokenCounter = ESTIMATE,
) -> Prompt:
    """Return what a language model would be given to answer a question from.

    Parameters
    ----------
    question : str
    source : PassageIndex or Collection
        What is searched: passages here, or a collection of :func:`embedlab.stores.open_store`.
    way : Way, optional
        Five passages by meaning when not given. Its ``splitting`` is that of the source, whatever it says.
    encoder : Encoder, optional
        Embeds the question; by words alone none is needed.
    reranker : Reranker, optional
        Where the way names one.
    where : mapping, optional
        A condition on the metadata of a collection.
    counter : TokenCounter, optional
        An estimate when not given.

    Raises
    ------
    InvalidInputError
        For a blank question, when something is missing, or the way cannot be gone with this source.
    SpecError
        When a collection holds the embeddings of another model.

    Examples
    --------
    >>> from embedlab.search import LexicalIndex
    >>> from embedlab.retrieval.passages import whole_texts
    >>> texts = ["The harbour opens at nine.", "Boats are late today."]
    >>> index = PassageIndex(whole_texts(texts), ["1", "2"], words=LexicalIndex(texts))
    >>> prompt = retrieve("When does the harbour open?", index, Way(by="words", top_k=1))
    >>> [each.passage.text for each in prompt.placed]
    ['The harbour opens at nine.']
    """
    way = Way() if way is None else way
    vector = np.zeros(1, dtype=np.float32)
    spec = None
    if way.by != "words":
        if encoder is None:
            raise InvalidInputError("To search by meaning, the question has to be embedded. Give the encoder.")
        prompt_name = encoder.query_prompt_name
        variant = way.candidate.variant_of(encoder)
        ways = way.candidate.options(prompt_name)
        vector = encoder.encode_variants([question], [variant], **ways)[variant][0]
        # A collection holds texts, which have a prompt of their own.
        spec = way.candidate.spec(encoder, encoder.document_prompt_name)
    if isinstance(source, Collection):
        passages = find_in_collection(source, vector, way, where=where, spec=spec)
    elif where is not None:
        raise InvalidInputError("A condition is one on the metadata of a collection. Here is none: leave it out.")
    else:
        passages = source.find(question, vector, way)
    return build_prompt(question, reranked(question, passages, way, reranker), way, counter)


def index_corpus(
    corpus: Corpus,
    way: Way,
    encoder: Encoder,
    store: EmbeddingStore | None = None,
    *,
    progress: Callable[[int, int], None] | None = None,
) -> PassageIndex:
    """Make the texts of a corpus, whole or split, ready to be searched as a way wants it.

    Parameters
    ----------
    corpus : Corpus
    way : Way
    encoder : Encoder
        That of its candidate.
    store : EmbeddingStore, optional
        Where embeddings are kept.
    progress : callable, optional
        Called as ``progress(done, total)`` in texts.
    """
    meaning, words = None, None
    if way.by != "words":
        variant, ways = way.candidate.variant_of(encoder), way.candidate.options(encoder.document_prompt_name)
        if store is None:
            found = encoder.encode_variants(corpus.texts, [variant], progress=progress, **ways)
        else:
            found = store.encode_variants(encoder, corpus.texts, [variant], progress=progress, **ways)
        meaning = SearchIndex(corpus.texts, found[variant])
    if way.by != "meaning":
        words = LexicalIndex(corpus.texts)
    return PassageIndex.of(corpus, meaning, words)


def find_in_collection(
    collection: Collection,
    embedding: ArrayLike,
    way: Way,
    *,
    where: Mapping[str, Any] | None = None,
    spec: EmbeddingSpec | None = None,
) -> list[Passage]:
    """Return the passages of a collection that are nearest to a question, best first, as many as ``way.n_found``.

    Parameters
    ----------
    collection : Collection
    embedding : array-like of shape (d,)
        Of the question.
    way : Way
    where : mapping, optional
        A condition on the metadata.
    spec : EmbeddingSpec, optional
        How texts are embedded by the model of the question: those of the collection have to be.

    Raises
    ------
    InvalidInputError
        For a way by words: a store keeps vectors, and its words are not counted.
    SpecError
        When the collection holds the embeddings of another model.
    """
    if way.by != "meaning":
        raise InvalidInputError(
            f"{collection.name} is a collection of vectors, which is searched by meaning. Search by words where its "
            "texts are loaded as a table."
        )
    (found,) = collection.query(np.asarray(embedding)[None], way.n_found, where, spec=spec)
    return [_passage(match) for match in found]


def _passage(match: Match) -> Passage:
    """Return a row of a collection; a passage says in its metadata where it is from, as split texts are written."""
    document, start = str(match.metadata.get("document", match.id)), _whole(match.metadata.get("start"), 0)
    end = _whole(match.metadata.get("end"), start + len(match.document))
    return Passage(match.document, document, start, end, match.score, f"row {match.id}")


def _whole(value: object, otherwise: int) -> int:
    return int(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else otherwise
