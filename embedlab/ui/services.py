"""What all sessions share: uploads, models and results, each computed once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextvars import ContextVar
from typing import TYPE_CHECKING, TypeVar

import numpy as np
import psutil
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from embedlab.baselines import TFIDF
from embedlab.classification import Classification
from embedlab.clustering import Clustering
from embedlab.datasets import Corpus, DatasetStore, select_texts
from embedlab.duplicates import Duplicates
from embedlab.encoders.base import Encoder
from embedlab.errors import Cancelled
from embedlab.escape import escape_markdown
from embedlab.hub import HubModel
from embedlab.inspection import Inspection
from embedlab.inspector import Inspector
from embedlab.jobs import Job, Jobs, Task
from embedlab.lexical import LexicalIndex
from embedlab.projection import Projection
from embedlab.search import SearchIndex
from embedlab.store import EmbeddingStore
from embedlab.ui import tasks
from embedlab.ui.tasks import Embedded

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from embedlab.ui.frame import Selection

T = TypeVar("T")

STOPPED = "stopped-job"
BACKENDS = {"torch": "PyTorch", "openvino": "OpenVINO", "numpy": "NumPy", "scikit-learn": "scikit-learn"}
# From so many texts on a map takes long enough for a first picture to be worth looking at.
PREVIEWED_TEXTS = 3000
_PLACE: ContextVar[DeltaGenerator | None] = ContextVar("place", default=None)


@st.cache_resource(show_spinner=False)
def datasets() -> DatasetStore:
    """Return the uploads of this server."""
    return DatasetStore()


@st.cache_resource(show_spinner=False)
def jobs() -> Jobs:
    """Return the workers of this server."""
    return Jobs()


@st.cache_resource(show_spinner=False)
def store() -> EmbeddingStore:
    """Return the embeddings kept on disk."""
    return EmbeddingStore()


def await_task(task: Task[T]) -> T:
    """Run a task as a job, or join the running one, and show its progress until it is done.

    Any click or page switch ends the waiting, not the job; the page that asks for the same key next joins it.

    Raises
    ------
    Cancelled
        When the person has stopped this job and not asked to start it again.
    """
    if st.session_state.get(STOPPED) == task.key:
        raise Cancelled(f"{task.title}: stopped.")
    job = jobs().submit(task)
    if not job.wait(0.3):
        _show_until_done(job)
    return job.result()


def run_task(task: Task[T]) -> T:
    """Run a task as a job, or join the running one, where there is no page to show its progress on."""
    return jobs().submit(task).result()


def show_progress_in(place: DeltaGenerator) -> None:
    """Show the progress of this run's jobs in one place.

    A bar that comes and goes between the elements of a page would move those below it, and Streamlit builds an element
    anew that has moved: a map would lose its view.
    """
    _PLACE.set(place)


def _show_until_done(job: Job[T]) -> None:
    slot = (_PLACE.get() or st).empty()
    with slot.container(border=True):
        bar = st.progress(0.0, text=escape_markdown(job.title))
        st.button("Cancel", key=f"stop-{hash(job.key)}", on_click=_stop, args=(job,), icon=":material/stop:")
        while not job.wait(0.2):
            bar.progress(job.done / job.total if job.total else 0.0, text=escape_markdown(_progress_text(job)))
    slot.empty()


def _stop(job: Job[T]) -> None:
    st.session_state[STOPPED] = job.key
    job.cancel()


def start_again() -> None:
    """Let the job that was stopped be started anew."""
    st.session_state.pop(STOPPED, None)


def _progress_text(job: Job[T]) -> str:
    ahead = jobs().n_ahead(job)
    if ahead is not None:
        return f"{job.title} · waiting for a worker, {ahead} {'job' if ahead == 1 else 'jobs'} ahead"
    if not job.total or job.seconds_left is None:
        return f"{job.title} …"
    return f"{job.title} · {job.done:,} of {job.total:,} · {job.speed:,.0f} a second · {job.seconds_left:.0f} s left"


def device() -> str:
    """Return the device that models run on; finding out takes the import of torch."""
    return await_task(tasks.find_device())


def way(selection: Selection) -> str:
    """Return how the chosen model is run, in words; the processor's cores while it is not loaded."""
    if not _is_done(_loading(selection)):
        return f"{psutil.cpu_count()} cores"
    loaded = encoder(selection)
    return f"{BACKENDS[loaded.backend]}, {loaded.precision}"


