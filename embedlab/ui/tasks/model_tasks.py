"""What is done with models, each as a task; see :mod:`embedlab.ui.tasks.text_tasks`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from embedlab.datasets import Corpus
from embedlab.device import pick_device
from embedlab.encoders import Encoder, TfidfEncoder, Unread, load_encoder
from embedlab.encoders.running import product_speeds
from embedlab.inspection import Inspection, Inspector, load_inspector
from embedlab.jobs import Task
from embedlab.models import TFIDF, HubModel, hub, model_stamp

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

MEGABYTE = 1_000_000
FEW_TO_COUNT = 20_000
"""Texts up to which words or tokens are counted in a second or two."""


def find_device() -> Task[str]:
    """Find the device that models run on."""
    return Task("device", "Looking for a GPU", lambda report: pick_device())


def measure_processor() -> Task[dict[str, float]]:
    """Measure what the processor gives, about a second."""
    return Task("processor", "Measuring the processor", lambda report: product_speeds(), is_short=True)


def load_model(model: str, precision: str = "auto") -> Task[Encoder]:
    """Load a model that is on this machine, to be shared by all sessions."""
    return Task(
        ("model", model, model_stamp(model), precision),
        f"Loading {model}",
        lambda report: load_encoder(model, precision=precision, may_fetch=False),
    )


def fit_tfidf(corpus: Corpus) -> Task[Encoder]:
    """Count the words of texts, for the encoder that needs no model."""
    return Task(
        ("model", TFIDF, corpus.digest),
        f"Counting the words of {len(corpus.texts):,} texts",
        lambda report: TfidfEncoder(corpus.texts),
        is_short=len(corpus.texts) <= FEW_TO_COUNT,
    )


def fetch_model(found: HubModel) -> Task[Path]:
    """Fetch a model that the person has agreed to; its progress counts megabytes."""
    return Task(
        ("fetch", found.hub_id, found.revision),
        f"Fetching {found.hub_id} (in MB)",
        lambda report: hub.fetch(found, lambda done, total: report(done // MEGABYTE, total // MEGABYTE)),
    )


def open_model(model: str) -> Task[Inspector]:
    """Load a model to look inside it, to be shared by all sessions."""
    key = "inspector", model, model_stamp(model)
    return Task(key, f"Opening {model}", lambda report: load_inspector(model, may_fetch=False))


def inspect(inspector: Inspector, text: str, prompt_name: str | None) -> Task[Inspection]:
    """Run one text through an opened model."""
    return Task(
        ("inspection", inspector.name, inspector.revision, text, prompt_name),
        "Looking inside",
        lambda report: inspector.inspect(text, prompt_name),
        is_short=True,
    )


def look_at_unread(corpus: Corpus, encoder: Encoder, places: NDArray[np.int64] | None = None) -> Task[Unread]:
    """Count the tokens of each text, or of those at some places, and find what is not read."""
    n_texts = len(corpus.texts) if places is None else len(places)
    return Task(
        ("unread", corpus.digest, encoder.name, encoder.revision, None if places is None else places.tobytes()),
        f"Counting the tokens of {n_texts:,} texts",
        lambda report: encoder.unread(
            corpus.texts if places is None else [corpus.texts[place] for place in places.tolist()]
        ),
        is_short=n_texts <= FEW_TO_COUNT,
    )
