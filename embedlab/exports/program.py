"""The Python that makes a view again in a notebook."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from embedlab.datasets import Preparation
from embedlab.escape import quote_python
from embedlab.exports.settings import file_digest
from embedlab.models import TFIDF
from embedlab.models.kept import is_kept_name
from embedlab.samples import SAMPLES, sample_path
from embedlab.tables import ReadOptions

if TYPE_CHECKING:
    from embedlab.exports.settings import (
        ClusterSettings,
        EmbeddingSettings,
        MapSettings,
        SourceSettings,
        ViewSettings,
    )

_PROGRAM = """\
import embedlab as el
from embedlab.exports import cluster_table
{imports}
corpus = el.select_texts({table}, {text})  # without blank texts, which have nothing to embed
{encoder}
embeddings = el.EmbeddingStore().encode(encoder, texts, pooling_mode={pooling_mode})

neighbors = None
if len(texts) > {n_neighbors}:
    neighbors = el.neighbor_graph(embeddings, {n_neighbors}, method={neighbors})
clustering = el.cluster(embeddings, n_clusters={n_clusters}, {grouping}random_state={cluster_seed})
{naming}

projection = el.project(
    embeddings,
    {method},
    n_components={n_components},
    n_neighbors={n_neighbors},
    min_dist={min_dist},{drawing}
    random_state={map_seed},
    neighbors=neighbors,
)

table = cluster_table(corpus.frame, clustering.labels, names, projection.coordinates)
table
"""

_WHOLE = """\
texts = corpus.texts

encoder = {encoder}"""

_SPLIT = """
encoder = {encoder}
corpus = el.split_corpus(corpus, encoder{options})  # passages of long texts
texts = corpus.texts"""

_UPLOADED = """\
# This view was made with vectors or a map that somebody has brought. No program computes them:
# read them by numpy.load, and hand them to el.cluster and embedlab.exports.cluster_table.
"""


def snippet(settings: ViewSettings) -> str:
    """Return a program that makes a view again.

    Parameters
    ----------
    settings : ViewSettings

    Returns
    -------
    str
        Python that reads the file from the current folder and defines ``texts``, ``embeddings``, ``clustering``,
        ``names``, ``projection`` and ``table``; a remark where vectors or a map were brought.
    """
    if settings.is_uploaded:
        return _UPLOADED
    embedding, groups, layout = settings.embedding, settings.clusters, settings.map
    imports, table = _table(settings.source)
    if settings.source.sample is not None:
        table = f"el.sample_table({table}, {settings.source.sample})"
    return _PROGRAM.format(
        imports=imports,
        table=table,
        text=_text(settings.source.preparation),
        encoder=_encoder(settings),
        pooling_mode=quote_python(embedding.pooling_mode),
        n_clusters=quote_python(groups.n_clusters) if isinstance(groups.n_clusters, str) else groups.n_clusters,
        grouping=_grouping(groups),
        naming=_naming(groups),
        cluster_seed=groups.random_state,
        method=quote_python(layout.method),
        n_components=layout.n_components,
        n_neighbors=layout.n_neighbors,
        min_dist=layout.min_dist,
        neighbors=quote_python(layout.neighbors),
        drawing=_drawing(layout),
        map_seed=layout.random_state,
    )


def _encoder(settings: ViewSettings) -> str:
    """Return the lines that load the encoder and define the texts, which it splits where they are split."""
    embedding, splitting = settings.embedding, settings.passages
    if splitting is None:
        return _WHOLE.format(encoder=_load(embedding, "texts"))
    given = "".join(f", {name}={value}" for name, value in asdict(splitting).items() if value)
    lines = _SPLIT.format(encoder=_load(embedding, "corpus.texts"), options=given)
    # Word counts are those of the texts that are looked at.
    return lines + (f"\nencoder = {_load(embedding, 'texts')}" if embedding.model == TFIDF else "")


def _load(embedding: EmbeddingSettings, texts: str) -> str:
    """Return the call that gives the encoder; ``texts`` are those whose words it may have to count."""
    if embedding.model == TFIDF:
        return f"el.TfidfEncoder({texts})"
    precision = "" if embedding.precision == "auto" else f", precision={quote_python(embedding.precision)}"
    own = "  # your own, kept on the machine it was trained on" if is_kept_name(embedding.model) else ""
    return f"el.load_encoder({quote_python(embedding.model)}{precision}){own}"


def _text(preparation: Preparation) -> str:
    """Return the text column, or what makes the texts."""
    if preparation.is_plain:
        return quote_python(preparation.columns[0])
    columns = ", ".join(map(quote_python, preparation.columns))
    cleaning = f", {preparation.cleaning!r}" if preparation.cleaning else ""
    return f"el.Preparation(({columns},){cleaning})"


def _grouping(groups: ClusterSettings) -> str:
    """Return the arguments of another method than KMeans."""
    if groups.method == "kmeans":
        return ""
    smallest = "" if groups.min_cluster_size is None else f"min_cluster_size={groups.min_cluster_size}, "
    return f"method={quote_python(groups.method)}, {smallest}neighbors=neighbors, "


def _drawing(layout: MapSettings) -> str:
    """Return the arguments of a map that umap-learn draws, each on a line of its own."""
    given = {"engine": quote_python(layout.engine)} if layout.engine != "embedlab" else {}
    if layout.metric != "cosine":
        given["metric"] = quote_python(layout.metric)
    if layout.supervised_by is not None:
        given["labels"] = f"corpus.known_labels({quote_python(layout.supervised_by)})"
    if layout.densmap:
        given["densmap"] = "True"
    return "".join(f"\n    {name}={value}," for name, value in given.items())


def _naming(groups: ClusterSettings) -> str:
    """Return the line that names the clusters, and the changes by hand where there are any."""
    if not groups.edits:
        return "names = el.name_clusters(texts, clustering.labels)"
    lines = "".join(f"    {quote_python(edit)},\n" for edit in groups.edits)
    done = "clustering, names = el.edit_clusters(embeddings, texts, clustering, edits)"
    return f"edits = [el.Edit.parse(line) for line in [\n{lines}]]\n{done}"


def _table(source: SourceSettings) -> tuple[str, str]:
    """Return the line that imports, and the call that reads the table; samples come with the package."""
    for sample in SAMPLES.values():
        digest = file_digest(sample_path(sample.name).read_bytes())
        if source.files == {sample.file_name: digest}:
            return "from embedlab.samples import read_sample\n", f"read_sample({quote_python(sample.name)})"
    usual = ReadOptions().of_file
    given = "".join(f", {way}={value!r}" for way, value in source.options.of_file.items() if value != usual[way])
    if source.further_files:
        return "", f"el.read_tables([{', '.join(map(quote_python, source.files))}]{given})"
    return "", f"el.read_table({quote_python(source.file)}{given})"