def encoder(selection: Selection) -> Encoder:
    """Return the chosen model, shared by all sessions."""
    return await_task(_loading(selection))


def _loading(selection: Selection) -> Task[Encoder]:
    if selection.model == TFIDF:
        return tasks.fit_tfidf(selection.corpus)
    return tasks.load_model(selection.model)


def inspector(model: str) -> Inspector:
    """Return a model opened for looking inside, shared by all sessions."""
    return await_task(tasks.open_model(model))


def inspection(inspector: Inspector, text: str, prompt_name: str | None = None) -> Inspection:
    """Return what a model makes of one text."""
    return await_task(tasks.inspect(inspector, text, prompt_name))


def fetch_model(found: HubModel) -> None:
    """Fetch a model of the hub that the person has agreed to."""
    await_task(tasks.fetch_model(found))


@st.cache_resource(max_entries=32, show_spinner=False)
def corpus(dataset_id: str, text_column: str) -> Corpus:
    """Return the texts of one column of a dataset."""
    dataset = datasets().get(dataset_id)
    assert dataset is not None, "the frame shows only datasets that exist"
    return select_texts(dataset, text_column)


def token_counts(selection: Selection) -> NDArray[np.int64]:
    """Return the number of tokens of each chosen text before anything is cut, shape (n,)."""
    return await_task(tasks.count_tokens(selection.corpus, encoder(selection)))


def embedded(selection: Selection, prompt_name: str | None = None) -> Embedded:
    """Return the embeddings of the chosen texts with their name."""
    model = encoder(selection)
    return await_task(tasks.embed(selection.corpus, model, store(), selection.pooling_mode, prompt_name))


def embeddings(selection: Selection) -> NDArray[np.float32]:
    """Return the embeddings of the chosen texts, shape (n, d), read-only."""
    return embedded(selection).vectors


def clustering(selection: Selection, n_clusters: int | str) -> Clustering:
    """Return the KMeans clusters of the chosen texts."""
    return await_task(tasks.find_clusters(embedded(selection), n_clusters))


def classification(selection: Selection, column: str) -> Classification:
    """Return what is learned of the labels of a column from the chosen texts."""
    return await_task(tasks.learn_labels(selection.corpus, embedded(selection), column))


def embed_typed(selection: Selection, texts: Sequence[str]) -> NDArray[np.float32]:
    """Return embeddings of typed texts by the chosen model, shape (n, d)."""
    return await_task(tasks.embed_typed(encoder(selection), texts, selection.pooling_mode))


def cluster_names(selection: Selection, labels: NDArray[np.int64]) -> dict[int, str]:
    """Return the names of clusters of the chosen texts."""
    return await_task(tasks.find_names(selection.corpus, labels))


def duplicates(selection: Selection) -> Duplicates:
    """Return the pairs of the chosen texts that are alike."""
    return await_task(tasks.compare_all(selection.corpus, embedded(selection)))


def search_index(selection: Selection) -> SearchIndex:
    """Return the chosen texts, ready to be searched by meaning."""
    return await_task(tasks.index_texts(selection.corpus, searched(selection)))


def searched(selection: Selection) -> Embedded:
    """Return the embeddings that are searched, with the model's prompt for texts where it has one."""
    return embedded(selection, encoder(selection).document_prompt_name)


def lexical_index(selection: Selection) -> LexicalIndex:
    """Return the chosen texts, ready to be searched by their words."""
    return await_task(tasks.index_words(selection.corpus))


def projection(
    selection: Selection, n_components: int = 2, meanwhile: Callable[[Projection], None] | None = None
) -> Projection:
    """Return the UMAP map of the chosen texts; ``meanwhile`` draws their principal components until it is there."""
    found = embedded(selection)
    find_neighbors = tasks.find_neighbors(found)
    progress, first_picture = st.container(), st.empty()
    if meanwhile is not None and len(found.vectors) >= PREVIEWED_TEXTS and not _is_done(find_neighbors):
        jobs().submit(find_neighbors)
        with first_picture.container():
            meanwhile(await_task(tasks.draw_map(found, None, n_components, "pca")))
    with progress:
        drawn = await_task(tasks.draw_map(found, await_task(find_neighbors), n_components))
    first_picture.empty()
    return drawn


def _is_done(task: Task[T]) -> bool:
    job = jobs().find(task.key)
    return job is not None and job.is_finished and not job.has_failed
