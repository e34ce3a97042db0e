"""What all sessions share: uploads, models and results, each computed once."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

import numpy as np
import streamlit as st

from embedlab.clustering import Clustering, cluster
from embedlab.datasets import Corpus, DatasetStore, select_texts
from embedlab.encoder import Encoder
from embedlab.errors import Cancelled
from embedlab.jobs import Job, Jobs
from embedlab.models import load_encoder, pick_device
from embedlab.projection import Projection, project

if TYPE_CHECKING:
    from collections.abc import Hashable

    from numpy.typing import NDArray

    from embedlab.ui.frame import Selection

T = TypeVar("T")

STOPPED = "stopped-job"


@st.cache_resource(show_spinner=False)
def datasets() -> DatasetStore:
    """Return the uploads of this server."""
    return DatasetStore()


@st.cache_resource(show_spinner=False)
def jobs() -> Jobs:
    """Return the workers of this server."""
    return Jobs()


def await_result(key: Hashable, title: str, work: Callable[[Callable[[int, int], None]], T]) -> T:
    """Run a job, or join the running one, and show its progress until it is done.

    Any click or page switch ends the waiting, not the job; the page that asks for the same key next joins it.

    Raises
    ------
    Cancelled
        When the person has stopped this job and not asked to start it again.
    """
    if st.session_state.get(STOPPED) == key:
        raise Cancelled(f"{title}: stopped.")
    job = jobs().submit(key, title, work)
    if not job.wait(0.3):
        _show_until_done(job)
    return job.result()


def _show_until_done(job: Job[T]) -> None:
    slot = st.empty()
    with slot.container(border=True):
        bar = st.progress(0.0, text=job.title)
        st.button("Cancel", key=f"stop-{hash(job.key)}", on_click=_stop, args=(job,), icon=":material/stop:")
        while not job.wait(0.2):
            bar.progress(job.done / job.total if job.total else 0.0, text=_progress_text(job))
    slot.empty()


def _stop(job: Job[T]) -> None:
    st.session_state[STOPPED] = job.key
    job.cancel()


def start_again() -> None:
    """Let the job that was stopped be started anew."""
    st.session_state.pop(STOPPED, None)


def _progress_text(job: Job[T]) -> str:
    if not job.total or job.seconds_left is None:
        return f"{job.title} …"
    return f"{job.title} · {job.done:,} of {job.total:,} · {job.speed:,.0f} a second · {job.seconds_left:.0f} s left"


def device() -> str:
    """Return the device that models run on; finding out takes the import of torch."""
    return await_result("device", "Looking for a GPU", lambda report: pick_device())


def encoder(model: str) -> Encoder:
    """Return a loaded model, shared by all sessions."""
    return await_result(("model", model), f"Loading {model}", lambda report: load_encoder(model))


@st.cache_resource(max_entries=32, show_spinner=False)
def corpus(dataset_id: str, text_column: str) -> Corpus:
    """Return the texts of one column of a dataset."""
    dataset = datasets().get(dataset_id)
    assert dataset is not None, "the frame shows only datasets that exist"
    return select_texts(dataset, text_column)


def token_counts(selection: Selection) -> NDArray[np.int64]:
    """Return the number of tokens of each chosen text before anything is cut, shape (n,)."""
    texts, model = selection.corpus, encoder(selection.model)
    return await_result(
        ("tokens", texts.digest, model.name, model.revision),
        f"Counting the tokens of {len(texts.texts):,} texts",
        lambda report: model.tokenizer.count(texts.texts),
    )


def embeddings(selection: Selection, prompt_name: str | None = None) -> NDArray[np.float32]:
    """Return the embeddings of the chosen texts, shape (n, d), read-only."""
    texts, model = selection.corpus, encoder(selection.model)
    spec = model.spec(pooling_mode=selection.pooling_mode, prompt_name=prompt_name)

    def work(report: Callable[[int, int], None]) -> NDArray[np.float32]:
        encoded = model.encode(
            texts.texts, pooling_mode=selection.pooling_mode, prompt_name=prompt_name, progress=report
        )
        encoded.setflags(write=False)
        return encoded

    return await_result(("embeddings", texts.digest, spec.digest), f"Embedding {len(texts.texts):,} texts", work)


def _key(selection: Selection) -> tuple[str, str]:
    """Name the embeddings of the chosen texts: digest of the texts, digest of the way they are embedded."""
    spec = encoder(selection.model).spec(pooling_mode=selection.pooling_mode)
    return selection.corpus.digest, spec.digest


def clustering(selection: Selection, n_clusters: int | str) -> Clustering:
    """Return the KMeans clusters of the chosen texts."""
    vectors, key = embeddings(selection), _key(selection)
    title = "Trying numbers of clusters" if n_clusters == "auto" else f"Finding {n_clusters} clusters"
    return await_result(("clusters", key, n_clusters), title, lambda report: cluster(vectors, n_clusters=n_clusters))


def projection(selection: Selection, n_components: int = 2) -> Projection:
    """Return the UMAP map of the chosen texts."""
    vectors, key = embeddings(selection), _key(selection)
    return await_result(
        ("map", key, n_components),
        f"Drawing the map of {len(vectors):,} texts",
        lambda report: project(vectors, n_components=n_components),
    )
