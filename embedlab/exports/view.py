"""A view of a table, its clusters on a map, and the way back to it from its settings."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from embedlab.clustering import Clustering, cluster
from embedlab.datasets import Corpus, Dataset, Preparation, read_files, select_texts
from embedlab.encoders import Encoder, TfidfEncoder, load_encoder, split_corpus
from embedlab.errors import InvalidInputError
from embedlab.exports.settings import EmbeddingSettings, SourceSettings, ViewSettings, file_digest
from embedlab.exports.tables import cluster_table
from embedlab.models import TFIDF
from embedlab.naming import Edit, edit_clusters
from embedlab.neighbors import neighbor_graph
from embedlab.projection import Projection, project
from embedlab.store import EmbeddingStore
from embedlab.tables import sample_table

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray


@dataclass(frozen=True, eq=False)
class View:
    """What a page shows of a table.

    Parameters
    ----------
    settings : ViewSettings
        What it was made by.
    corpus : Corpus
        The n texts.
    embeddings : float32 array of shape (n, d)
    clustering : Clustering
    names : dict of int to str
        Names of the clusters.
    projection : Projection
    """

    settings: ViewSettings
    corpus: Corpus
    embeddings: NDArray[np.float32]
    clustering: Clustering
    names: dict[int, str]
    projection: Projection

    def table(self) -> pd.DataFrame:
        """Return the table with cluster, name and map coordinates; see :func:`embedlab.exports.cluster_table`."""
        return cluster_table(self.corpus.frame, self.clustering.labels, self.names, self.projection.coordinates)


def describe_source(dataset: Dataset, text: str | Preparation, label_column: str | None) -> SourceSettings:
    """Return which table is meant, how it was read, and what makes its texts."""
    preparation = Preparation.of(text)
    text_column, *further = preparation.columns
    (file, digest), *others = dataset.digests.items()
    return SourceSettings(
        file,
        digest,
        text_column,
        label_column,
        dataset.options,
        further_columns=tuple(further),
        cleaning=preparation.cleaning,
        sample=None if dataset.whole is None else len(dataset.table.frame),
        further_files=tuple(name for name, _ in others),
        further_sha256=tuple(digest for _, digest in others),
    )


def describe_embeddings(model: str, encoder: Encoder, pooling_mode: str, precision: str = "auto") -> EmbeddingSettings:
    """Return how texts become embeddings; ``model`` is the name that was asked for."""
    arithmetic = f"{encoder.precision} by {encoder.backend}"
    return EmbeddingSettings(model, encoder.revision, pooling_mode, precision, arithmetic)


def replay(
    settings: ViewSettings,
    content: bytes | Sequence[bytes],
    *,
    anyway: bool = False,
    store: EmbeddingStore | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> View:
    """Make a view again from its settings.

    Parameters
    ----------
    settings : ViewSettings
    content : bytes or sequence of bytes
        The file with the table, or the files in any order.
    anyway : bool, default=False
        Go on where the file or the weights of the model are other ones.
    store : EmbeddingStore, optional
        Where embeddings are looked up and kept.
    progress : callable, optional
        Called with the texts embedded and all texts.

    Returns
    -------
    View
        Bit for bit the one the settings come from where its embeddings are in the store, or the machine, its packages
        and the texts are the same. Other arithmetic changes last digits, by which a map can turn out another.

    Raises
    ------
    InvalidInputError
        When the file or the weights are not those of the settings, or a step is not known here.
    TableError, ModelLoadError
        When the file or the model cannot be read.
    """
    _check_steps(settings)
    corpus = _open(settings.source, content, anyway)
    encoder = _load(settings.embedding, corpus, anyway)
    if settings.passages is not None:
        corpus = split_corpus(corpus, encoder, **asdict(settings.passages))
        # Word counts are those of the texts that are looked at.
        encoder = TfidfEncoder(corpus.texts) if settings.embedding.model == TFIDF else encoder
    pooling_mode = settings.embedding.pooling_mode
    if store is None:
        vectors = encoder.encode(corpus.texts, pooling_mode=pooling_mode, progress=progress)
    else:
        vectors = store.encode(encoder, corpus.texts, pooling_mode=pooling_mode, progress=progress)
    groups, layout = settings.clusters, settings.map
    # Of repeated texts a map sees other neighbours where it looks for them itself: found first, as the app does.
    neighbors = neighbor_graph(vectors, layout.n_neighbors) if len(vectors) > layout.n_neighbors else None
    clustering = cluster(
        vectors,
        groups.n_clusters,
        method=groups.method,
        min_cluster_size=groups.min_cluster_size,
        random_state=groups.random_state,
        neighbors=neighbors,
    )
    clustering, names = edit_clusters(vectors, corpus.texts, clustering, [Edit.parse(line) for line in groups.edits])
    projection = project(vectors, **layout.options, labels=layout.labels(corpus), neighbors=neighbors)
    return View(settings, corpus, vectors, clustering, names, projection)


def _check_steps(settings: ViewSettings) -> None:
    if settings.is_uploaded:
        raise InvalidInputError(
            "The settings ask for vectors or a map that somebody has brought, which are not in them. Bring these again "
            "on the Data page, or choose a model and a map that can be computed."
        )


def _open(source: SourceSettings, content: bytes | Sequence[bytes], anyway: bool) -> Corpus:
    given = [content] if isinstance(content, bytes) else list(content)
    table = read_files(_match(source, given, anyway), source.options)
    if source.sample is not None:
        table = sample_table(table, source.sample)
    return select_texts(table, source.preparation)


def _match(source: SourceSettings, given: list[bytes], anyway: bool) -> list[tuple[str, bytes]]:
    """Return the files of the settings, found by their digests; if need be those that are given, in their order."""
    by_digest = {file_digest(content): content for content in given}
    if len(given) != len(source.files):
        raise InvalidInputError(
            f"The settings are of {len(source.files):,} files ({', '.join(source.files)}), given are {len(given):,}. "
            "Give each of them."
        )
    if by_digest.keys() == set(source.files.values()):
        return [(name, by_digest[digest]) for name, digest in source.files.items()]
    if not anyway:
        name, digest = next((name, digest) for name, digest in source.files.items() if digest not in by_digest)
        others = ", ".join(f"{found[:12]}…" for found in by_digest)
        raise InvalidInputError(
            f"This is not the {name} of the settings: its SHA-256 is {others}, not {digest[:12]}…. Give that file, or "
            "go on with this one by --anyway (anyway=True)."
        )
    return list(zip(source.files, given, strict=True))


def _load(wanted: EmbeddingSettings, corpus: Corpus, anyway: bool) -> Encoder:
    if wanted.model == TFIDF:
        return TfidfEncoder(corpus.texts)
    encoder = load_encoder(wanted.model, precision=wanted.precision)
    if encoder.revision != wanted.revision and not anyway:
        raise InvalidInputError(
            f"The weights of {wanted.model} here are {encoder.revision[:12]}…, those of the settings "
            f"{wanted.revision[:12]}…. Get these weights, or go on with those by --anyway (anyway=True)."
        )
    return encoder
