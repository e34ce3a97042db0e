"""What all sessions share: uploads, models and results, each computed once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np
import streamlit as st

from embedlab.classification import Classification, MultiClassification
from embedlab.clustering import Clustering
from embedlab.compute import n_cores
from embedlab.datasets import Corpus, DatasetStore
from embedlab.duplicates import Duplicates
from embedlab.encoders import Encoder, HostedEncoder, TransformerEncoder, Unread
from embedlab.encoders.running import processor_words as processor_words_of
from embedlab.exports import USUAL_MAP, MapSettings
from embedlab.inspection import Inspection, Inspector
from embedlab.jobs import Task
from embedlab.limits import limits
from embedlab.models import OWN_VECTORS, TFIDF, HubModel
from embedlab.projection import UMAP_LEARN, Projection
from embedlab.search import LexicalIndex, SearchIndex
from embedlab.store import EmbeddingStore
from embedlab.ui.choices import own_vectors
from embedlab.ui.consent import Sending, sending_of
from embedlab.ui.sessions import sharing
from embedlab.ui.tasks import model_tasks, structure_tasks, text_tasks, waiting
from embedlab.ui.tasks.text_tasks import Embedded

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from embedlab.texts import Splitting
    from embedlab.ui.choices import Selection

T = TypeVar("T")

BACKENDS = {
    "torch": "PyTorch",
    "openvino": "OpenVINO",
    "numpy": "NumPy",
    "scikit-learn": "scikit-learn",
    "http": "hosted",
}
# From so many texts on a map takes long enough for a first picture to be worth looking at.
PREVIEWED_TEXTS = 3000


@st.cache_resource(show_spinner=False)
def datasets() -> DatasetStore:
    """Return the uploads of this server."""
    return DatasetStore(limits().max_datasets_mib << 20)


@st.cache_resource(show_spinner=False)
def store() -> EmbeddingStore:
    """Return the embeddings kept on disk."""
    return EmbeddingStore()


def device() -> str:
    """Return the device that models run on; finding out takes the import of torch."""
    return waiting.await_task(model_tasks.find_device())


def way(selection: Selection) -> str:
    """Return how the chosen model is run, in words; the processor's cores while it is not loaded."""
    if not is_loaded(selection):
        return f"{n_cores()} cores"
    loaded = encoder(selection)
    if isinstance(loaded, HostedEncoder):
        return f"by {loaded.model.host}"
    return f"{BACKENDS[loaded.backend]}, {loaded.precision}"


def processor() -> dict[str, float]:
    """Return what the processor gives: billion operations a second of matrix products, by precision."""
    return waiting.await_task(model_tasks.measure_processor())


def processor_words(selection: Selection) -> str | None:
    """Say what the processor gives and what the chosen model reaches, where both are known and it runs there."""
    if not waiting.is_done(model_tasks.measure_processor()) or not is_loaded(selection):
        return None
    loaded = encoder(selection)
    if not isinstance(loaded, TransformerEncoder) or loaded.device != "cpu":
        return None
    return processor_words_of(processor(), loaded.precision, loaded.reached)


def encoder(selection: Selection) -> Encoder:
    """Return the chosen model, shared by all sessions."""
    return waiting.await_task(_loading(selection))


def is_loaded(selection: Selection) -> bool:
    """Return whether the chosen model is at hand."""
    return waiting.is_done(_loading(selection))


def _loading(selection: Selection) -> Task[Encoder]:
    if selection.model == TFIDF:
        return model_tasks.fit_tfidf(selection.corpus)
    brought = own_vectors.encoder_of(selection.dataset.id) if selection.model == OWN_VECTORS else None
    if brought is not None:
        return Task(("model", OWN_VECTORS, brought.revision), "Taking your vectors", lambda report: brought)
    return model_tasks.load_model(selection.model)


def inspector(model: str) -> Inspector:
    """Return a model opened for looking inside, shared by all sessions."""
    return waiting.await_task(model_tasks.open_model(model))


def inspection(inspector: Inspector, text: str, prompt_name: str | None = None) -> Inspection:
    """Return what a model makes of one text."""
    return waiting.await_task(model_tasks.inspect(inspector, text, prompt_name))


def fetch_model(found: HubModel) -> None:
    """Fetch a model of the hub that the person has agreed to, where this server offers it."""
    sharing.policy().check_model(found.hub_id)
    waiting.await_task(model_tasks.fetch_model(found))


def passages(selection: Selection, splitting: Splitting) -> Corpus:
    """Return the texts of a selection of whole ones as passages, by the tokens of the chosen model."""
    return waiting.await_task(text_tasks.split(selection.corpus, encoder(selection), splitting))


def unread(selection: Selection) -> Unread:
    """Return what the chosen model does not read of the chosen texts, and how many tokens each has."""
    return waiting.await_task(model_tasks.look_at_unread(selection.corpus, encoder(selection)))


def embedded(selection: Selection, prompt_name: str | None = None) -> Embedded:
    """Return the embeddings of the chosen texts with their name."""
    model = encoder(selection)
    task = text_tasks.embed(selection.corpus, model, store(), selection.pooling_mode, prompt_name)
    return waiting.await_task(task, sends=_sent(selection, model, prompt_name))


