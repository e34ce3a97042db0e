"""What the app computes, each as a task: a key, words for the person who waits, and the work itself.

Nothing here needs a page: the warm-up of the server does the same tasks before the first page is opened.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from embedlab.classification import Classification, MultiClassification, classify, held_together, what_is_shared
from embedlab.clustering import Clustering, cluster
from embedlab.datasets import Corpus
from embedlab.device import SHORT_REQUEST
from embedlab.duplicates import Duplicates, find_duplicates
from embedlab.encoders import Encoder, Unread, split_corpus
from embedlab.exports import UPLOADED, USUAL_MAP, MapSettings
from embedlab.jobs import Report, Task
from embedlab.naming import name_clusters
from embedlab.neighbors import NeighborGraph, neighbor_graph
from embedlab.projection import UMAP_LEARN, Projection, project, trustworthiness
from embedlab.search import By, FusedHit, LexicalIndex, SearchIndex, TokenMatch, match_tokens, search_by
from embedlab.store import EmbeddingStore
from embedlab.texts import Splitting, texts_digest

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

FEW_TEXTS = 2000
"""Texts up to which all but embedding them is done in a few seconds."""

N_NEIGHBORS = 15
"""Neighbours of each text that are found; a map uses one less, since UMAP counts the text itself."""


@dataclass(frozen=True, eq=False)
class Embedded:
    """The embeddings of some texts.

    Parameters
    ----------
    vectors : float32 array of shape (n, d), read-only
    key : tuple of str
        Names them: digest of the texts, digest of the way they were embedded.
    queries : float32 array of shape (m, d), optional
        Embeddings of what is looked for among them.
    """

    vectors: NDArray[np.float32]
    key: tuple[str, str]
    queries: NDArray[np.float32] | None = None


def split(corpus: Corpus, encoder: Encoder, splitting: Splitting) -> Task[Corpus]:
    """Split texts into passages that a model reads whole."""
    return Task(
        ("passages", corpus.digest, corpus.meanings.key, encoder.name, encoder.revision, splitting),
        f"Splitting {len(corpus.texts):,} texts into passages",
        lambda report: split_corpus(corpus, encoder, **asdict(splitting), progress=report),
        is_short=len(corpus.texts) <= FEW_TEXTS,
    )


def embed(
    corpus: Corpus, encoder: Encoder, store: EmbeddingStore, pooling_mode: str, prompt_name: str | None = None
) -> Task[Embedded]:
    """Embed the texts that are not in the store."""
    key = corpus.digest, encoder.spec(pooling_mode=pooling_mode, prompt_name=prompt_name).digest

    def work(report: Report) -> Embedded:
        vectors = store.encode(
            encoder, corpus.texts, pooling_mode=pooling_mode, prompt_name=prompt_name, progress=report
        )
        vectors.setflags(write=False)
        return Embedded(vectors, key)

    return Task(("embeddings", key), f"Embedding {len(corpus.texts):,} texts", work)


def find_clusters(embedded: Embedded, n_clusters: int | str) -> Task[Clustering]:
    """Find KMeans clusters, trying several numbers of them for ``"auto"``."""
    title = "Trying numbers of clusters" if n_clusters == "auto" else f"Finding {n_clusters} clusters"
    return Task(
        ("clusters", embedded.key, n_clusters),
        title,
        lambda report: cluster(embedded.vectors, n_clusters=n_clusters, progress=report),
        is_short=len(embedded.vectors) <= FEW_TEXTS,
    )


def learn_labels(
    corpus: Corpus, embedded: Embedded, column: str, group_column: str | None = None, near_duplicates: bool = False
) -> Task[Classification | MultiClassification]:
    """Learn the labels of a column; progress counts the models that are fitted.

    The passages of a document share its label and know of each other.
    """
    labels = corpus.known_labels(column)
    groups: NDArray[Any] | None = None if group_column is None else corpus.labels(group_column)
    if corpus.document is not None:
        groups = held_together(corpus.document, groups)

    def work(report: Report) -> Classification | MultiClassification:
        shared = what_is_shared(corpus.texts, groups, near_duplicates=near_duplicates)
        return classify(embedded.vectors, labels, groups=shared, progress=report)

    ties = None if groups is None else texts_digest(list(map(str, groups))), near_duplicates
    key = "classification", embedded.key, texts_digest(list(map(repr, labels))), ties
    return Task(key, f"Learning the labels of {len(labels):,} texts", work)


def embed_typed(encoder: Encoder, texts: Sequence[str], pooling_mode: str) -> Task[NDArray[np.float32]]:
    """Embed texts that were typed, as those of a corpus are."""
    return Task(
        ("typed", encoder.spec(pooling_mode=pooling_mode).digest, texts_digest(texts)),
        f"Embedding {len(texts):,} texts",
        lambda report: encoder.encode(texts, pooling_mode=pooling_mode, progress=report),
        is_short=len(texts) <= SHORT_REQUEST,
    )


def embed_queries(encoder: Encoder, queries: Sequence[str], pooling_mode: str) -> Task[NDArray[np.float32]]:
    """Embed what is looked for."""
    spec = encoder.spec(pooling_mode=pooling_mode, prompt_name=encoder.query_prompt_name)
    return Task(
        ("asked", spec.digest, texts_digest(queries)),
        f"Embedding {len(queries):,} {'query' if len(queries) == 1 else 'queries'}",
        lambda report: encoder.encode_query(queries, pooling_mode=pooling_mode, progress=report),
        is_short=len(queries) <= SHORT_REQUEST,
    )


def find_names(corpus: Corpus, labels: NDArray[np.int64]) -> Task[dict[int, str]]:
    """Name clusters."""
    key = "names", corpus.digest, labels.tobytes()
    few = len(labels) <= FEW_TEXTS
    return Task(key, "Naming the clusters", lambda report: name_clusters(corpus.texts, labels), is_short=few)


def find_neighbors(embedded: Embedded, method: str = "auto") -> Task[NeighborGraph | None]:
    """Find the neighbours of each text, once for everything that needs them; None for fewer texts than neighbours."""
    vectors = embedded.vectors

    def work(report: Report) -> NeighborGraph | None:
        if len(vectors) <= N_NEIGHBORS:
            return None
        return neighbor_graph(vectors, N_NEIGHBORS, method=method, progress=report)

    title = f"Finding the neighbours of {len(vectors):,} texts"
    return Task(("neighbors", embedded.key, method), title, work, is_short=len(vectors) <= FEW_TEXTS)


def compare_all(corpus: Corpus, embedded: Embedded, unread: Unread, floor: float) -> Task[Duplicates]:
    """Find the pairs of texts that are alike, once for all thresholds from ``floor`` on."""
    return Task(
        ("duplicates", embedded.key, floor),
        f"Comparing {len(corpus.texts):,} texts (in pairs)",
        lambda report: find_duplicates(
            corpus.texts, embedded.vectors, floor, unread=unread.parts, passages=corpus.passages, progress=report
        ),
    )


def draw_map(
    embedded: Embedded,
    neighbors: NeighborGraph | None,
    layout: MapSettings = USUAL_MAP,
    labels: NDArray[np.object_] | None = None,
) -> Task[Projection]:
    """Lay embeddings out on a map; ``labels`` are what a supervised one is told."""
    told = None if labels is None else texts_digest(list(map(str, labels)))
    return Task(
        ("map", embedded.key, layout, told),
        f"Drawing the map of {len(embedded.vectors):,} texts",
        lambda report: project(embedded.vectors, **layout.options, labels=labels, neighbors=neighbors, progress=report),
        is_short=len(embedded.vectors) <= FEW_TEXTS and layout.engine != UMAP_LEARN,
    )


def measure_map(embedded: Embedded, digest: str, coordinates: NDArray[np.float32]) -> Task[Projection]:
    """Measure how far a map that somebody has brought can be trusted."""
    return Task(
        ("map", embedded.key, digest),
        "Measuring your map",
        lambda report: Projection(coordinates, trustworthiness(embedded.vectors, coordinates), UPLOADED),
    )


def index_texts(corpus: Corpus, embedded: Embedded) -> Task[SearchIndex]:
    """Make texts ready to be searched."""
    return Task(
        ("index", embedded.key),
        f"Preparing {len(corpus.texts):,} texts for search",
        lambda report: SearchIndex(corpus.texts, embedded.vectors),
        is_short=len(corpus.texts) <= FEW_TEXTS,
    )


def index_words(corpus: Corpus) -> Task[LexicalIndex]:
    """Make texts ready to be searched by their words."""
    return Task(
        ("words", corpus.digest),
        f"Counting the words of {len(corpus.texts):,} texts",
        lambda report: LexicalIndex(corpus.texts, progress=report),
        is_short=len(corpus.texts) <= FEW_TEXTS,
    )


def match(encoder: Encoder, query: str, text: str) -> Task[TokenMatch]:
    """Hold the words of a query against those of a text."""
    key = "match", encoder.name, encoder.revision, encoder.precision, query, text
    return Task(key, "Matching the words", lambda report: match_tokens(encoder, query, text), is_short=True)


def search_many(
    corpus: Corpus,
    by: By,
    words: LexicalIndex | None,
    meaning: SearchIndex | None,
    queries: Sequence[str],
    asked: NDArray[np.float32],
    embedded: Embedded,
    *,
    top_k: int,
    weight: float,
    rows: NDArray[np.int64] | None,
    min_score: float | None,
) -> Task[list[list[FusedHit]]]:
    """Search for several queries, whose embeddings are ``asked``."""
    among = None if rows is None else rows.tobytes()
    key = "many", by, embedded.key, texts_digest(queries), top_k, weight, among, min_score

    def work(report: Report) -> list[list[FusedHit]]:
        found = []
        for query, vector in zip(queries, asked, strict=True):
            hits = search_by(
                by, words, meaning, query, vector, top_k,
                weight=weight, rows=rows, documents=corpus.document, min_score=min_score,
            )  # fmt: skip
            found.append(hits)
            report(len(found), len(queries))
        return found

    return Task(key, f"Searching for {len(queries):,} queries", work)
