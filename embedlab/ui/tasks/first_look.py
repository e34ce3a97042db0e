"""The first look: what word vectors make of the texts, to be seen while the model still reads them.

Word vectors distilled from a model read thousands of texts in the time it takes to read one batch. What they make of
them is rough: it is marked wherever it is shown, and is part of no result, no file and no link.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from embedlab.clustering import Clustering, describe, kmeans
from embedlab.duplicates import DuplicateGroups, equal_texts
from embedlab.jobs import Task
from embedlab.models import STATIC_PREFIX, is_transformer
from embedlab.naming import name_clusters
from embedlab.neighbors import nearest_neighbors
from embedlab.projection import Projection, project
from embedlab.rows import normalize_rows, sample_positions
from embedlab.similarity import different_rows
from embedlab.ui.choices import own_vectors
from embedlab.ui.tasks import model_tasks, services, text_tasks, waiting
from embedlab.ui.tasks.structure_tasks import Choice, Found
from embedlab.ui.tasks.text_tasks import Embedded

if TYPE_CHECKING:
    from collections.abc import Sequence

    from embedlab.ui.choices import Selection

FIRST_LOOK = "first look"
"""What stands for the method of a map that is one."""

# Fewer texts the model has read in a few seconds itself.
LEAST_TEXTS = 1_000
# So many texts are laid out, and so many grouped; the others go where the most similar of those are.
LAID_OUT, GROUPED = 10_000, 3_000
# Of so many texts it is asked whether the model has read them already.
_ASKED = 1_000
_MOST_GROUPS = 50


def stand_in(selection: Selection, prompt_name: str | None = None, *, is_open: bool = False) -> Selection | None:
    """Return the selection with the word vectors of its model in the model's place, while that has much to read.

    None where the model has read the texts or will have in a few seconds, and where its word vectors are not at hand:
    making them takes longer than the first look spares. A hosted model has none.

    Parameters
    ----------
    selection : Selection
    prompt_name : str, optional
        The prompt before the texts.
    is_open : bool, default=False
        The page shows the first look already: it stays until all that takes its place is there.
    """
    loading = model_tasks.load_model(f"{STATIC_PREFIX}{selection.model}")
    if not is_transformer(selection.model) or not waiting.is_done(loading) or own_vectors.map_of(selection) is not None:
        return None
    if not is_open and not _has_much_to_read(selection, prompt_name):
        return None
    words = waiting.await_task(loading)
    return replace(selection, model=words.name, pooling_mode=words.pooling_mode)


def _has_much_to_read(selection: Selection, prompt_name: str | None) -> bool:
    texts, encoder, store = selection.corpus.texts, services.encoder(selection), services.store()
    # A graphics card reads texts as fast as word vectors are looked up.
    if len(texts) < LEAST_TEXTS or encoder.device == "cuda":
        return False
    if waiting.is_done(text_tasks.embed(selection.corpus, encoder, store, selection.pooling_mode, prompt_name)):
        return False
    spec = encoder.spec(pooling_mode=selection.pooling_mode, prompt_name=prompt_name)
    asked = sample_positions(len(texts), _ASKED, random_state=0).tolist()
    missing = store.missing(spec, [texts[row] for row in asked])
    return len(missing) / len(asked) * len(texts) >= LEAST_TEXTS


def groups_and_map(look: Selection, choice: Choice, n_components: int) -> tuple[Found, Projection]:
    """Return rough groups of the texts with names, and a rough map, found side by side."""
    embedded = services.embedded(look)
    grouping, drawing = group(look.corpus.texts, embedded, choice.n_clusters), lay_out(embedded, n_components)
    waiting.start(grouping)
    projection = waiting.await_task(drawing)
    clustering, names = waiting.await_task(grouping)
    return Found(clustering, names, choice), projection


def rough_map(look: Selection) -> Projection:
    """Return a rough map of the texts."""
    return waiting.await_task(lay_out(services.embedded(look), 2))


def lay_out(embedded: Embedded, n_components: int) -> Task[Projection]:
    """Draw a rough map: up to ``LAID_OUT`` texts are laid out, each other lies where the most similar of them does."""
    vectors = embedded.vectors

    def work(report: text_tasks.Report) -> Projection:
        seen = sample_positions(len(vectors), LAID_OUT, random_state=0)
        drawn = project(vectors[seen], n_components=n_components, progress=report).coordinates
        if len(seen) < len(vectors):
            drawn = drawn[nearest_neighbors(vectors[seen], 1, queries=vectors)[0][:, 0]]
        # How far it can be trusted by the model nobody knows yet.
        return Projection(drawn, {}, FIRST_LOOK)

    key = "first-map", embedded.key, n_components
    return Task(key, f"Taking a first look at {len(vectors):,} texts", work, is_short=True)


def group(texts: Sequence[str], embedded: Embedded, n_clusters: int | str) -> Task[tuple[Clustering, dict[int, str]]]:
    """Find rough groups with names: centres of ``GROUPED`` texts, and every text goes to the nearest.

    Without a number there are half as many as the square root of the number of texts, at most 50: to try several
    numbers takes longer than all the rest.
    """
    vectors = embedded.vectors

    def work(report: text_tasks.Report) -> tuple[Clustering, dict[int, str]]:
        unit, seen = normalize_rows(vectors), sample_positions(len(vectors), GROUPED, random_state=0)
        sample = unit[seen]
        wanted = min(_MOST_GROUPS, round(len(vectors) ** 0.5 / 2)) if isinstance(n_clusters, str) else n_clusters
        known, centers = kmeans(sample, min(wanted, len(different_rows(sample)[0])), random_state=0)
        labels = nearest_neighbors(centers, 1, queries=unit)[0][:, 0]
        labels[seen] = known  # so that none is empty, and what is named are these groups
        return describe(unit, labels), name_clusters([texts[row] for row in seen.tolist()], known)

    return Task(("first-groups", embedded.key, n_clusters), "Grouping the texts roughly", work, is_short=True)


def equal(look: Selection, fold: bool) -> DuplicateGroups:
    """Return the groups of equal texts. They need no vectors, have none, and stay what they are."""
    corpus = look.corpus

    def work(report: text_tasks.Report) -> DuplicateGroups:
        return equal_texts(corpus.texts, np.zeros((len(corpus.texts), 1), dtype=np.float32), fold=fold)

    title = f"Comparing {len(corpus.texts):,} texts letter by letter"
    return waiting.await_task(Task(("equal texts", corpus.digest, fold), title, work, is_short=True))