def _sent(
    selection: Selection, model: Encoder, prompt_name: str | None, *typed: tuple[Sequence[str], dict[str, Any]]
) -> list[Sending]:
    """Return what embedding the chosen texts would send, and what is typed beside them: the person is asked once."""
    corpus = selection.corpus
    texts = sending_of(model, corpus.digest, (corpus.texts, {"prompt_name": prompt_name}), store=store())
    return texts + (sending_of(model, corpus.digest, *typed) if typed else [])


def embeddings(selection: Selection) -> NDArray[np.float32]:
    """Return the embeddings of the chosen texts, shape (n, d), read-only."""
    return embedded(selection).vectors


def clustering(selection: Selection, n_clusters: int | str) -> Clustering:
    """Return the KMeans clusters of the chosen texts."""
    return waiting.await_task(text_tasks.find_clusters(embedded(selection), n_clusters))


def classification(
    selection: Selection, column: str, group_column: str | None = None, near_duplicates: bool = False
) -> Classification | MultiClassification:
    """Return what is learned of the labels of a column from the chosen texts, some of them held out together."""
    found = embedded(selection)
    return waiting.await_task(text_tasks.learn_labels(selection.corpus, found, column, group_column, near_duplicates))


def embed_typed(selection: Selection, texts: Sequence[str]) -> NDArray[np.float32]:
    """Return embeddings of typed texts by the chosen model, shape (n, d)."""
    model = encoder(selection)
    sends = _sent(selection, model, None, (texts, {}))
    return waiting.await_task(text_tasks.embed_typed(model, texts, selection.pooling_mode), sends=sends)


def asked(selection: Selection, queries: Sequence[str]) -> NDArray[np.float32]:
    """Return embeddings of typed queries by the chosen model, shape (n, d)."""
    model = encoder(selection)
    sends = _sent(selection, model, model.document_prompt_name, (queries, {"prompt_name": model.query_prompt_name}))
    return waiting.await_task(text_tasks.embed_queries(model, queries, selection.pooling_mode), sends=sends)


def cluster_names(selection: Selection, labels: NDArray[np.int64]) -> dict[int, str]:
    """Return the names of clusters of the chosen texts."""
    return waiting.await_task(text_tasks.find_names(selection.corpus, labels))


def duplicates(selection: Selection, floor: float) -> Duplicates:
    """Return the pairs of the chosen texts that are alike, from a cosine of ``floor`` on."""
    return waiting.await_task(text_tasks.compare_all(selection.corpus, embedded(selection), unread(selection), floor))


def search_index(selection: Selection) -> SearchIndex:
    """Return the chosen texts, ready to be searched by meaning."""
    return waiting.await_task(text_tasks.index_texts(selection.corpus, searched(selection)))


def searched(selection: Selection) -> Embedded:
    """Return the embeddings that are searched, with the model's prompt for texts where it has one."""
    return embedded(selection, encoder(selection).document_prompt_name)


def lexical_index(selection: Selection) -> LexicalIndex:
    """Return the chosen texts, ready to be searched by their words."""
    return waiting.await_task(text_tasks.index_words(selection.corpus))


def projection(
    selection: Selection,
    layout: MapSettings = USUAL_MAP,
    meanwhile: Callable[[Projection], None] | None = None,
) -> Projection:
    """Return a map of the chosen texts, or the one brought; ``meanwhile`` draws principal components at first."""
    by_umap_learn = layout.engine == UMAP_LEARN
    if by_umap_learn:  # It gets ready while the texts are embedded.
        waiting.start(structure_tasks.prepare_umap_learn())
    found = embedded(selection)
    brought = own_vectors.map_of(selection)
    if brought is not None and layout.n_components == 2:
        return waiting.await_task(text_tasks.measure_map(found, *brought))
    labels = layout.labels(selection.corpus)
    # A map by another metric has no use for neighbours by cosine.
    find_neighbors = text_tasks.find_neighbors(found, layout.neighbors) if layout.metric == "cosine" else None
    longest: Task[Any] = find_neighbors or text_tasks.draw_map(found, None, layout, labels)
    progress, first_picture = st.container(), st.empty()
    if meanwhile is not None and len(found.vectors) >= PREVIEWED_TEXTS and not waiting.is_done(longest):
        waiting.start(longest)
        with first_picture.container():
            flat = MapSettings("pca", layout.n_components)
            meanwhile(waiting.await_task(text_tasks.draw_map(found, None, flat)))
    with progress:
        neighbors = waiting.await_task(find_neighbors) if find_neighbors else None
        if by_umap_learn:
            waiting.await_task(structure_tasks.prepare_umap_learn())
        drawn = waiting.await_task(text_tasks.draw_map(found, neighbors, layout, labels))
    first_picture.empty()
    return drawn


def known_projection(selection: Selection, layout: MapSettings) -> Projection | None:
    """Return a map of the chosen texts that has been drawn before; None where it has not."""
    task = text_tasks.draw_map(embedded(selection), None, layout)
    return waiting.await_task(task) if waiting.is_done(task) else None
